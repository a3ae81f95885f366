import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  findCallback,
  redeem,
  refresh,
  registerApp,
  registerMachine,
  requireText,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  confirmByCode,
  newPerson,
  obtainCode,
  obtainTokens,
  openSignUp,
  type Person,
  readCode,
  readLink,
  resetPassword,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

const CODE_SECONDS = 60;
const ACCESS_TOKEN_SECONDS = 300;
const REFRESH = { idleSeconds: 3600, absoluteSeconds: 7200 };
const SESSION = { idleSeconds: 600, absoluteSeconds: 3600 };
const ONE_TIME_CODE_SECONDS = 600;
const RESEND_SECONDS = 30;
const MAILS_PER_HOUR = 3;
const FAILURES = { limit: 5, windowSeconds: 900 };
const PAGE_SECONDS = 86_400;

describe('limits', () => {
  let cloud: TestCloud;
  let app: App;

  beforeAll(async () => {
    cloud = await startTestCloud({
      parameters: {
        AuthorizationCodeLifetimeSeconds: String(CODE_SECONDS),
        AccessTokenLifetimeSeconds: String(ACCESS_TOKEN_SECONDS),
        RefreshTokenIdleLifetimeSeconds: String(REFRESH.idleSeconds),
        RefreshTokenAbsoluteLifetimeSeconds: String(REFRESH.absoluteSeconds),
        SessionIdleLifetimeSeconds: String(SESSION.idleSeconds),
        SessionAbsoluteLifetimeSeconds: String(SESSION.absoluteSeconds),
        OneTimeCodeLifetimeSeconds: String(ONE_TIME_CODE_SECONDS),
        OneTimeCodeResendIntervalSeconds: String(RESEND_SECONDS),
        OneTimeCodeMailsPerHour: String(MAILS_PER_HOUR),
        OneTimeCodeMailsPerHourAndSource: '10000',
        SignInFailureLimit: String(FAILURES.limit),
        SignInFailureWindowSeconds: String(FAILURES.windowSeconds),
      },
    });
    app = await registerApp(cloud);
  });
  afterAll(() => cloud.close());

  describe('of time', () => {
    test('an authorization code expires', async () => {
      const { agent } = await plantSignedIn(cloud);
      const fresh = await obtainCode(cloud, agent, app);
      const stale = await obtainCode(cloud, agent, app);
      await cloud.advance(CODE_SECONDS - 5);
      expect((await redeem(cloud, fresh.attempt, fresh.code)).status).toBe(200);

      await cloud.advance(6);
      const refused = await redeem(cloud, stale.attempt, stale.code);
      expect(refused.status).toBe(400);
      expect(refused.json['error']).toBe('invalid_grant');
    });

    test('an access token expires', async () => {
      const { agent } = await plantSignedIn(cloud);
      const token = requireText(await obtainTokens(cloud, agent, app), 'access_token');
      await cloud.advance(ACCESS_TOKEN_SECONDS - 5);
      expect((await userinfo(cloud, token)).status).toBe(200);

      await cloud.advance(6);
      const refused = await userinfo(cloud, token);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    });

    test('a refresh token that is not used expires', async () => {
      const { agent } = await plantSignedIn(cloud);
      const token = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
      await cloud.advance(REFRESH.idleSeconds + 1);

      expect((await refresh(cloud, app, token)).json['error']).toBe('invalid_grant');
    });

    test('refresh tokens that are used end with their family', async () => {
      const { agent } = await plantSignedIn(cloud);
      let token = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
      const step = REFRESH.absoluteSeconds / 4;
      for (let turn = 1; turn < 4; turn += 1) {
        await cloud.advance(step);
        token = requireText(await refresh(cloud, app, token), 'refresh_token');
      }
      await cloud.advance(step + 1);

      expect((await refresh(cloud, app, token)).json['error']).toBe('invalid_grant');
    });

    test('a session that is not used ends', async () => {
      const { agent } = await plantSignedIn(cloud);
      await cloud.advance(SESSION.idleSeconds + 1);

      expect(await isSignedIn(agent)).toBe(false);
    });

    test('a session that is used lives on until its absolute end', async () => {
      const { agent } = await plantSignedIn(cloud);
      const step = SESSION.idleSeconds - 100;
      for (let elapsed = step; elapsed < SESSION.absoluteSeconds; elapsed += step) {
        await cloud.advance(step);
        expect(await isSignedIn(agent), `after ${elapsed} s`).toBe(true);
      }
      await cloud.advance(step);

      expect(await isSignedIn(agent)).toBe(false);
    });

    test('a mailed code expires, and a new one can be had on the same page', async () => {
      const person = newPerson();
      const agent = createAgent(cloud.issuer);
      const page = await signUp(agent, await agent.get('/sign-up'), person);
      await cloud.advance(ONE_TIME_CODE_SECONDS + 1);
      const expired = await confirmByCode(cloud, agent, page, person);
      expect(expired.status).toBe(400);

      const renewed = await agent.submit(expired, '/verify/resend');
      const confirmed = await confirmByCode(cloud, agent, renewed, person);
      expect(new URL(confirmed.url).pathname).toBe('/account');
    });

    test('a mailed link expires', async () => {
      const { person } = await plantSignedIn(cloud);
      await askRecovery(createAgent(cloud.issuer), person.email);
      const link = await readLink(cloud, person.email, '/recover/reset');
      expect((await createAgent(cloud.issuer).get(link)).status).toBe(200);
      await cloud.advance(ONE_TIME_CODE_SECONDS + 1);

      const stale = await createAgent(cloud.issuer).get(link);
      expect(stale.status).toBe(400);
      expect(stale.document.querySelector('a[href^="/recover"]')).not.toBeNull();
    });

    test('a page that was left open too long says so and offers a way on', async () => {
      const { person } = await plantSignedIn(cloud);
      const agent = createAgent(cloud.issuer);
      const { answer: page } = await authorize(cloud, agent, app);
      await cloud.advance(PAGE_SECONDS + 1);

      const stale = await signIn(agent, page, person);
      expect(stale.status).toBe(400);
      expect(stale.document.querySelector('main a[href]')).not.toBeNull();
    });
  });

  describe('of attempts', () => {
    test('a code is not sent again at once, then once more, and the old one is void', async () => {
      const person = newPerson();
      const agent = createAgent(cloud.issuer);
      const page = await signUp(agent, await agent.get('/sign-up'), person);
      const old = await readCode(cloud, person.email);

      const tooSoon = await agent.submit(page, '/verify/resend');
      expect(alertOf(tooSoon)).toMatch(/\d+ seconds/);
      expect(cloud.inbox(person.email)).toHaveLength(1);

      await cloud.advance(RESEND_SECONDS);
      const sent = await agent.submit(tooSoon, '/verify/resend');
      expect(sent.document.querySelector('[role=status]')).not.toBeNull();
      expect(cloud.inbox(person.email)).toHaveLength(2);
      if (old !== (await readCode(cloud, person.email))) {
        expect((await agent.submit(sent, '/verify', { code: old })).status).toBe(400);
      }
      const confirmed = await confirmByCode(cloud, agent, sent, person);
      expect(new URL(confirmed.url).pathname).toBe('/account');
    });

    test('an address gets so many mails per hour and no more, for sign-up and recovery each', async () => {
      const person = newPerson();
      const agent = createAgent(cloud.issuer);
      let page = await signUp(agent, await agent.get('/sign-up'), person);
      for (let sent = 1; sent <= MAILS_PER_HOUR; sent += 1) {
        await cloud.advance(RESEND_SECONDS);
        page = await agent.submit(page, '/verify/resend');
      }
      expect(alertOf(page)).toMatch(/\d+ minutes/);
      expect(cloud.inbox(person.email)).toHaveLength(MAILS_PER_HOUR);

      for (let sent = 1; sent <= MAILS_PER_HOUR; sent += 1) {
        const asked = await askRecovery(createAgent(cloud.issuer), person.email);
        expect(new URL(asked.url).pathname).toBe('/recover/reset');
      }
      const refused = await askRecovery(createAgent(cloud.issuer), person.email);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(cloud.inbox(person.email)).toHaveLength(2 * MAILS_PER_HOUR);

      await cloud.advance(3600);
      await askRecovery(createAgent(cloud.issuer), person.email);
      expect(cloud.inbox(person.email)).toHaveLength(2 * MAILS_PER_HOUR + 1);
    });

    test.each(['known', 'unknown'])(
      'failed sign-ins to a %s account lock it for the rest of the window',
      async (kind) => {
        const person = kind === 'known' ? (await plantSignedIn(cloud)).person : newPerson();
        const wrong = { ...person, password: 'not the password' };
        for (let failed = 0; failed < FAILURES.limit; failed += 1) {
          expect((await attempt(wrong)).status).toBe(400);
        }

        const locked = await attempt(person);
        expect(locked.status).toBe(429);
        const waitSeconds = Number(locked.headers.get('retry-after'));
        expect(waitSeconds).toBeGreaterThan(0);
        expect(waitSeconds).toBeLessThanOrEqual(FAILURES.windowSeconds);
        expect(alertOf(locked)).toMatch(/\d+ minutes/);

        await cloud.advance(waitSeconds);
        const answer = await attempt(person);
        expect(findCallback(answer)?.code !== undefined).toBe(kind === 'known');
        expect(answer.status).toBe(kind === 'known' ? 303 : 400);
      },
    );

    test('a sign-in that succeeds begins the count anew', async () => {
      const { person } = await plantSignedIn(cloud);
      const wrong = { ...person, password: 'not the password' };
      for (let round = 0; round < 2; round += 1) {
        for (let failed = 1; failed < FAILURES.limit; failed += 1) await attempt(wrong);
        expect((await attempt(person)).status).toBe(303);
      }
    });

    test('a recovery that succeeds ends the lock', async () => {
      const { person } = await plantSignedIn(cloud);
      for (let failed = 0; failed <= FAILURES.limit; failed += 1) {
        await attempt({ ...person, password: 'not the password' });
      }
      const agent = createAgent(cloud.issuer);
      const page = await askRecovery(agent, person.email);
      const renewed = { ...person, password: 'a wholly new password' };
      await resetPassword(cloud, agent, page, renewed);

      expect((await attempt(renewed)).status).toBe(303);
    });

    /** From a browser that has never been here. */
    async function attempt(person: Person): Promise<Answer> {
      const agent = createAgent(cloud.issuer);
      const { answer } = await authorize(cloud, agent, app);
      return signIn(agent, answer, person);
    }
  });

  describe('of size', () => {
    test.each([
      ['/oauth2/token', 'application/json'],
      ['/sign-in', 'text/html'],
    ])('a body over 64 kB at %s is refused as too large', async (path, type) => {
      const answer = await post(path, `a=${'b'.repeat(65_536)}`);

      expect(answer.status).toBe(413);
      expect(answer.headers.get('content-type')).toContain(type);
    });

    test.each([
      ['/oauth2/token', 'application/json'],
      ['/sign-in', 'text/html'],
    ])('more than 100 parameters at %s are refused', async (path, type) => {
      const body = Array.from({ length: 101 }, (_, index) => `p${index}=1`).join('&');
      const answer = await post(path, body);

      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain(type);
    });

    test.each(['state', 'nonce', 'scope', 'login_hint', 'ui_locales', 'code_challenge'])(
      'an overlong %s is refused at the authorization endpoint',
      async (name) => {
        const agent = createAgent(cloud.issuer);
        const { answer } = await authorize(cloud, agent, app, { [name]: 'x'.repeat(4096) });

        expect(findCallback(answer)?.error).toMatch(/^invalid_(request|scope)$/);
        expect(answer.leadsTo?.href.length).toBeLessThan(4096);
      },
    );

    test.each([
      ['letters', 'x', 2048],
      ['quotation marks', '"', 2048],
      ['control characters', '\u0001', 2048],
      ['letters of three bytes', '\u20AC', 1000],
    ])(
      'a state of many %s is carried through sign-up, or refused at once',
      async (_, letter, n) => {
        const agent = createAgent(cloud.issuer);
        const person = newPerson();
        const state = letter.repeat(n);
        const { answer, attempt } = await authorize(cloud, agent, app, {
          state,
          nonce: 'n'.repeat(256),
        });
        if (findCallback(answer)?.error === 'invalid_request') return;

        const page = await signUp(agent, await openSignUp(agent, answer), person);
        const confirmed = await confirmByCode(cloud, agent, page, person);
        expect(findCallback(confirmed)?.state).toBe(state);
        expect(attempt.app).toBe(app);
      },
    );

    test('headers of 12 kB end in a clear refusal', async () => {
      const answer = await createAgent(cloud.issuer).get('/sign-in', {
        headers: { cookie: `session=${'x'.repeat(12_000)}` },
      });

      expect(answer.status).toBeLessThan(500);
    });

    test.each([
      ['of 9 characters', 'too-short'.slice(0, 9), 400],
      ['of 10 characters', 'just quite', 200],
      [
        'of 256 characters, each of four bytes',
        '\u{1F98A}\u{1F404}\u{1F400}\u{1F422}'.repeat(64),
        200,
      ],
      ['of 257 characters', 'long enough '.repeat(22).slice(0, 257), 400],
    ])('a password %s gets its answer', async (_, password, status) => {
      const agent = createAgent(cloud.issuer);
      const page = await agent.get('/sign-up');

      expect((await signUp(agent, page, { ...newPerson(), password })).status).toBe(status);
    });

    test('a client secret of any length is refused as plainly as a wrong one', async () => {
      const machine = await registerMachine(cloud);
      const refused = await clientCredentials(cloud, {
        ...machine,
        clientSecret: 'x'.repeat(4000),
      });

      expect(refused.status).toBe(401);
      expect(refused.json['error']).toBe('invalid_client');
    });

    function post(path: string, body: string): Promise<Response> {
      return fetch(new URL(path, cloud.issuer), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
    }
  });

  /** Asks as an app would, silently. */
  async function isSignedIn(agent: Agent): Promise<boolean> {
    const { answer } = await authorize(cloud, agent, app, { prompt: 'none' });
    const callback = findCallback(answer);
    if (callback?.error !== undefined) expect(callback.error).toBe('login_required');
    return callback?.code !== undefined;
  }
});

function alertOf(page: Answer): string {
  return page.document.querySelector('[role=alert]')?.text ?? '';
}
