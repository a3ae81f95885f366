/** Whoever once held something of somebody's must not keep it: tokens, cookies, old requests. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pathOf } from '../flows/answers.ts';
import { type Agent, createAgent } from '../harness/agent.ts';
import {
  type App,
  findCallback,
  redeem,
  refresh,
  registerApp,
  requireText,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  changePassword,
  endOtherSession,
  obtainCode,
  obtainTokens,
  type Person,
  resetPassword,
  signIn,
  signOut,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

const CHANGED = 'another lake, at dusk';
const HOUR = 3600;

let cloud: TestCloud;
let app: App;
let publicApp: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
  publicApp = await registerApp(cloud, { authMethod: 'none' });
});
afterAll(() => cloud?.close());

/** A browser of a thief with a copy of one cookie. */
function copyOf(agent: Agent, name = 'session'): Agent {
  const thief = createAgent(cloud.issuer);
  thief.cookies.set(name, agent.cookies.get(name) ?? '');
  return thief;
}

async function refusalOf(token: string, of = publicApp): Promise<unknown> {
  return (await refresh(cloud, of, token)).json['error'];
}

async function obtainRefreshToken(agent: Agent, of = publicApp): Promise<string> {
  return requireText(await obtainTokens(cloud, agent, of), 'refresh_token');
}

describe('a stolen refresh token of a public client', () => {
  test.each([
    ['scope', 'bogus'],
    ['resource', 'https://evil.example'],
  ])('is found out, though its thief first had a %s refused', async (name, value) => {
    const { agent } = await plantSignedIn(cloud);
    const stolen = await obtainRefreshToken(agent);
    expect((await refresh(cloud, publicApp, stolen, { [name]: value })).status).toBe(400);
    await cloud.advance(HOUR);
    const successor = requireText(await refresh(cloud, publicApp, stolen), 'refresh_token');
    await cloud.advance(HOUR);
    expect(await refusalOf(stolen)).toBe('invalid_grant');
    expect(await refusalOf(successor)).toBe('invalid_grant');
  });
});

describe('a stolen session cookie', () => {
  test('is worth nothing once the password changes, in the very browser it was stolen from', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const thief = copyOf(agent);
    const token = await obtainRefreshToken(thief);
    const { attempt, code } = await obtainCode(cloud, thief, publicApp);
    expect(pathOf(await changePassword(agent, person.password, CHANGED))).toBe('/account');
    expect(pathOf(await thief.get('/account'))).toBe('/sign-in');
    expect(await refusalOf(token)).toBe('invalid_grant');
    expect((await redeem(cloud, attempt, code)).json['error']).toBe('invalid_grant');
    expect(findCallback((await authorize(cloud, thief, app)).answer)).toBeUndefined();
    expect(pathOf(await agent.get('/account'))).toBe('/account');
  });

  test('yields no tokens for codes that were issued while its owner signed out', async () => {
    const { agent } = await plantSignedIn(cloud);
    const thief = copyOf(agent);
    const account = await agent.get('/account');
    const [, ...arrivals] = await Promise.all([
      agent.submit(account, '/account/sign-out'),
      ...Array.from({ length: 12 }, () => authorize(cloud, thief, publicApp)),
    ]);
    const answers = await Promise.all(
      arrivals.map(({ attempt, answer }) => {
        const code = findCallback(answer)?.code;
        return code === undefined ? undefined : redeem(cloud, attempt, code);
      }),
    );
    expect(answers.filter((answer) => answer?.status === 200)).toEqual([]);
  });

  test('yields no tokens for a code that waits when its owner signs out', async () => {
    const { agent } = await plantSignedIn(cloud);
    const { attempt, code } = await obtainCode(cloud, agent, publicApp);
    await signOut(agent);
    expect((await redeem(cloud, attempt, code)).json['error']).toBe('invalid_grant');
  });
});

describe('offline access', () => {
  test('outlives a sign-out, as its app was promised', async () => {
    const { agent } = await plantSignedIn(cloud);
    const token = await obtainRefreshToken(agent);
    await signOut(agent);
    expect((await refresh(cloud, publicApp, token)).status).toBe(200);
  });

  test.each(['alone', 'with all others'])(
    'ends with its session, ended from afar %s',
    async (how) => {
      const { agent, person } = await plantSignedIn(cloud);
      const other = createAgent(cloud.issuer);
      await signIn(other, await other.get('/sign-in'), person);
      const [token, kept] = [await obtainRefreshToken(other), await obtainRefreshToken(agent)];
      const page = await agent.get('/account');
      const id = page.document.querySelector('button[name=session]')?.getAttribute('value') ?? '';
      await endOtherSession(agent, how === 'alone' ? id : 'others');
      expect(await refusalOf(token)).toBe('invalid_grant');
      expect((await refresh(cloud, publicApp, kept)).status).toBe(200);
    },
  );
});

