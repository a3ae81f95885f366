import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { type App, refresh, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  changePassword,
  createAccount,
  endOtherSession,
  obtainTokens,
  type Person,
  resetPassword,
  signIn,
  signOut,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { pathOf } from './answers.ts';

let cloud: TestCloud;
let app: App;
beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());

const CHANGED = 'another lake, at dusk';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

/** The same person in another browser. */
async function signInElsewhere(person: Person, userAgent = PHONE): Promise<Agent> {
  const agent = createAgent(cloud.issuer);
  const headers = { 'user-agent': userAgent };
  const { email, password } = person;
  await agent.submit(await agent.get('/sign-in'), '/sign-in', { email, password }, { headers });
  return agent;
}

describe('the account portal', () => {
  it('sends strangers to sign in, and back', async () => {
    const { person } = await plantSignedIn(cloud);
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/');
    expect(pathOf(page)).toBe('/sign-in');
    expect(pathOf(await signIn(agent, page, person))).toBe('/account');
  });

  it('shows the address and every session', async () => {
    const { person, agent } = await plantSignedIn(cloud);
    await signInElsewhere(person);
    const page = await agent.get('/account');
    expect(page.body).toContain(person.email);
    expect(page.body).toContain('Safari on iPhone');
    expect(page.body).toContain('This device');
  });

  it('names the browser of every session, however it began or was kept', async () => {
    const browser = (userAgent: string) =>
      createAgent({ issuer: cloud.issuer, frontHeaders: { 'user-agent': userAgent } });
    const first = browser('Gecko (X11; Linux) Firefox/140.0');
    const person = await createAccount(cloud, first);
    expect((await first.get('/account')).body).toContain('Firefox on Linux');
    await signInElsewhere(person);
    expect((await first.get('/account')).body).toContain('Safari on iPhone');

    const second = browser('Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Edg/140.0');
    const asked = await askRecovery(second, person.email);
    const renewed = { ...person, password: CHANGED };
    const recovered = await resetPassword(cloud, second, asked, renewed);
    expect(recovered.body).toContain('Edge on Windows');
    expect(recovered.body).not.toContain('Safari on iPhone');

    const changed = await changePassword(second, CHANGED, person.password);
    expect(changed.body).toContain('Edge on Windows');
  });

  it('ends one session, or all others, and never this one', async () => {
    const { person, agent } = await plantSignedIn(cloud);
    const [first, second] = [await signInElsewhere(person), await signInElsewhere(person)];
    const page = await agent.get('/account');
    const id = page.document.querySelector('button[name=session]')?.getAttribute('value') ?? '';
    const one = await endOtherSession(agent, id);
    expect(one.body).toContain('has been signed out');
    const left = await Promise.all([first, second].map((other) => other.get('/account')));
    expect(left.map(pathOf).sort()).toEqual(['/account', '/sign-in']);
    const all = await endOtherSession(agent, 'others');
    expect(all.body).toContain('signed out everywhere else');
    expect(pathOf(await first.get('/account'))).toBe('/sign-in');
    expect(pathOf(await second.get('/account'))).toBe('/sign-in');
    expect(pathOf(await agent.get('/account'))).toBe('/account');
  });

  it("cannot end somebody else's session", async () => {
    const mine = await plantSignedIn(cloud);
    const theirs = await plantSignedIn(cloud);
    const item = (await cloud.items('data')).findLast((row) =>
      String(row['sk']).startsWith('SESSION#'),
    );
    await endOtherSession(mine.agent, String(item?.['sk']).slice('SESSION#'.length));
    expect(pathOf(await theirs.agent.get('/account'))).toBe('/account');
  });

  it('signs out: the session is over, the cookie gone, and its grants are revoked', async () => {
    const { agent } = await plantSignedIn(cloud);
    const online = await registerApp(cloud, { scope: 'openid email' });
    const tokens = await obtainTokens(cloud, agent, online);
    const cookie = agent.cookies.get('session') ?? '';
    const page = await signOut(agent);
    expect(page.body).toContain('You are signed out');
    expect(agent.cookies.has('session')).toBe(false);
    agent.cookies.set('session', cookie);
    expect(pathOf(await agent.get('/account'))).toBe('/sign-in');
    const refused = await refresh(cloud, online, requireText(tokens, 'refresh_token'));
    expect(refused.json['error']).toBe('invalid_grant');
  });

  it('ends sessions that were idle too long, and those that are too old', async () => {
    const short = await startTestCloud({
      parameters: {
        SessionIdleLifetimeSeconds: '7200',
        SessionAbsoluteLifetimeSeconds: '10800',
      },
    });
    try {
      const { agent } = await plantSignedIn(short);
      await short.advance(7201);
      expect(pathOf(await agent.get('/account'))).toBe('/sign-in');
      const second = await plantSignedIn(short);
      const target = await registerApp(short);
      await short.advance(5400);
      await obtainTokens(short, second.agent, target);
      await short.advance(5300);
      expect(pathOf(await second.agent.get('/account'))).toBe('/account');
      await short.advance(101);
      expect(pathOf(await second.agent.get('/account'))).toBe('/sign-in');
    } finally {
      await short.close();
    }
  });
});

