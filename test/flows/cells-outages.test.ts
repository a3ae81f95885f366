/** A region fails: who notices, what they are told, and that they go on when it is back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CELL_FAILURES } from '../../local/cell-states.ts';
import { type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  introspect,
  type JsonAnswer,
  redeem,
  refresh,
  registerApp,
  requireCode,
  requireText,
  revoke,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  confirmByCode,
  newPerson,
  obtainCode,
  obtainTokens,
  readLink,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { alertOf, pathOf } from './answers.ts';
import {
  cellOf,
  headingOf,
  identify,
  openSignUpAt,
  plantResident,
  type Resident,
  requireUrl,
  typedAddress,
} from './residents.ts';

let cloud: TestCloud;
let app: App;
let residents: Readonly<Record<'eu' | 'us' | 'ap', Resident>>;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
  app = await registerApp(cloud);
  await cloud.flushReplication();
  const [eu, us, ap] = [await resident('eu'), await resident('us'), await resident('ap')];
  residents = { eu, us, ap };
});
afterAll(() => cloud?.close());
afterEach(async () => {
  for (const cell of ['eu', 'us', 'ap']) await cloud.setCell(cell, 'up');
  await cloud.advance(16);
});

const resident = (cell: string) => plantResident(cloud, cell);

/** In a browser that nobody has used, as the app starts it. */
async function signInAnew(person: Resident['person']): Promise<string> {
  const agent = createAgent(cloud);
  const { attempt, answer } = await authorize(cloud, agent, app);
  const code = requireCode(await signIn(agent, answer, person));
  return requireText(await redeem(cloud, attempt, code), 'refresh_token');
}

async function signUpAt(cell: string): Promise<Answer> {
  const agent = createAgent(cloud);
  const person = newPerson();
  const form = await openSignUpAt(cloud, agent, cell);
  return confirmByCode(cloud, agent, await signUp(agent, form, person), person);
}

function expectAway(page: Answer, at: string): void {
  expect([page.status, cellOf(cloud, page)]).toEqual([503, at]);
  expect(headingOf(page)).toBe('One of our regions does not answer');
  expect(page.document.querySelector('main')?.text).toContain('Nothing is lost');
  expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
}

