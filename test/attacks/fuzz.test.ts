import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { type App, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  createSignedIn,
  newPerson,
  obtainCode,
  obtainTokens,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { requestToOneOf, TYPED_TEXT } from './arbitraries.ts';
import { type RawResponse, sendRaw } from './raw-request.ts';

/** Fixed, so that a failure comes back: fast-check prints the path to it. */
const SEED = 20_260_101;
const REQUESTS_PER_ROUTE = 120;
const SUBMISSIONS_PER_FORM = 40;

const STACK_TRACE = /\n\s+at .+:\d+|node_modules|\.m?[jt]s:\d+:\d+|[A-Z]\w+Error: /;

describe('whatever is sent', () => {
  let cloud: TestCloud;
  let app: App;
  let browser: Awaited<ReturnType<typeof createSignedIn>>;
  let known: ReadonlyArray<string>;
  let routes: ReadonlyArray<string>;

  beforeAll(async () => {
    cloud = await startTestCloud({
      parameters: {
        OneTimeCodeMailsPerHourAndSource: '10000',
        ThrottlingBurst: '100000',
        ThrottlingRatePerSecond: '100000',
        SignInThrottlingBurst: '10000',
        SignInThrottlingRatePerSecond: '10000',
      },
    });
    routes = cloud.cloud.deployment
      .byType('AWS::ApiGatewayV2::Route')
      .map(({ properties }) => String(properties['RouteKey']));
    app = await registerApp(cloud);
    browser = await createSignedIn(cloud);
    known = await collectKnown();
  });
  afterAll(() => cloud.close());

  /** Values that exist, for the fuzzer to send as they are and slightly wrong. */
  async function collectKnown(): Promise<ReadonlyArray<string>> {
    const { agent, person } = browser;
    const { code } = await obtainCode(cloud, agent, app);
    const tokens = await obtainTokens(cloud, agent, app);
    const stranger = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, stranger, app);
    const hidden = answer.document.querySelectorAll('input[type=hidden]');
    const secrets = [app.clientId, app.clientSecret ?? '', app.redirectUri, person.email, code];
    return [
      ...secrets,
      ...['access_token', 'refresh_token', 'id_token'].map((name) => requireText(tokens, name)),
      ...hidden.map((input) => input.getAttribute('value') ?? ''),
      ...agent.cookies.values(),
    ];
  }

  function expectPlainAnswer({ status, body, headers }: RawResponse): void {
    expect(status, body.slice(0, 300)).toBeLessThan(500);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(STACK_TRACE.exec(body)?.[0]).toBeUndefined();
    if (body !== '') expect(headers['content-type']).toMatch(/^(text\/html|application\/)/);
  }

  test('at any route is answered, never with a failure of ours or a stack trace', async () => {
    const cookies = [...browser.agent.cookies.keys()];
    const request = requestToOneOf(routes, cookies, known);

    await fc.assert(
      fc.asyncProperty(request, async (raw) => {
        expectPlainAnswer(await sendRaw(cloud.issuer, raw));
      }),
      { seed: SEED, numRuns: REQUESTS_PER_ROUTE * routes.length },
    );
    // Thousands of requests, on a machine that may be busy.
  }, 180_000);

  test.each<[name: string, open: (agent: Agent) => Promise<Answer>]>([
    ['sign-in', async (agent) => (await authorize(cloud, agent, app, { prompt: 'login' })).answer],
    ['sign-up', (agent) => agent.get('/sign-up')],
    ['verify', async (agent) => signUp(agent, await agent.get('/sign-up'), newPerson())],
    ['recover', (agent) => agent.get('/recover')],
    ['reset', (agent) => askRecovery(agent, newPerson().email)],
    ['password', (agent) => agent.get('/account/password')],
    ['account', (agent) => agent.get('/account')],
    [
      'sign-out',
      async (agent) => {
        await signIn(agent, await agent.get('/sign-in'), browser.person);
        return agent.get('/oauth2/logout');
      },
    ],
  ])('typed into the form of the %s page is answered', async (_, open) => {
    const page = await open(browser.agent);
    const form = page.document.querySelector('form');
    const inputs = form?.querySelectorAll('input') ?? [];
    const names = inputs.map((input) => input.getAttribute('name') ?? '');
    expect(names, page.body.slice(0, 200)).not.toEqual([]);
    const field = fc.tuple(fc.constantFrom(...names), TYPED_TEXT);
    const fields = fc.array(field, { maxLength: names.length }).map(Object.fromEntries);

    await fc.assert(
      fc.asyncProperty(fields, async (typed) => {
        const answer = await browser.agent.submit(page, 0, typed, { follow: false });
        expectPlainAnswer({
          status: answer.status,
          body: answer.body,
          headers: Object.fromEntries(answer.headers),
        });
        for (const [name, value] of answer.headers) {
          expect(name).not.toBe('a');
          expect(value).not.toContain('\n');
        }
      }),
      { seed: SEED, numRuns: SUBMISSIONS_PER_FORM },
    );
  });

  describe('malformed', () => {
    const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

    function post(target: string, body: string | Buffer, headers: Record<string, string> = FORM) {
      return sendRaw(cloud.issuer, { method: 'POST', target, headers, body: Buffer.from(body) });
    }

    const JSON_TYPE = { 'content-type': 'application/json' };

    /** Routes that take a body: a form, but for REST, which takes JSON. */
    function postRoutes(): ReadonlyArray<string> {
      return routes.filter((route) => route.startsWith('POST ')).map((route) => route.slice(5));
    }

    function isRest(path: string): boolean {
      return path.startsWith('/v1/');
    }

    function typeOf(path: string): Record<string, string> {
      return isRest(path) ? JSON_TYPE : FORM;
    }

    test('a body over 64 kB is too large at every route that takes one', async () => {
      for (const path of postRoutes()) {
        const { status } = await post(path, `a=${'b'.repeat(65_536)}`, typeOf(path));
        expect({ path, status }).toEqual({ path, status: 413 });
      }
    });

    test.each([
      ...['application/json', 'application/x-www-form-urlencoded'],
      ...['multipart/form-data; boundary=x', 'text/plain', ''],
    ])(
      'a body of type "%s" is of no supported type at every route that takes one',
      async (type) => {
        const others = postRoutes().filter((path) => typeOf(path)['content-type'] !== type);
        for (const path of others) {
          const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
          const { status } = await post(path, '{"grant_type":"client_credentials"}', headers);
          expect({ path, status }).toEqual({ path, status: 415 });
        }
      },
    );

    test('bytes that are not UTF-8 are refused at every route that takes a body', async () => {
      for (const path of postRoutes()) {
        const bytes = Buffer.from([0x61, 0x3d, 0xff, 0xfe]);
        const { status } = await post(path, bytes, typeOf(path));
        expect({ path, status }).toEqual({ path, status: 400 });
      }
    });

    test.each(['/oauth2/token', '/oauth2/revoke', '/oauth2/introspect', '/oauth2/par'])(
      'a repeated parameter at %s is an invalid request',
      async (path) => {
        const { status, body } = await post(path, 'client_id=a&client_id=b&grant_type=x&token=y');
        expect(status).toBe(400);
        expect(JSON.parse(body).error).toBe('invalid_request');
      },
    );

    test('a repeated field of a page is refused', async () => {
      const agent = createAgent(cloud.issuer);
      const { answer: page } = await authorize(cloud, agent, app);
      const body = new URLSearchParams({ email: browser.person.email, password: 'a password' });
      for (const input of page.document.querySelectorAll('input[type=hidden]')) {
        body.set(input.getAttribute('name') ?? '', input.getAttribute('value') ?? '');
      }
      body.append('email', 'somebody.else@example.com');

      expect((await agent.post('/sign-in', body.toString())).status).toBe(400);
    });

    test.each([
      ['credentials that are no base64', 'Basic §§§'],
      ['credentials without a colon', `Basic ${btoa('client')}`],
      ['credentials with a broken percent-encoding', `Basic ${btoa('a%zz:b%')}`],
      [
        'credentials that are not UTF-8',
        `Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`,
      ],
      ['no credentials', 'Basic'],
      ['an unknown scheme', 'Negotiate YII='],
    ])('%s do not authenticate a client', async (_, authorization) => {
      const sent = Buffer.from(authorization).toString('latin1');
      const headers = { ...FORM, authorization: sent };
      const { status, body } = await post(
        '/oauth2/token',
        'grant_type=client_credentials',
        headers,
      );
      expect(status).toBe(401);
      expect(JSON.parse(body).error).toBe('invalid_client');
    });

    test.each([
      ['no token', 'Bearer '],
      ['one part', 'Bearer abc'],
      ['no JSON in its header', `Bearer ${'!'.repeat(8)}.e30.AA`],
      ['no algorithm', 'Bearer e30.e30.AA'],
      ['algorithm none', `Bearer ${btoa('{"alg":"none"}').replace(/=+$/, '')}.e30.`],
      ['a header that is an array', `Bearer ${btoa('[]').replace(/=+$/, '')}.e30.AA`],
      [
        'a prototype as header',
        `Bearer ${btoa('{"__proto__":1,"alg":"ES256"}').replace(/=+$/, '')}.e30.AA`,
      ],
      ['five parts', 'Bearer a.b.c.d.e'],
    ])('a bearer token with %s is refused', async (_, authorization) => {
      const request = { method: 'GET', target: '/oauth2/userinfo', body: Buffer.alloc(0) };
      const answer = await sendRaw(cloud.issuer, { ...request, headers: { authorization } });
      expect([400, 401]).toContain(answer.status);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    });

    test.each(['%', '%zz', '%ff%fe', '%00', 'a=%E0%A4%A', '&&&==&', '=;=', '+'.repeat(200)])(
      'the query "%s" is answered at every route',
      async (query) => {
        for (const route of routes) {
          const [method = '', path] = route.split(' ');
          const target = `${path}?${query}`;
          const raw = { method, target, headers: FORM, body: Buffer.alloc(0) };
          const { status } = await sendRaw(cloud.issuer, raw);
          expect(status, `${route}?${query}`).toBeLessThan(500);
        }
      },
    );
  });
});
