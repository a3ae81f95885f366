/** An erasure beside whatever else its person does at that moment: one defined outcome each. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { type App, refresh, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  changePassword,
  newPerson,
  obtainTokens,
  openSignUp,
  type Person,
  readCode,
  resetPassword,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { newestSub } from '../harness/newest-person.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { collectionOf, createErasures, DAY, type Erasures } from './erasures.ts';
import { createExportRuns, newExportId } from './export-runs.ts';
import { acknowledgementsOf, answer } from './exports.ts';
import { createPlanting } from './planted-people.ts';
import { purposeOf, wordsOf } from './purposes.ts';
import { rest, tokenFor } from './rest.ts';

let cloud: TestCloud;
let erasures: Erasures;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  erasures = createErasures(cloud);
  app = await registerApp(cloud);
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

interface Rival {
  readonly agent: Agent;
  readonly person: Person;
  readonly refreshToken: string;
}

const RIVALS: ReadonlyArray<readonly [string, (rival: Rival) => Promise<() => Promise<unknown>>]> =
  [
    [
      'sign-in',
      async ({ person }) => {
        const agent = createAgent(cloud);
        const { answer } = await authorize(cloud, agent, app);
        return () => signIn(agent, answer, person);
      },
    ],
    [
      'refresh',
      async ({ refreshToken }) =>
        () =>
          refresh(cloud, app, refreshToken),
    ],
    [
      'password change',
      async ({ agent, person }) =>
        () =>
          changePassword(agent, person.password, newPerson().password),
    ],
    [
      'recovery',
      async ({ person }) => {
        const agent = createAgent(cloud);
        const page = await askRecovery(agent, person.email);
        return () => resetPassword(cloud, agent, page, { ...person, ...newPassword() });
      },
    ],
    [
      'code for an app',
      async ({ agent }) =>
        () =>
          authorize(cloud, agent, app),
    ],
    [
      'change of a consent',
      async ({ agent }) => {
        const token = await privacyToken(agent);
        const body = { state: 'granted', ...wordsOf(await purposeOf(cloud, { token })) };
        return () => rest(cloud, 'PUT /v1/me/consents/product-news', { token, body });
      },
    ],
    [
      'export',
      async ({ agent }) => {
        const token = await privacyToken(agent);
        return () => rest(cloud, 'POST /v1/me/export', { token, body: {} });
      },
    ],
  ];

async function privacyToken(agent: Agent): Promise<string> {
  return tokenFor(cloud, agent, await registerApp(cloud, { scope: 'openid privacy' }));
}

const newPassword = () => ({ password: newPerson().password });

describe('an erasure that is asked for at the moment of', () => {
  test.each(RIVALS)('%s ends all access, and leaves nothing', async (_, prepare) => {
    const { agent, person } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    const refreshToken = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
    const race = await prepare({ agent, person, refreshToken });
    // The loser may be refused by a page that these journeys do not expect.
    const [requestId] = await Promise.all([erasures.ask(sub, 0), race().catch(() => undefined)]);
    await erasures.finish(requestId, 'WaitCodes');

    const items = collectionOf(await cloud.items('data'), sub);
    expect(items.filter(({ sk }) => String(sk).startsWith('SESSION#'))).toEqual([]);
    const grants = items.filter(({ sk }) => String(sk).startsWith('GRANT#'));
    expect(grants.filter(({ state }) => state === 'open')).toEqual([]);
    expect((await refresh(cloud, app, refreshToken)).status).toBe(400);
    const { answer } = await authorize(cloud, agent, app);
    expect(new URL(answer.url).pathname).toBe('/sign-in');

    expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(collectionOf(await cloud.items('data'), sub)).toEqual([]);
    expect(await cloud.objects('exports')).toEqual([]);
    const running = cloud.executions('domicile-export').filter((run) => run.status === 'RUNNING');
    expect(running).toEqual([]);
  });
});

test('of undo and commit one wins, and the other is told', async () => {
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  for (let round = 0; round < 4; round += 1) {
    const { sub } = await plant();
    const requestId = await erasures.ask(sub, 0);
    // The end of the grace, with its jitter.
    const [undone] = await Promise.all([erasures.undo(requestId), cloud.advance(3700)]);
    const { state } = await erasures.requests.load(requestId);
    const account = collectionOf(await cloud.items('data'), sub).find(({ sk }) => sk === 'ACCOUNT');
    const outcome = { undone: undone.outcome, state, status: account?.['status'] };
    expect([
      { undone: 'undone', state: 'undone', status: 'active' },
      { undone: 'too-late', state: 'erasing', status: 'closed' },
    ]).toContainEqual(outcome);
  }
});

test('of an export that gets ready and the commit one comes first, and no file stays either way', async () => {
  const exports = createExportRuns(cloud);
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  for (let round = 0; round < 3; round += 1) {
    const { sub, email } = await plant();
    const exportId = newExportId();
    await exports.begin(sub, exportId);
    await cloud.advance(3);
    const words = acknowledgementsOf(cloud, exportId);
    expect(words.length).toBeGreaterThan(0);
    const requestId = await erasures.ask(sub, 0);
    const waitsUntil = Date.parse(erasures.view(requestId).waitsUntil ?? '');
    const leftSeconds = Math.ceil((waitsUntil - cloud.cloud.clock.nowMs()) / 1000);
    await Promise.all([
      Promise.all(words.map((word) => answer(cloud, word))),
      cloud.advance(leftSeconds + 1),
    ]);
    expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await erasures.finish(exportId)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await exports.requests.load(exportId)).state).toBe('expired');
    expect(await cloud.objects('exports')).toEqual([]);
    // That the files are ready, if they were, and that all is gone.
    expect([1, 2]).toContain(cloud.inbox(email).length);
  }
  exports.close();
});

test('a sign-up with the address beside its erasure never makes two accounts of it, nor none that works', async () => {
  const { person } = await plantSignedIn(cloud);
  const sub = await newestSub(cloud);
  const requestId = await erasures.ask(sub, 0);
  const { quarantine } = await raceSignUp(person, requestId);
  await cloud.advance(31 * DAY);
  expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
  const claims = (await cloud.items('directory')).filter(({ pk }) => pk === quarantine);
  expect(claims).toEqual([]);
  const accounts = (await cloud.items('data')).filter(
    ({ sk, identifier }) => sk === 'ACCOUNT' && `IDENTIFIER#${identifier}` === quarantine,
  );
  expect(accounts).toEqual([]);
});

/** Signs up at each stage of the erasure; no code may ever be sent. */
async function raceSignUp(person: Person, requestId: Parameters<Erasures['finish']>[0]) {
  const ask = async () => {
    const agent = createAgent(cloud);
    const { answer } = await authorize(cloud, agent, app);
    await signUp(agent, await openSignUp(agent, answer), { ...person, ...newPassword() });
    return cloud.requireMail(person.email).subject;
  };
  expect(await ask()).toContain('already have an account');
  await erasures.finish(requestId, 'WaitCodes');
  const [, subject] = await Promise.all([erasures.finish(requestId, 'WaitQuarantine'), ask()]);
  expect(subject).toMatch(/already have an account|Your address and/);
  expect(await ask()).toContain('Your address and');
  await expect(readCode(cloud, person.email)).rejects.toThrow('no code');
  const entry = (await cloud.items('directory')).find((item) => 'quarantinedUntil' in item);
  return { quarantine: String(entry?.['pk']) };
}
