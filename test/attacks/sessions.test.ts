/** Cookies and sealed values in the wrong hands: fixation, swapping, replay, other purposes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pathOf } from '../flows/answers.ts';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { type App, redeem, refresh, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  changePassword,
  createSignedIn,
  obtainCode,
  obtainTokens,
  type Person,
  signIn,
  signOut,
} from '../harness/journeys.ts';

const SESSION = 'session';

let cloud: TestCloud;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());

function cookieOf(agent: Agent, name: string): string {
  const value = agent.cookies.get(name);
  if (value === undefined) throw new Error(`the browser has no cookie ${name}`);
  return value;
}

/** A browser that holds exactly these cookies. */
function browserWith(cookies: Readonly<Record<string, string>>): Agent {
  const agent = createAgent(cloud.issuer);
  for (const [name, value] of Object.entries(cookies)) agent.cookies.set(name, value);
  return agent;
}

async function isSignedIn(session: string): Promise<boolean> {
  return pathOf(await browserWith({ [SESSION]: session }).get('/account')) === '/account';
}

const typedAddress = ({ document }: Answer) =>
  document.querySelector('input[name=email]')?.getAttribute('value') ?? '';

describe('session fixation', () => {
  test('signing in makes a session of its own, whatever cookie was planted before', async () => {
    const attacker = await createSignedIn(cloud);
    const planted = cookieOf(attacker.agent, SESSION);
    const victim = await createSignedIn(cloud);
    const agent = browserWith({ [SESSION]: planted });
    await signIn(agent, await agent.get('/sign-in'), victim.person);
    expect(cookieOf(agent, SESSION)).not.toBe(planted);
    const seen = await browserWith({ [SESSION]: planted }).get('/account');
    expect(seen.body).toContain(attacker.person.email);
    expect(seen.body).not.toContain(victim.person.email);
  });

  test('the cookies of two sign-ins of one person differ, and end apart', async () => {
    const { agent, person } = await createSignedIn(cloud);
    const other = createAgent(cloud.issuer);
    await signIn(other, await other.get('/sign-in'), person);
    const [first, second] = [cookieOf(agent, SESSION), cookieOf(other, SESSION)];
    expect(first).not.toBe(second);
    await signOut(agent);
    expect(await isSignedIn(first)).toBe(false);
    expect(await isSignedIn(second)).toBe(true);
  });
});

describe('a session cookie that was stolen', () => {
  test('is dead once its owner signs out', async () => {
    const { agent } = await createSignedIn(cloud);
    const stolen = cookieOf(agent, SESSION);
    expect(await isSignedIn(stolen)).toBe(true);
    await signOut(agent);
    expect(await isSignedIn(stolen)).toBe(false);
  });

  test('is dead once its owner changes the password elsewhere', async () => {
    const { agent, person } = await createSignedIn(cloud);
    const stolen = cookieOf(agent, SESSION);
    const other = createAgent(cloud.issuer);
    await signIn(other, await other.get('/sign-in'), person);
    await changePassword(other, person.password, `${person.password}, renewed`);
    expect(await isSignedIn(stolen)).toBe(false);
  });

  test('changes no password, since it does not know the current one', async () => {
    const { agent } = await createSignedIn(cloud);
    const thief = browserWith({ [SESSION]: cookieOf(agent, SESSION) });
    const answer = await changePassword(thief, 'a wrong guess', 'a password of the thief');
    expect(answer.status).toBe(400);
  });

  test.each([
    ['cut short', (cookie: string) => cookie.slice(0, -4)],
    ['changed in one character', (cookie: string) => `${cookie.slice(0, -2)}AA`],
    ['put together from two', (cookie: string) => cookie.split('.').reverse().join('.')],
    ['emptied', () => ''],
  ])('is nobody’s when it is %s, and costs no read', async (_, change) => {
    const { agent } = await createSignedIn(cloud);
    const forged = change(cookieOf(agent, SESSION));
    const mark = cloud.mark();
    expect(await isSignedIn(forged)).toBe(false);
    expect(cloud.calls(mark).filter(({ service }) => service === 'dynamodb')).toEqual([]);
  });
});

