/** Whatever is sent to a deployment of several cells, at the issuer's host and at each cell's own. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withFewCountries } from '../flows/cell-countries.ts';
import { createResident, identify, type Resident, requireUrl } from '../flows/residents.ts';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  pushRequest,
  registerApp,
  requireText,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, obtainCode, obtainTokens } from '../harness/journeys.ts';
import { requestToOneOf, TYPED_TEXT } from './arbitraries.ts';
import { type RawResponse, sendRaw } from './raw-request.ts';

/** Fixed, so that a failure comes back: fast-check prints the path to it. */
const SEED = 20_260_102;
const REQUESTS_PER_ROUTE = 60;
const SUBMISSIONS_PER_FORM = 40;

const STACK_TRACE = /\n\s+at .+:\d+|node_modules|\.m?[jt]s:\d+:\d+|[A-Z]\w+Error: /;

/** What leads from cell to cell, or is answered for another one. */
const ROUTES = [
  ...['GET /hand-over', 'POST /sign-in/identifier', 'GET /sign-up/region', 'POST /sign-up/region'],
  ...['GET /sign-in', 'POST /sign-in', 'GET /sign-up', 'GET /verify', 'POST /recover'],
  ...['GET /recover/reset', 'GET /account', 'GET /oauth2/authorize', 'POST /oauth2/authorize'],
  ...['GET /oauth2/logout', 'POST /oauth2/token', 'POST /oauth2/revoke', 'GET /oauth2/userinfo'],
  ...['POST /oauth2/introspect', 'POST /oauth2/par'],
];

let cloud: TestCloud;
let app: App;
let inEu: Resident;
let known: ReadonlyArray<string>;
/** Of the issuer, which us answers, and of both cells. */
let hosts: ReadonlyArray<string>;

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us'],
    transformTemplate: withFewCountries,
    parameters: {
      OneTimeCodeMailsPerHourAndSource: '10000',
      ThrottlingBurst: '100000',
      ThrottlingRatePerSecond: '100000',
      SignInThrottlingBurst: '10000',
      SignInThrottlingRatePerSecond: '10000',
    },
  });
  app = await registerApp(cloud);
  await cloud.flushReplication();
  inEu = await createResident(cloud, 'eu');
  cloud.setEntry('us');
  hosts = [cloud.issuer, ...Object.values(cloud.cellUrls)];
  known = await collectKnown();
}, 120_000);
afterAll(() => cloud?.close());

/** Values that exist, for the fuzzer to send as they are and slightly wrong, to whichever cell. */
async function collectKnown(): Promise<ReadonlyArray<string>> {
  const { agent, person } = inEu;
  const { code } = await obtainCode(cloud, agent, app);
  const tokens = await obtainTokens(cloud, agent, app);
  const pushed = await pushRequest(cloud, attemptAuthorization(cloud, app));
  const handOver = await obtainHandOver();
  return [
    ...[app.clientId, app.clientSecret ?? '', app.redirectUri, person.email, code, handOver],
    ...['access_token', 'refresh_token', 'id_token'].map((name) => requireText(tokens, name)),
    pushed.searchParams.get('request_uri') ?? '',
    ...agent.cookies.values(),
  ];
}

async function obtainHandOver(): Promise<string> {
  const stranger = createAgent(cloud);
  const { answer } = await authorize(cloud, stranger, app);
  const { email } = inEu.person;
  const led = await stranger.submit(answer, '/sign-in/identifier', { email }, { follow: false });
  return led.leadsTo?.searchParams.get('token') ?? '';
}

function expectPlainAnswer({ status, body, headers }: RawResponse): void {
  expect(status, body.slice(0, 300)).toBeLessThan(500);
  expect(status).toBeGreaterThanOrEqual(200);
  expect(STACK_TRACE.exec(body)?.[0]).toBeUndefined();
  if (body !== '') expect(headers['content-type']).toMatch(/^(text\/html|application\/)/);
  expectOwnHost(String(headers['location'] ?? ''));
}

/** A redirect stays among the deployment's hosts, or leads to the app's registered address. */
function expectOwnHost(location: string): void {
  if (!/^https?:/.test(location)) return;
  const origins = [...hosts, app.redirectUri].map((url) => new URL(url).origin);
  expect(origins).toContain(new URL(location).origin);
}

describe('whatever is sent', () => {
  test.each(['the issuer', 'eu', 'us'])(
    'to %s is answered, and leads nowhere else',
    async (place) => {
      const host = place === 'the issuer' ? cloud.issuer : requireUrl(cloud, place);
      const cookies = [...inEu.agent.cookies.keys(), 'home', 'handover'];
      const request = requestToOneOf(ROUTES, cookies, known);

      await fc.assert(
        fc.asyncProperty(request, async (raw) => {
          expectPlainAnswer(await sendRaw(host, raw));
        }),
        { seed: SEED, numRuns: REQUESTS_PER_ROUTE * ROUTES.length },
      );
    },
  );

  test.each<[name: string, open: (agent: Agent) => Promise<Answer>]>([
    ['address', async (agent) => (await authorize(cloud, agent, app)).answer],
    ['region', (agent) => agent.get('/sign-up/region')],
    ['place', async (agent) => agent.get('/sign-up/region?country=other')],
    [
      'sign-in after a hand-over',
      async (agent) => {
        const { answer } = await authorize(cloud, agent, app);
        return identify(agent, answer, inEu.person.email);
      },
    ],
  ])('typed into the form of the %s page is answered', async (_, open) => {
    const agent = createAgent(cloud);
    const page = await open(agent);
    const form = page.document.querySelector('form');
    const inputs = form?.querySelectorAll('input, select') ?? [];
    const names = inputs.map((input) => input.getAttribute('name') ?? '');
    expect(names, page.body.slice(0, 200)).not.toEqual([]);
    const text = fc.oneof(TYPED_TEXT, fc.constantFrom('DE', 'US', 'XX', 'other', 'eu', 'us', 'xx'));
    const fields = fc
      .array(fc.tuple(fc.constantFrom(...names), text), { maxLength: names.length })
      .map(Object.fromEntries);

    await fc.assert(
      fc.asyncProperty(fields, async (typed) => {
        const { status, body, headers } = await agent.submit(page, 0, typed, { follow: false });
        expectPlainAnswer({ status, body, headers: Object.fromEntries(headers) });
      }),
      { seed: SEED, numRuns: SUBMISSIONS_PER_FORM },
    );
  });
});

test('nothing that is sent to a cell by its front passes for a message of another cell', async () => {
  const before = [await cloud.items('data', 'eu'), await cloud.items('directory', 'eu')];
  const message = { cellMessage: { kind: 'settle-claim', sub: 'x' }, from: 'us' };
  for (const host of hosts) {
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const answer = await sendRaw(host, {
        method: 'POST',
        target: '/sign-in?cellMessage=settle-claim&from=us&forwardedBy=us',
        headers: { 'content-type': type },
        body: Buffer.from(JSON.stringify(message)),
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  }
  expect([await cloud.items('data', 'eu'), await cloud.items('directory', 'eu')]).toEqual(before);
});
