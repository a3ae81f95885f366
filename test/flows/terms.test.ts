/** Terms of use: asked for where there are any, and kept with the account that accepted them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  confirmByCode,
  newPerson,
  openSignUp,
  type Person,
  signUp,
} from '../harness/journeys.ts';
import { pathOf } from './answers.ts';

const OURS = 'https://house.example/terms';
const THEIRS = 'https://shop.example/terms';

async function signUpPage(cloud: TestCloud, agent: Agent, tosUri?: string): Promise<Answer> {
  const metadata = tosUri === undefined ? {} : { tos_uri: tosUri };
  const app = await registerApp(cloud, { metadata });
  return openSignUp(agent, (await authorize(cloud, agent, app)).answer);
}

function termsLinkOf({ document }: Answer): string | undefined {
  return document.querySelector('label[for=terms] a')?.getAttribute('href');
}

/** What the account that comes of it keeps. */
async function acceptedBy(cloud: TestCloud, agent: Agent, page: Answer): Promise<unknown> {
  const known = new Set((await accounts(cloud)).map(({ pk }) => pk));
  const person: Person = newPerson();
  await confirmByCode(cloud, agent, await signUp(agent, page, person), person);
  const created = (await accounts(cloud)).filter(({ pk }) => !known.has(pk));
  expect(created).toHaveLength(1);
  return created[0]?.['terms'];
}

async function accounts(cloud: TestCloud): Promise<ReadonlyArray<Record<string, unknown>>> {
  return (await cloud.items('data')).filter(({ sk }) => sk === 'ACCOUNT');
}

describe('without terms of our own', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
  });
  afterAll(() => cloud?.close());

  it('asks nothing and keeps nothing for an app that has none', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await signUpPage(cloud, agent);
    expect(page.document.querySelector('[name=terms]')).toBeNull();
    expect(await acceptedBy(cloud, agent, page)).toBeUndefined();
  });

  it('asks to accept those of the app, and keeps which and when', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await signUpPage(cloud, agent, THEIRS);
    expect(termsLinkOf(page)).toBe(THEIRS);
    const { email, password } = newPerson();
    const refused = await agent.submit(page, '/sign-up', { email, password });
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('accept the terms');
    expect(termsLinkOf(refused)).toBe(THEIRS);
    const now = Math.floor(Date.now() / 1000);
    const terms = await acceptedBy(cloud, agent, refused);
    expect(terms).toEqual({ url: THEIRS, acceptedAt: expect.any(Number) });
    expect(Math.abs(Object(terms).acceptedAt - now)).toBeLessThan(60);
  });

  it('shows those of the demo apps', async () => {
    const seeded = cloud.cloud.seed().clients.filter(({ appUrl }) => appUrl !== undefined);
    expect(seeded.map(({ client }) => client['tos_uri'])).toEqual(
      seeded.map(({ appUrl }) => `${appUrl}/terms`),
    );
  });
});

describe('with terms of our own', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud({ parameters: { TermsUrl: OURS } });
  });
  afterAll(() => cloud?.close());

  it('asks for these, whatever the app has', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await signUpPage(cloud, agent, THEIRS);
    expect(termsLinkOf(page)).toBe(OURS);
    expect(await acceptedBy(cloud, agent, page)).toMatchObject({ url: OURS });
  });

  it('asks for these without an app', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-up');
    expect(termsLinkOf(page)).toBe(OURS);
    const { email, password } = newPerson();
    expect(pathOf(await agent.submit(page, '/sign-up', { email, password }))).toBe('/sign-up');
  });
});