function expectBusy({ status, headers, json }: JsonAnswer): void {
  expect([status, json['error']]).toEqual([503, 'temporarily_unavailable']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

describe.each(CELL_FAILURES)('while ap is down (%s)', (failure) => {
  it('everybody else signs in, refreshes and signs up', async () => {
    await cloud.setCell('ap', 'down', failure);
    // The issuer's name leads to another region by itself.
    cloud.setEntry('ap');
    for (const home of ['eu', 'us'] as const) {
      const refreshToken = await signInAnew(residents[home].person);
      expect((await refresh(cloud, app, refreshToken)).status).toBe(200);
    }
    expect(pathOf(await signUpAt('us'))).toBe('/account');
  });

  it('its residents are told so on every page, and their apps by every endpoint', async () => {
    const { agent, person } = residents.ap;
    const tokens = await obtainTokens(cloud, agent, app);
    const { attempt, code } = await obtainCode(cloud, agent, app);
    const [access, renewable] = ['access_token', 'refresh_token'].map((kind) =>
      requireText(tokens, kind),
    );
    if (access === undefined || renewable === undefined) throw new Error('no tokens');
    await cloud.setCell('ap', 'down', failure);
    await cloud.advance(16);
    cloud.setEntry('us');

    const stranger = createAgent(cloud);
    const { attempt: second, answer: entry } = await authorize(cloud, stranger, app);
    const away = await identify(stranger, entry, person.email);
    expectAway(away, 'us');
    const answers = await Promise.all([
      redeem(cloud, attempt, code),
      refresh(cloud, app, renewable),
      userinfo(cloud, access),
      introspect(cloud, app, renewable),
      revoke(cloud, app, renewable),
    ]);
    for (const answer of answers) expectBusy(answer);

    await cloud.setCell('ap', 'up');
    await cloud.advance(16);
    expect((await redeem(cloud, attempt, code)).status).toBe(200);
    expect((await refresh(cloud, app, renewable)).status).toBe(200);
    const way = away.document.querySelector('main a')?.getAttribute('href') ?? '';
    const again = await stranger.get(new URL(way, away.url));
    expect(typedAddress(again)).toBe(person.email);
    const done = await signIn(stranger, again, person);
    expect((await redeem(cloud, second, requireCode(done))).status).toBe(200);
  });

  it('the account of somebody who is at home there is away, and not asked to sign in elsewhere', async () => {
    const { agent } = residents.ap;
    cloud.setEntry('us');
    await cloud.setCell('ap', 'down', failure);
    await cloud.advance(16);
    const page = await agent.get(`${cloud.issuer}/account`);
    expect([page.status, headingOf(page)]).toEqual([503, 'One of our regions does not answer']);
    await cloud.setCell('ap', 'up');
    await cloud.advance(16);
    const account = await agent.get(`${cloud.issuer}/account`);
    expect([account.status, cellOf(cloud, account), pathOf(account)]).toEqual([
      200,
      'ap',
      '/account',
    ]);
  });

  it('a browser that belongs there is served where it stands, and led home later', async () => {
    const { agent, person } = residents.ap;
    cloud.setEntry('us');
    await cloud.setCell('ap', 'down', failure);
    await cloud.advance(16);
    const { answer } = await authorize(cloud, agent, app);
    expect([cellOf(cloud, answer), pathOf(answer), answer.status]).toEqual(['us', '/sign-in', 200]);
    expectAway(await identify(agent, answer, person.email), 'us');
    await cloud.setCell('ap', 'up');
    await cloud.advance(16);
    requireCode((await authorize(cloud, agent, app)).answer);
  });
});

describe('while the primary region is down', () => {
  it('residents of the others sign in and refresh', async () => {
    const renewable = requireText(
      await obtainTokens(cloud, residents.us.agent, app),
      'refresh_token',
    );
    await cloud.setCell('eu', 'down');
    await cloud.advance(16);
    for (const home of ['us', 'ap'] as const) {
      for (const entry of ['us', 'ap']) {
        cloud.setEntry(entry);
        const refreshToken = await signInAnew(residents[home].person);
        expect((await refresh(cloud, app, refreshToken)).status).toBe(200);
      }
    }
    expect((await refresh(cloud, app, renewable)).status).toBe(200);
  });

  it('nobody signs up, and goes on with what they had typed when it is back', async () => {
    cloud.setEntry('us');
    const agent = createAgent(cloud);
    const person = newPerson();
    const form = await openSignUpAt(cloud, agent, 'us');
    await cloud.setCell('eu', 'down');
    const refused = await signUp(agent, form, person);
    expect([refused.status, typedAddress(refused)]).toEqual([503, person.email]);
    expect(alertOf(refused)).toContain('Nothing is lost');
    await cloud.setCell('eu', 'up');
    const verify = await signUp(agent, refused, person);
    expect(pathOf(await confirmByCode(cloud, agent, verify, person))).toBe('/account');
  });

  it('a mailed link of its own waits for it', async () => {
    const person = newPerson();
    const agent = createAgent(cloud);
    const form = await openSignUpAt(cloud, agent, 'eu');
    await signUp(agent, form, person);
    const link = new URL(await readLink(cloud, person.email, '/verify'));
    await cloud.setCell('eu', 'down');
    await cloud.advance(16);
    const detour = new URL(`${link.pathname}${link.search}`, requireUrl(cloud, 'us'));
    expectAway(await agent.get(detour), 'us');
    await cloud.setCell('eu', 'up');
    await cloud.advance(16);
    const page = await agent.get(detour);
    expect([page.status, cellOf(cloud, page)]).toEqual([200, 'eu']);
    expect(pathOf(await agent.submit(page, '/verify'))).toBe('/account');
  });
});