describe('between two people', () => {
  test("a form shown to one does nothing with the other's session", async () => {
    const [ada, bob] = [await createSignedIn(cloud), await createSignedIn(cloud)];
    const page = await ada.agent.get('/account');
    const mixed = browserWith({
      [SESSION]: cookieOf(ada.agent, SESSION),
      browser: cookieOf(bob.agent, 'browser'),
    });
    expect((await mixed.submit(page, '/account/sign-out')).status).toBe(403);
    expect(await isSignedIn(cookieOf(ada.agent, SESSION))).toBe(true);
  });

  test('a known device of one does not lift the lock from the other', async () => {
    const [ada, bob] = [await createSignedIn(cloud), await createSignedIn(cloud)];
    const stranger = createAgent(cloud.issuer);
    const wrong = { ...bob.person, password: 'a wrong guess' };
    for (let tries = 0; tries < 10; tries += 1) {
      await signIn(stranger, await stranger.get('/sign-in'), wrong);
    }
    const devices = [...ada.agent.cookies].filter(([name]) => name !== SESSION);
    const adas = browserWith(Object.fromEntries(devices));
    expect((await signIn(adas, await adas.get('/sign-in'), bob.person)).status).toBe(429);
  });

  test('a sign-in page opened for one app never answers another', async () => {
    const other = await registerApp(cloud);
    const { person } = await createSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const { answer: forApp } = await authorize(cloud, agent, app);
    await authorize(cloud, agent, other);
    const { leadsTo } = await signIn(agent, forApp, person);
    expect(leadsTo?.href.startsWith(app.redirectUri)).toBe(true);
  });
});

describe('what was sealed for one purpose opens for no other', () => {
  let agent: Agent;
  let person: Person;
  const sealed = new Map<string, string>();

  beforeAll(async () => {
    ({ agent, person } = await createSignedIn(cloud));
    const visitor = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, visitor, app);
    for (const name of ['form', 'request']) {
      const input = answer.document.querySelector(`input[name=${name}]`);
      sealed.set(name, input?.getAttribute('value') ?? '');
    }
    sealed.set(SESSION, cookieOf(agent, SESSION));
    sealed.set('code', (await obtainCode(cloud, agent, app)).code);
    const tokens = await obtainTokens(cloud, agent, app);
    sealed.set('refresh token', requireText(tokens, 'refresh_token'));
    sealed.set('access token', requireText(tokens, 'access_token'));
    sealed.set('ID token', requireText(tokens, 'id_token'));
  });

  test.each(['form', 'request', 'code', 'refresh token', 'access token', 'ID token'])(
    'a %s is no session',
    async (name) => {
      const value = sealed.get(name) ?? '';
      expect(value).not.toBe('');
      expect(await isSignedIn(value)).toBe(false);
      expect(await isSignedIn(value.replace(/^eu\./, ''))).toBe(false);
    },
  );

  test.each(['form', SESSION, 'refresh token', 'access token'])('a %s is no code', async (name) => {
    const { attempt } = await obtainCode(cloud, agent, app);
    for (const code of [sealed.get(name) ?? '', `eu.${sealed.get(name)}`]) {
      expect((await redeem(cloud, attempt, code)).json['error']).toBe('invalid_grant');
    }
  });

  test.each(['form', SESSION, 'code', 'access token'])('a %s is no refresh token', async (name) => {
    for (const token of [sealed.get(name) ?? '', `eu.${sealed.get(name)}`]) {
      expect((await refresh(cloud, app, token)).json['error']).toBe('invalid_grant');
    }
  });

  test.each(['form', SESSION, 'code'])('a %s is no authorization request', async (name) => {
    const query = new URLSearchParams({ request: sealed.get(name) ?? '' });
    const answer = await createAgent(cloud.issuer).get(`/sign-in?${query.toString()}`);
    expect(answer.status).toBe(400);
    expect(typedAddress(answer)).not.toContain(person.email);
  });

  test.each(['request', SESSION, 'code'])('a %s is no form token', async (name) => {
    const visitor = createAgent(cloud.issuer);
    const page = await visitor.get('/sign-in');
    const form = sealed.get(name) ?? '';
    expect((await visitor.submit(page, '/sign-in', { ...person, form })).status).toBe(403);
  });
});

test('cookies are for our host alone, out of reach of scripts, and not sent from other sites', async () => {
  const { agent } = await createSignedIn(cloud);
  const visitor = createAgent(cloud.issuer);
  const { headers } = await visitor.get('/sign-in');
  const { headers: ending } = await signOut(agent);
  const cookies = [...headers.getSetCookie(), ...ending.getSetCookie()];
  expect(cookies.length).toBeGreaterThanOrEqual(2);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Path=\//);
    expect(cookie).not.toMatch(/; Domain=/i);
  }
});
