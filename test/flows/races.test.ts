import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  type JsonAnswer,
  redeem,
  refresh,
  registerApp,
  requireText,
  revoke,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  confirmByCode,
  newPerson,
  obtainCode,
  obtainTokens,
  readCode,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { pathOf } from './answers.ts';

const GRACE_SECONDS = 60;
const FAILURE_LIMIT = 10;
const TRIES = 5;

describe('racers', () => {
  let cloud: TestCloud;
  let app: App;

  beforeAll(async () => {
    cloud = await startTestCloud({
      parameters: {
        // 200 rotations on a busy machine must all fall within the grace.
        RefreshTokenGraceSeconds: String(GRACE_SECONDS),
        SignInFailureLimit: String(FAILURE_LIMIT),
        OneTimeCodeTries: String(TRIES),
      },
    });
    app = await registerApp(cloud);
  });
  afterAll(() => cloud.close());

  test('200 redemptions of one code: one succeeds, and the others revoke its tokens', async () => {
    const { agent } = await plantSignedIn(cloud);
    const { attempt, code } = await obtainCode(cloud, agent, app);

    const answers = await times(200, () => redeem(cloud, attempt, code));

    const [won, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    expect(won).toBeDefined();
    expect(refusals(answers)).toEqual({ invalid_grant: 199 });
    const token = won === undefined ? '' : requireText(won, 'refresh_token');
    expect((await refresh(cloud, app, token)).json['error']).toBe('invalid_grant');
  });

  test('200 rotations of one refresh token within its grace: one family state', async () => {
    const { agent } = await plantSignedIn(cloud);
    const original = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
    const before = await grantsIn(cloud);

    const answers = await times(200, () => refresh(cloud, app, original));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(200);
    expect(await grantsIn(cloud)).toHaveLength(before.length);
    // Every successor is the same token under another seal: whichever came last, all go on.
    const [first, second] = answers.map((answer) => requireText(answer, 'refresh_token'));
    expect((await refresh(cloud, app, first ?? '')).status).toBe(200);
    expect((await refresh(cloud, app, second ?? '')).status).toBe(200);
  });

  test('a superseded refresh token after its grace ends the family for everybody', async () => {
    const { agent } = await plantSignedIn(cloud);
    const original = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
    const successor = requireText(await refresh(cloud, app, original), 'refresh_token');
    await cloud.advance(GRACE_SECONDS + 1);

    const answers = await times(20, () => refresh(cloud, app, original));

    expect(refusals(answers)).toEqual({ invalid_grant: 20 });
    expect((await refresh(cloud, app, successor)).json['error']).toBe('invalid_grant');
  });

  test('a revocation among rotations leaves no token that works', async () => {
    const { agent } = await plantSignedIn(cloud);
    const token = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');

    const [revoked, ...rotated] = await Promise.all([
      revoke(cloud, app, token),
      ...Array.from({ length: 10 }, () => refresh(cloud, app, token)),
    ]);

    expect(revoked?.status).toBe(200);
    const successors = rotated.filter(({ status }) => status === 200);
    const tokens = successors.map((answer) => requireText(answer, 'refresh_token'));
    const later = await Promise.all([token, ...tokens].map((each) => refresh(cloud, app, each)));
    expect(refusals(later)).toEqual({ invalid_grant: later.length });
  });

  test('as many confirmations of one address at once as mails went out: one account', async () => {
    const person = newPerson();
    const pages = await times(20, async () => {
      const agent = createAgent(cloud.issuer);
      return signUp(agent, await agent.get('/sign-up'), person);
    });
    expect(pages.map(pathOf)).toEqual(Array(20).fill('/verify'));
    const before = await count(cloud);
    const browsers = await Promise.all(
      cloud.inbox(person.email).map(async ({ links }) => {
        const agent = createAgent(cloud.issuer);
        const page = await agent.get(links.find((link) => link.includes('/verify')) ?? '');
        await agent.submit(page, '/verify', { password: person.password }, { follow: false });
        return agent;
      }),
    );
    expect(browsers).toHaveLength(20);
    expect(browsers.filter(isSignedIn)).toHaveLength(1);
    const after = await count(cloud);
    const [account, identifier, key] = ['ACCOUNT', 'IDENTIFIER', 'KEY'].map(
      (kind) => (after[kind] ?? 0) - (before[kind] ?? 0),
    );
    // An account is two items, profile and password; its address two: the claim and the pointer.
    expect({ account, identifier, key }).toEqual({ account: 2, identifier: 2, key: 1 });
  });

  test('one code of a sign-up typed in twice at once: one account, one session', async () => {
    const person = newPerson();
    const agent = createAgent(cloud.issuer);
    const page = await signUp(agent, await agent.get('/sign-up'), person);
    const before = await count(cloud);

    const answers = await times(TRIES, () => confirmByCode(cloud, agent, page, person));

    expect(answers.filter(({ url }) => new URL(url).pathname === '/account')).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    const after = await count(cloud);
    expect((after['SESSION'] ?? 0) - (before['SESSION'] ?? 0)).toBe(1);
    // The claim and the pointer.
    expect((after['IDENTIFIER'] ?? 0) - (before['IDENTIFIER'] ?? 0)).toBe(2);
  });

  test('one recovery code with two new passwords at once: one of them is the password', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const page = await askRecovery(agent, person.email);
    const code = await readCode(cloud, person.email);
    const passwords = ['a first new password', 'a second new password'];

    const answers = await Promise.all(
      passwords.map((password) =>
        agent.submit(page, '/recover/reset', { code, password }, { follow: false }),
      ),
    );

    const won = answers.map(({ leadsTo }) => leadsTo?.pathname === '/account');
    expect(won.filter(Boolean)).toHaveLength(1);
    const works = await Promise.all(
      passwords.map((password) => canSignIn(cloud, app, { ...person, password })),
    );
    expect(works).toEqual(won);
  });

  test('wrong codes guessed at once use up the tries, and the right one comes too late', async () => {
    const person = newPerson();
    const agent = createAgent(cloud.issuer);
    const page = await signUp(agent, await agent.get('/sign-up'), person);
    const right = await readCode(cloud, person.email);
    const guesses = Array.from({ length: 30 }, (_, index) =>
      String((Number(right) + 1 + index) % 1_000_000).padStart(6, '0'),
    );

    const answers = await Promise.all(
      guesses.map((code) => agent.submit(page, '/verify', { code })),
    );
    expect(answers.every(({ status }) => status === 400)).toBe(true);

    const [challenge] = (await cloud.items('data')).filter(({ tries }) => tries === TRIES);
    expect(challenge).toBeDefined();
    const late = await agent.submit(page, '/verify', { code: right });
    expect(late.status).toBe(400);
    expect(isSignedIn(agent)).toBe(false);
  });

  test('passwords guessed at once: no more are checked than the limit allows', async () => {
    const { person, agent: owner } = await plantSignedIn(cloud);
    const attacker = createAgent(cloud.issuer);
    const { answer: page } = await authorize(cloud, attacker, app);
    const mark = cloud.mark();

    const answers = await times(40, (index) =>
      signIn(attacker, page, { ...person, password: `guess number ${index}` }),
    );

    expect(countBy(answers, ({ status }) => String(status))).toEqual({
      '400': FAILURE_LIMIT,
      '429': 40 - FAILURE_LIMIT,
    });
    const checked = cloud.calls(mark).filter(({ operation }) => operation === 'Query');
    expect(checked).toHaveLength(FAILURE_LIMIT);
    expect(await canSignIn(cloud, app, person)).toBe(false);

    // The owner's own browser is not locked out by what strangers do.
    const { answer } = await authorize(cloud, owner, app, { prompt: 'login' });
    expect((await signIn(owner, answer, person)).leadsTo?.origin).toBe(
      new URL(app.redirectUri).origin,
    );
  });
});

