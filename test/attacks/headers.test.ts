/** What travels in headers: injection by CRLF, markup, forged hosts and addresses, caches. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertOf } from '../flows/answers.ts';
import { type Agent, createAgent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  findCallback,
  redeem,
  registerApp,
  registerMachine,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, newPerson, obtainCode, signUp } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { sendRaw } from './raw-http.ts';

let cloud: TestCloud;
let agent: Agent;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud({ parameters: { OneTimeCodeMailsPerHourAndSource: '10' } });
  ({ agent } = await plantSignedIn(cloud));
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());

const LINE_BREAKS = [
  '\r\nSet-Cookie: session=evil',
  '\nX-Evil: 1',
  '\r X-Evil: 1',
  '\u2028x',
  '\0x',
];

describe.each(LINE_BREAKS)('a line break in a parameter (%j)', (evil) => {
  test.each(['state', 'nonce', 'login_hint', 'ui_locales', 'scope', 'prompt', 'client_id'])(
    'adds no header by %s',
    async (name) => {
      const value = `openid ${evil}`;
      const { answer } = await authorize(cloud, agent, app, { [name]: value });
      expect(answer.headers.get('x-evil')).toBeNull();
      expect(answer.headers.getSetCookie().join()).not.toContain('evil');
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('location') ?? '').toMatch(/^[\x21-\x7e]*$/);
    },
  );

  test('makes a state that is refused, and not repeated (RFC 6749 A.5)', async () => {
    const { answer } = await authorize(cloud, agent, app, { state: `a${evil}` });
    const { error, state } = findCallback(answer) ?? {};
    expect({ error, state }).toEqual({ error: 'invalid_request', state: undefined });
  });
});

describe.each([
  '"><script>alert(1)</script>',
  "' onfocus=alert(1) x='",
  '</style><img src=x onerror=alert(1)>',
])('markup in a parameter (%s)', (evil) => {
  test.each(['login_hint', 'state', 'ui_locales'])(
    'is shown as text, if at all: %s',
    async (name) => {
      const visitor = createAgent(cloud.issuer);
      const { answer } = await authorize(cloud, visitor, app, { [name]: evil });
      expect(answer.body).not.toContain(evil);
      expect(answer.document.querySelectorAll('script, img[onerror], [onfocus]')).toEqual([]);
    },
  );

  test('is shown as text in an address that was typed', async () => {
    const visitor = createAgent(cloud.issuer);
    const typed = { email: evil, password: 'any' };
    const answer = await visitor.submit(await visitor.get('/sign-in'), '/sign-in', typed);
    expect(answer.body).not.toContain(evil);
    expect(answer.document.querySelectorAll('script, img[onerror], [onfocus]')).toEqual([]);
  });

  test('is text in an answer by form post, whose page runs one script of ours alone', async () => {
    const parameters = { response_mode: 'form_post', state: evil };
    const { answer } = await authorize(cloud, agent, app, parameters);
    const state = answer.document.querySelector('input[name=state]')?.getAttribute('value');
    expect(state).toBe(evil);
    const scripts = answer.document.querySelectorAll('script');
    expect(scripts).toHaveLength(1);
    const nonce = scripts[0]?.getAttribute('nonce') ?? 'none';
    expect(answer.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
  });
});

describe('a forged host', () => {
  test.each(['evil.example', 'localhost', 'evil.example:80'])('is not served: %s', async (host) => {
    const { status, body } = await sendRaw(new URL('/sign-in', cloud.issuer), { host });
    expect(status).toBe(421);
    expect(body).not.toContain('evil');
  });

  test.each([
    { 'x-forwarded-host': 'evil.example' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-original-host': 'evil.example', 'x-forwarded-proto': 'https' },
  ])('is believed in no header: %j', async (headers) => {
    const person = newPerson();
    const visitor = createAgent(cloud.issuer);
    const page = await visitor.get('/sign-up', { headers });
    const fields = { email: person.email, password: person.password, terms: 'accepted' };
    const answer = await visitor.submit(page, '/sign-up', fields, { headers });
    expect(page.body + answer.body).not.toContain('evil');
    const { links, html } = cloud.requireMail(person.email);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(new URL(link).origin).toBe(cloud.issuer);
    expect(html).not.toContain('evil');
    const discovery = await visitor.get('/.well-known/openid-configuration', { headers });
    expect(discovery.body).not.toContain('evil');
  });

  test('a forged sender address lifts no limit', async () => {
    const limited: Array<string> = [];
    for (let count = 0; count < 12; count += 1) {
      const headers = {
        'x-forwarded-for': `203.0.113.${count}`,
        'x-real-ip': `198.51.100.${count}`,
      };
      const visitor = createAgent(cloud.issuer);
      const { email, password } = newPerson();
      const fields = { email, password, terms: 'accepted' };
      const page = await visitor.get('/sign-up', { headers });
      const answer = await visitor.submit(page, '/sign-up', fields, { headers });
      if (cloud.inbox(email).length === 0) limited.push(alertOf(answer));
    }
    expect(limited.length).toBeGreaterThanOrEqual(2);
  });
});

describe('no cache keeps what is personal', () => {
  test.each([
    '/account',
    '/account/password',
    '/sign-in',
    '/sign-up',
    '/recover',
    '/oauth2/logout',
    '/',
  ])('of %s', async (path) => {
    const { headers } = await agent.get(path, { follow: false });
    expect(headers.get('cache-control')).toContain('no-store');
  });

  test('of a redirect with a code, of the tokens, of errors', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, app);
    const { answer } = await authorize(cloud, agent, app);
    const machine = await registerMachine(cloud);
    const answers = [
      answer,
      await redeem(cloud, attempt, code),
      await redeem(cloud, attempt, code),
      await clientCredentials(cloud, machine),
      await authorize(cloud, agent, app, { client_id: 'nobody' }).then((arrival) => arrival.answer),
      await signUp(createAgent(cloud.issuer), await agent.get('/sign-up'), newPerson()),
    ];
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toContain('no-store');
    }
  });
});