describe('a password change', () => {
  it('signs out every other session, ends their grants, and tells the mailbox', async () => {
    const { person, agent } = await plantSignedIn(cloud);
    const other = await signInElsewhere(person);
    const tokens = await obtainTokens(cloud, other, app);
    const done = await changePassword(agent, person.password, CHANGED);
    expect(done.body).toContain('Your password has been changed');
    expect(pathOf(await other.get('/account'))).toBe('/sign-in');
    expect(pathOf(await agent.get('/account'))).toBe('/account');
    const refused = await refresh(cloud, app, requireText(tokens, 'refresh_token'));
    expect(refused.json['error']).toBe('invalid_grant');
    expect(cloud.requireMail(person.email).subject).toContain('has been changed');
    const fresh = createAgent(cloud.issuer);
    const page = await fresh.get('/sign-in');
    expect((await signIn(fresh, page, person)).status).toBe(400);
    expect(pathOf(await signIn(fresh, page, { ...person, password: CHANGED }))).toBe('/account');
  });

  it.each([
    ['a wrong current password', 'not the one in use', CHANGED, 'not your current password'],
    ['the same password again', 'CURRENT', 'CURRENT', 'is your current password'],
    ['a short one', 'CURRENT', 'short', 'at least 10'],
    ['none', '', '', 'fill this in'],
  ])('refuses %s', async (_, current, password, text) => {
    const { person, agent } = await plantSignedIn(cloud);
    const fill = (value: string) => value.replace('CURRENT', person.password);
    const answer = await changePassword(agent, fill(current), fill(password));
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(text);
  });

  it('allows ten wrong guesses of the current password, then asks to wait', async () => {
    const { person, agent } = await plantSignedIn(cloud);
    for (let count = 0; count < 10; count += 1) {
      await changePassword(agent, 'not the one in use', CHANGED);
    }
    expect((await changePassword(agent, person.password, CHANGED)).status).toBe(429);
    await cloud.advance(901);
    const done = await changePassword(agent, person.password, CHANGED);
    expect(pathOf(done)).toBe('/account');
  });

  it('is over even when the mail that tells of it cannot be sent', async () => {
    const { person, agent } = await plantSignedIn(cloud);
    cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'error', times: 3 });
    const done = await changePassword(agent, person.password, CHANGED);
    cloud.clearFaults();
    expect(pathOf(done)).toBe('/account');
  });

  it('cannot be forged by another site', async () => {
    const { person, agent } = await plantSignedIn(cloud);
    const fields = { current: person.password, password: CHANGED };
    const answer = await agent.post('/account/password', fields);
    expect(answer.status).toBe(403);
  });
});
