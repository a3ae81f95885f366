/** What was begun in one browser gives another one nothing but the account behind the mailbox. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { type App, registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  confirmByLink,
  newPerson,
  openLink,
  openSignUp,
  type Person,
  readCode,
  readLink,
  signUp,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { pathOf } from './answers.ts';

const APP_NAME = 'The shop that waits';
const CHANGED = 'another lake, at dusk';

let cloud: TestCloud;
let app: App;
beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud, { metadata: { client_name: APP_NAME } });
});
afterAll(() => cloud?.close());

describe('a link that is opened in another browser', () => {
  it('creates the account, and neither names nor answers the app that waits', async () => {
    const waiting = createAgent(cloud.issuer);
    const person = newPerson();
    await beginSignUp(waiting, person);
    const other = createAgent(cloud.issuer);
    const page = await other.get(await readLink(cloud, person.email, '/verify'));
    expect(page.body).not.toContain(APP_NAME);
    const before = await grants();
    expectAtAccount(await confirmByLink(cloud, other, person));
    expect(await grants()).toBe(before);
    const { answer } = await authorize(cloud, waiting, app, { prompt: 'none' });
    expect(answer.leadsTo?.searchParams.get('error')).toBe('login_required');
  });

  it('sets the new password, and neither names nor answers the app that waits', async () => {
    const { person } = await plantSignedIn(cloud);
    const waiting = createAgent(cloud.issuer);
    await beginRecovery(waiting, person);
    const other = createAgent(cloud.issuer);
    const page = await other.get(await readLink(cloud, person.email, '/recover/reset'));
    expect(page.body).not.toContain(APP_NAME);
    const before = await grants();
    expectAtAccount(await other.submit(page, '/recover/reset', { password: CHANGED }));
    expect(await grants()).toBe(before);
    const { answer } = await authorize(cloud, waiting, app, { prompt: 'none' });
    expect(answer.leadsTo?.searchParams.get('error')).toBe('login_required');
  });

  it('does answer the app in the browser in which it was begun', async () => {
    const waiting = createAgent(cloud.issuer);
    const person = newPerson();
    await beginSignUp(waiting, person);
    requireCode(await confirmByLink(cloud, waiting, person));

    const forgetful = createAgent(cloud.issuer);
    await beginRecovery(forgetful, person);
    const page = await forgetful.get(await readLink(cloud, person.email, '/recover/reset'));
    expect(page.body).toContain(APP_NAME);
    requireCode(await forgetful.submit(page, '/recover/reset', { password: CHANGED }));
  });
});

describe('the address of a page that asks for a code', () => {
  it('shows nothing in another browser, which learns neither address nor app', async () => {
    const person = newPerson();
    const pages = [
      await beginSignUp(createAgent(cloud.issuer), person),
      await beginRecovery(createAgent(cloud.issuer), person),
    ];
    expect(pages.map(pathOf)).toEqual(['/verify', '/recover/reset']);
    for (const page of pages) {
      const seen = await createAgent(cloud.issuer).get(page.url);
      expectExpired(seen);
      expect(seen.body).not.toContain(person.email);
      expect(seen.body).not.toContain(APP_NAME);
    }
  });

  it('lets another browser neither confirm, reset nor ask for another code', async () => {
    const { person } = await plantSignedIn(cloud);
    const newcomer = newPerson();
    const verify = await beginSignUp(createAgent(cloud.issuer), newcomer);
    const reset = await beginRecovery(createAgent(cloud.issuer), person);
    await cloud.advance(31);
    const code = await readCode(cloud, newcomer.email);
    const resetCode = await readCode(cloud, person.email);
    const mails = cloud.inbox().length;

    // Forms of its own, with the state of the others.
    const other = createAgent(cloud.issuer);
    const ownVerify = await beginSignUp(other, newPerson());
    const ownReset = await askRecovery(other, newPerson().email);
    const sent = cloud.inbox().length - mails;
    const state = stateOf(verify);
    expectExpired(await other.submit(ownVerify, '/verify', { state, code }));
    expectExpired(await other.submit(ownVerify, '/verify/resend', { state }));
    const fields = { state: stateOf(reset), code: resetCode, password: CHANGED };
    expectExpired(await other.submit(ownReset, '/recover/reset', fields));
    expectExpired(await other.submit(ownReset, '/recover/resend', { state: stateOf(reset) }));
    expect(cloud.inbox()).toHaveLength(mails + sent);
    expect(other.cookies.has('session')).toBe(false);
  });

  it('cannot be used for the other purpose', async () => {
    const agent = createAgent(cloud.issuer);
    const state = stateOf(await beginSignUp(agent, newPerson()));
    expectExpired(await agent.get(`/recover/reset?state=${state}`));
  });
});

/** From an app's request to the page that asks for the code. */
async function beginSignUp(agent: Agent, person: Person): Promise<Answer> {
  const { answer } = await authorize(cloud, agent, app);
  return signUp(agent, await openSignUp(agent, answer), person);
}

async function beginRecovery(agent: Agent, { email }: Pick<Person, 'email'>): Promise<Answer> {
  const { answer } = await authorize(cloud, agent, app);
  return agent.submit(await openLink(agent, answer, '/recover'), '/recover', { email });
}

function stateOf(page: Answer): string {
  return new URL(page.url).searchParams.get('state') ?? '';
}

function expectAtAccount(answer: Answer): void {
  expect([pathOf(answer), answer.status, answer.leadsTo]).toEqual(['/account', 200, undefined]);
}

function expectExpired(answer: Answer): void {
  expect([answer.status, answer.document.querySelector('h1')?.text]).toEqual([
    400,
    'This page has expired',
  ]);
}

async function grants(): Promise<number> {
  const items = await cloud.items('data');
  return items.filter(({ sk }) => String(sk).startsWith('GRANT#')).length;
}
