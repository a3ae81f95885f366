/** Session cookies in the wrong hands: fixation, theft, swapping between people. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { type App, registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, changePassword, signIn, signOut } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { browserWith, cookieOf, isSignedIn, SESSION } from './stolen-cookies.ts';

let cloud: TestCloud;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());

describe('session fixation', () => {
  test('signing in makes a session of its own, whatever cookie was planted before', async () => {
    const attacker = await plantSignedIn(cloud);
    const planted = cookieOf(attacker.agent, SESSION);
    const victim = await plantSignedIn(cloud);
    const agent = browserWith(cloud.issuer, { [SESSION]: planted });
    await signIn(agent, await agent.get('/sign-in'), victim.person);
    expect(cookieOf(agent, SESSION)).not.toBe(planted);
    const seen = await browserWith(cloud.issuer, { [SESSION]: planted }).get('/account');
    expect(seen.body).toContain(attacker.person.email);
    expect(seen.body).not.toContain(victim.person.email);
  });

  test('the cookies of two sign-ins of one person differ, and end apart', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const other = createAgent(cloud.issuer);
    await signIn(other, await other.get('/sign-in'), person);
    const [first, second] = [cookieOf(agent, SESSION), cookieOf(other, SESSION)];
    expect(first).not.toBe(second);
    await signOut(agent);
    expect(await isSignedIn(cloud.issuer, first)).toBe(false);
    expect(await isSignedIn(cloud.issuer, second)).toBe(true);
  });
});

describe('a session cookie that was stolen', () => {
  test('is dead once its owner signs out', async () => {
    const { agent } = await plantSignedIn(cloud);
    const stolen = cookieOf(agent, SESSION);
    expect(await isSignedIn(cloud.issuer, stolen)).toBe(true);
    await signOut(agent);
    expect(await isSignedIn(cloud.issuer, stolen)).toBe(false);
  });

  test('is dead once its owner changes the password elsewhere', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const stolen = cookieOf(agent, SESSION);
    const other = createAgent(cloud.issuer);
    await signIn(other, await other.get('/sign-in'), person);
    await changePassword(other, person.password, `${person.password}, renewed`);
    expect(await isSignedIn(cloud.issuer, stolen)).toBe(false);
  });

  test('changes no password, since it does not know the current one', async () => {
    const { agent } = await plantSignedIn(cloud);
    const thief = browserWith(cloud.issuer, { [SESSION]: cookieOf(agent, SESSION) });
    const answer = await changePassword(thief, 'a wrong guess', 'a password of the thief');
    expect(answer.status).toBe(400);
  });

  test.each([
    ['cut short', (cookie: string) => cookie.slice(0, -4)],
    ['changed in one character', (cookie: string) => `${cookie.slice(0, -2)}AA`],
    ['put together from two', (cookie: string) => cookie.split('.').reverse().join('.')],
    ['emptied', () => ''],
  ])('is nobody’s when it is %s, and costs no read', async (_, change) => {
    const { agent } = await plantSignedIn(cloud);
    const forged = change(cookieOf(agent, SESSION));
    const mark = cloud.mark();
    expect(await isSignedIn(cloud.issuer, forged)).toBe(false);
    expect(cloud.calls(mark).filter(({ service }) => service === 'dynamodb')).toEqual([]);
  });
});

describe('between two people', () => {
  test("a form shown to one does nothing with the other's session", async () => {
    const [ada, bob] = [await plantSignedIn(cloud), await plantSignedIn(cloud)];
    const page = await ada.agent.get('/account');
    const mixed = browserWith(cloud.issuer, {
      [SESSION]: cookieOf(ada.agent, SESSION),
      browser: cookieOf(bob.agent, 'browser'),
    });
    expect((await mixed.submit(page, '/account/sign-out')).status).toBe(403);
    expect(await isSignedIn(cloud.issuer, cookieOf(ada.agent, SESSION))).toBe(true);
  });

  test('a known device of one does not lift the lock from the other', async () => {
    const [ada, bob] = [await plantSignedIn(cloud), await plantSignedIn(cloud)];
    const stranger = createAgent(cloud.issuer);
    const wrong = { ...bob.person, password: 'a wrong guess' };
    for (let tries = 0; tries < 10; tries += 1) {
      await signIn(stranger, await stranger.get('/sign-in'), wrong);
    }
    const devices = [...ada.agent.cookies].filter(([name]) => name !== SESSION);
    const adas = browserWith(cloud.issuer, Object.fromEntries(devices));
    expect((await signIn(adas, await adas.get('/sign-in'), bob.person)).status).toBe(429);
  });

  test('a sign-in page opened for one app never answers another', async () => {
    const other = await registerApp(cloud);
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const { answer: forApp } = await authorize(cloud, agent, app);
    await authorize(cloud, agent, other);
    const { leadsTo } = await signIn(agent, forApp, person);
    expect(leadsTo?.href.startsWith(app.redirectUri)).toBe(true);
  });
});

test('cookies are for our host alone, out of reach of scripts, and not sent from other sites', async () => {
  const { agent } = await plantSignedIn(cloud);
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