describe('ending a session', () => {
  test('from afar can be repeated when its grants could not be revoked', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const other = createAgent(cloud.issuer);
    await signIn(other, await other.get('/sign-in'), person);
    const token = await obtainRefreshToken(other);
    const page = await agent.get('/account');
    const session =
      page.document.querySelector('button[name=session]')?.getAttribute('value') ?? '';
    cloud.fault({ service: 'dynamodb', operation: 'Query', kind: 'error', times: 3 });
    const failed = await agent.submit(page, '/account/sessions/revoke', { session });
    cloud.clearFaults();
    expect(failed.status).toBe(503);
    expect(pathOf(await other.get('/account'))).toBe('/sign-in');
    await agent.submit(page, '/account/sessions/revoke', { session });
    expect(await refusalOf(token)).toBe('invalid_grant');
  });
});

test('an old request does not pass an old sign-in for a new one', async () => {
  const { agent, person } = await plantSignedIn(cloud);
  for (const parameters of [{ prompt: 'login' }, { max_age: '0' }, { max_age: '60' }]) {
    await cloud.advance(61);
    const { answer } = await authorize(cloud, agent, app, parameters);
    const { search } = new URL(answer.url);
    expect((await signIn(agent, answer, person)).leadsTo?.searchParams.has('code')).toBe(true);
    await cloud.advance(20 * HOUR);
    const replayed = await agent.get(`/consent${search}`);
    expect([pathOf(replayed), replayed.leadsTo]).toEqual(['/sign-in', undefined]);
  }
});

test('the consent page is no way to a code for the operator’s own apps', async () => {
  const { agent, person } = await plantSignedIn(cloud);
  const { answer } = await authorize(cloud, agent, app, { prompt: 'login' });
  const { search } = new URL(answer.url);
  await signIn(agent, answer, person);
  expect(pathOf(await agent.get(`/consent${search}`))).toBe('/sign-in');
});

describe('cookies of known devices', () => {
  /** Guesses with none and with each of these until each has been refused for too many. */
  async function countGuesses(person: Person, devices: ReadonlyArray<string>): Promise<number> {
    const wrong = { ...person, password: 'a guess of somebody' };
    let compared = 0;
    for (const device of [undefined, ...devices]) {
      for (let count = 0; count < 11; count += 1) {
        // Whoever guesses keeps nothing that would count against them.
        const thief = createAgent(cloud.issuer);
        const page = await thief.get('/sign-in');
        if (device !== undefined) thief.cookies.set('device', device);
        if ((await signIn(thief, page, wrong)).status === 400) compared += 1;
      }
    }
    return compared;
  }

  async function collect(person: Person): Promise<Array<string>> {
    const devices = [];
    for (let count = 0; count < 2; count += 1) {
      const browser = createAgent(cloud.issuer);
      await signIn(browser, await browser.get('/sign-in'), person);
      devices.push(browser.cookies.get('device') ?? '');
    }
    return devices;
  }

  test('do not multiply the guesses after a password change', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const devices = await collect(person);
    await cloud.advance(1);
    await changePassword(agent, person.password, CHANGED);
    expect(await countGuesses(person, devices)).toBe(10);
    // The browser that changed the password is known by the new one.
    const renewed = { ...person, password: CHANGED };
    expect(pathOf(await signIn(agent, await agent.get('/sign-in'), renewed))).toBe('/account');
  });

  test('do not multiply the guesses after a recovery', async () => {
    const { person } = await plantSignedIn(cloud);
    const devices = await collect(person);
    await cloud.advance(1);
    const agent = createAgent(cloud.issuer);
    const page = await askRecovery(agent, person.email);
    await resetPassword(cloud, agent, page, { ...person, password: CHANGED });
    expect(await countGuesses(person, devices)).toBe(10);
  });

  test('are forgotten after 90 days', async () => {
    const { person } = await plantSignedIn(cloud);
    const devices = await collect(person);
    await cloud.advance(91 * 24 * HOUR);
    expect(await countGuesses(person, devices)).toBe(10);
  });

  test('of one browser share a count, however often it signs in', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const devices = [agent.cookies.get('device') ?? ''];
    await signIn(agent, await agent.get('/sign-in'), person);
    devices.push(agent.cookies.get('device') ?? '');
    expect(devices[0]).not.toBe(devices[1]);
    expect(await countGuesses(person, devices)).toBe(20);
  });
});

describe('what the operator took back', () => {
  test('is gone from tokens: scopes of a client', async () => {
    const client = await registerApp(cloud, { authMethod: 'none' });
    const { agent } = await plantSignedIn(cloud);
    const token = await obtainRefreshToken(agent, client);
    const admin = cloud.cloud.infrastructure.functions.requireByName('domicile-admin');
    const input = { client_id: client.clientId, scope: 'openid' };
    await admin.invoke(JSON.stringify({ operation: 'client.update', input }));
    await cloud.advance(120);
    expect((await refresh(cloud, client, token)).json['scope']).toBe('openid');
  });
});

test('an access token does not outlive its family', async () => {
  const parameters = {
    AccessTokenLifetimeSeconds: '3600',
    RefreshTokenAbsoluteLifetimeSeconds: '300',
  };
  const short = await startTestCloud({ parameters });
  try {
    const client = await registerApp(short);
    const { agent } = await plantSignedIn(short);
    const tokens = await obtainTokens(short, agent, client);
    expect(tokens.json['expires_in']).toBe(300);
    const token = requireText(tokens, 'access_token');
    expect((await userinfo(short, token)).status).toBe(200);
    await short.advance(301);
    expect((await userinfo(short, token)).status).toBe(401);
  } finally {
    await short.close();
  }
});
