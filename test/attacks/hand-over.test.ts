/** Hand-overs that are not what they should be: each has one outcome, and none signs anybody in. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pathOf } from '../flows/answers.ts';
import {
  asksPassword,
  cellOf,
  headingOf,
  plantResident,
  requireUrl,
  typedAddress,
} from '../flows/residents.ts';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { type App, registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, type Person, signIn } from '../harness/journeys.ts';

let cloud: TestCloud;
let app: App;
let person: Person;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
  app = await registerApp(cloud);
  ({ person } = await plantResident(cloud, 'eu'));
}, 120_000);
afterAll(() => cloud?.close());
beforeEach(() => cloud.setEntry('us'));

/** From us to eu, with an app waiting; not followed yet. */
async function obtainHandOver(
  agent: Agent = createAgent(cloud),
): Promise<{ agent: Agent; url: URL }> {
  const { answer } = await authorize(cloud, agent, app);
  const { email } = person;
  const leading = await agent.submit(answer, '/sign-in/identifier', { email }, { follow: false });
  if (leading.leadsTo?.pathname !== '/hand-over') throw new Error('nobody was handed over');
  return { agent, url: leading.leadsTo };
}

function changed(url: URL, change: (token: string) => string): URL {
  const altered = new URL(url);
  altered.searchParams.set('token', change(url.searchParams.get('token') ?? ''));
  return altered;
}

/** Refused, with a way on that leads to a page of ours. */
async function expectEnded(agent: Agent, answer: Answer): Promise<Answer> {
  expect([answer.status, headingOf(answer)]).toEqual([400, 'Please start again']);
  expect(answer.body).not.toContain(person.email);
  const way = answer.document.querySelector('main a')?.getAttribute('href') ?? '';
  const next = await agent.get(new URL(way, answer.url));
  expect(next.status).toBe(200);
  return next;
}

describe('a hand-over', () => {
  it('is good once', async () => {
    const { agent, url } = await obtainHandOver();
    const first = await agent.get(url);
    expect([pathOf(first), typedAddress(first)]).toEqual(['/sign-in', person.email]);
    const next = await expectEnded(agent, await agent.get(url));
    // The request is still known: the way on leads back to the app.
    const home = asksPassword(next)
      ? next
      : await agent.submit(next, '/sign-in/identifier', { email: person.email });
    requireCode(await signIn(agent, home, person));
  });

  it('is taken once when it comes twice at the same instant', async () => {
    const { agent, url } = await obtainHandOver();
    const cookie = agent.cookies.get('handover') ?? '';
    const visitors = Array.from({ length: 5 }, () => {
      const visitor = createAgent(cloud);
      visitor.cookies.set('handover', cookie);
      return visitor;
    });
    const answers = await Promise.all(visitors.map((visitor) => visitor.get(url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
  });

  it('is over after a minute', async () => {
    const { agent, url } = await obtainHandOver();
    await cloud.advance(61);
    await expectEnded(agent, await agent.get(url));
  });

  it('is nothing in another browser, and remains good in its own', async () => {
    const { agent, url } = await obtainHandOver();
    const other = createAgent(cloud);
    await expectEnded(other, await other.get(url));
    const second = await obtainHandOver();
    await expectEnded(second.agent, await second.agent.get(url));
    expect(typedAddress(await agent.get(url))).toBe(person.email);
  });

  it.each([
    ['with a changed letter', (token: string) => `${token.slice(0, -2)}AA`],
    ['cut short', (token: string) => token.slice(0, -30)],
    ['with nothing but its tag', () => 'eu.'],
    ['of nobody', () => 'eu.abc.def'],
    ['without a tag', (token: string) => token.slice(3)],
    ['that is empty', () => ''],
    ['of a cell that does not exist', (token: string) => `mars.${token.slice(3)}`],
    ['that is far too long', (token: string) => `eu.${token.repeat(20).slice(0, 9000)}`],
  ])('%s is refused', async (_, change) => {
    const { agent, url } = await obtainHandOver();
    const answer = await agent.get(changed(url, change));
    await expectEnded(agent, answer);
  });

  it('with another cell’s tag is refused there', async () => {
    const { agent, url } = await obtainHandOver();
    const answer = await agent.get(changed(url, (token) => `us.${token.slice(3)}`));
    expect(cellOf(cloud, answer)).toBe('us');
    await expectEnded(agent, answer);
  });

  it.each(['issuer', 'us', 'ap'])('that reaches %s is led to its cell', async (host) => {
    const { agent, url } = await obtainHandOver();
    const base = host === 'issuer' ? cloud.issuer : requireUrl(cloud, host);
    const answer = await agent.get(new URL(`${url.pathname}${url.search}`, base));
    expect([cellOf(cloud, answer), typedAddress(answer)]).toEqual(['eu', person.email]);
  });

  it('of another purpose is none', async () => {
    const agent = createAgent(cloud);
    const { answer } = await authorize(cloud, agent, app);
    const request = new URL(answer.url).searchParams.get('request') ?? '';
    const url = new URL('/hand-over', cloud.cellUrls['us']);
    url.searchParams.set('token', `us.${request}`);
    await expectEnded(agent, await agent.get(url));
  });

  it('waits out a busy table', async () => {
    const { agent, url } = await obtainHandOver();
    cloud.fault({ service: 'dynamodb', operation: 'PutItem', kind: 'throttle', times: 20 });
    const busy = await agent.get(url);
    cloud.clearFaults();
    expect(busy.status).toBe(503);
    const way = busy.document.querySelector('main a')?.getAttribute('href') ?? '';
    expect(typedAddress(await agent.get(new URL(way, busy.url)))).toBe(person.email);
  });

  it('stores nothing of whom it is about', async () => {
    const { agent, url } = await obtainHandOver();
    await agent.get(url);
    for (const cell of ['eu', 'us', 'ap']) {
      const items = (await cloud.items('data', cell)).filter(({ pk }) =>
        JSON.stringify(pk).includes('HANDOVER#'),
      );
      for (const item of items) {
        expect(Object.keys(item).sort()).toEqual(['attempt', 'expiresAt', 'pk', 'sk', 'v']);
      }
      expect(items.length > 0).toBe(cell === 'eu');
    }
  });

  it('shows its address in no log', () => {
    expect(JSON.stringify(cloud.logs())).not.toContain(person.email);
  });
});