function times<Value>(
  count: number,
  act: (index: number) => Promise<Value>,
): Promise<ReadonlyArray<Value>> {
  return Promise.all(Array.from({ length: count }, (_, index) => act(index)));
}

/** How often each OAuth error came. */
function refusals(answers: ReadonlyArray<JsonAnswer>): Record<string, number> {
  const refused = answers.filter(({ status }) => status !== 200);
  return countBy(refused, ({ json }) => String(json['error']));
}

function countBy<Value>(
  values: ReadonlyArray<Value>,
  keyOf: (value: Value) => string,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[keyOf(value)] = (counts[keyOf(value)] ?? 0) + 1;
  return counts;
}

/** Items by kind, over all tables. */
async function count(cloud: TestCloud): Promise<Record<string, number>> {
  const tables = ['data', 'keys', 'directory'] as const;
  const items = (await Promise.all(tables.map((table) => cloud.items(table)))).flat();
  return countBy(items, ({ sk }) => String(sk).split('#')[0] ?? '');
}

async function grantsIn(cloud: TestCloud): Promise<ReadonlyArray<unknown>> {
  return (await cloud.items('data')).filter(({ sk }) => String(sk).startsWith('GRANT#'));
}

function isSignedIn({ cookies }: Agent): boolean {
  return [...cookies.keys()].some((name) => name.includes('session'));
}

async function canSignIn(
  cloud: TestCloud,
  app: App,
  person: { email: string; password: string },
): Promise<boolean> {
  const agent = createAgent(cloud.issuer);
  const { answer } = await authorize(cloud, agent, app);
  const signedIn: Answer = await signIn(agent, answer, person);
  return signedIn.leadsTo !== undefined;
}
