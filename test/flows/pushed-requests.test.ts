/** `POST /oauth2/par` and what comes of it: RFC 9126. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  type AuthorizationAttempt,
  attemptAuthorization,
  findCallback,
  redeem,
  registerApp,
  requireCode,
  requireText,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainTokens, type Person, signIn } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { callsBetween } from './answers.ts';
import { basic, postForm, type RawAnswer } from './post-form.ts';
import { expectRefusal, type Refusal } from './token-refusals.ts';

const URN = 'urn:ietf:params:oauth:request_uri:';

let cloud: TestCloud;
let agent: Agent;
let person: Person;
let shop: App;
let other: App;
let publicApp: App;
let endpoint: URL;

beforeAll(async () => {
  cloud = await startTestCloud();
  endpoint = new URL('/oauth2/par', cloud.issuer);
  ({ agent, person } = await plantSignedIn(cloud));
  shop = await registerApp(cloud);
  other = await registerApp(cloud);
  publicApp = await registerApp(cloud, { authMethod: 'none' });
});
afterAll(() => cloud?.close());

interface Pushed {
  readonly attempt: AuthorizationAttempt;
  readonly answer: RawAnswer;
  readonly requestUri: string;
}

/** Pushes what the app would else put into the browser's address. */
async function push(
  parameters: Readonly<Record<string, string>> = {},
  app = shop,
): Promise<Pushed> {
  const attempt = attemptAuthorization(cloud, app, parameters);
  const answer = await postForm(endpoint, attempt.url.searchParams.toString(), basic(app));
  return { attempt, answer, requestUri: String(answer.json['request_uri']) };
}

/** §4: where the browser is sent. */
function authorizationUrl(requestUri: string, app = shop, more: Record<string, string> = {}): URL {
  const query = new URLSearchParams({
    client_id: app.clientId,
    request_uri: requestUri,
    ...more,
  });
  return new URL(`/oauth2/authorize?${query}`, cloud.issuer);
}

function expectRefusalPage(page: Answer): void {
  expect({ status: page.status, leadsTo: page.leadsTo }).toEqual({ status: 400 });
  expect(page.document.querySelector('h1')).not.toBeNull();
  expect(page.body).toContain('invalid_request');
}

describe('a pushed request', () => {
  test('is answered with a URN that names its cell and how long it lives (§2.2)', async () => {
    const { answer, requestUri } = await push();
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json).toEqual({ request_uri: requestUri, expires_in: 90 });
    expect(requestUri).toMatch(/^urn:ietf:params:oauth:request_uri:eu\.[\w-]{22}$/);
  });

  test('leads to a code, and the code to tokens (§4)', async () => {
    const { attempt, requestUri } = await push();
    const answer = await agent.get(authorizationUrl(requestUri));
    expect(findCallback(answer)).toMatchObject({ state: attempt.state, iss: cloud.issuer });
    const tokens = await redeem(cloud, attempt, requireCode(answer));
    expect(requireText(tokens, 'scope')).toBe(shop.scope);
  });

  test('leads somebody who has to sign in first to their app as well', async () => {
    const { attempt, requestUri } = await push();
    const visitor = createAgent(cloud.issuer);
    const page = await visitor.get(authorizationUrl(requestUri));
    const answer = await signIn(visitor, page, person);
    expect((await redeem(cloud, attempt, requireCode(answer))).status).toBe(200);
  });

  test('may be sent by a form too, once the browser has shown its cookies', async () => {
    const { attempt, requestUri } = await push();
    const fields = { client_id: shop.clientId, request_uri: requestUri };
    const answer = await agent.post('/oauth2/authorize', fields);
    expect((await redeem(cloud, attempt, requireCode(answer))).status).toBe(200);
    const next = await push();
    const bare = createAgent(cloud.issuer);
    const page = await bare.post('/oauth2/authorize', { ...fields, request_uri: next.requestUri });
    expect(new URL(page.url).pathname).toBe('/sign-in');
  });

  test('counts alone: what the browser adds is not looked at (§4)', async () => {
    const { requestUri } = await push({ scope: 'openid' });
    const url = authorizationUrl(requestUri, shop, {
      ...{ scope: 'openid email', state: 'added', redirect_uri: 'https://evil.example/' },
    });
    const answer = await agent.get(url);
    expect(answer.leadsTo?.href.startsWith(shop.redirectUri)).toBe(true);
    expect(findCallback(answer)?.state).not.toBe('added');
  });

  test('arrives when the browser does: a session begun meanwhile is no fresh sign-in', async () => {
    const { requestUri } = await push({ prompt: 'login' });
    await cloud.advance(5);
    const { agent: fresh } = await plantSignedIn(cloud);
    await cloud.advance(5);
    const page = await fresh.get(authorizationUrl(requestUri));
    expect(new URL(page.url).pathname).toBe('/sign-in');
  });

  test('with prompt=none is answered at the app when nobody is signed in', async () => {
    const { requestUri } = await push({ prompt: 'none' });
    const answer = await createAgent(cloud.issuer).get(authorizationUrl(requestUri));
    expect(findCallback(answer)?.error).toBe('login_required');
  });

  test('takes an id_token_hint, and checks it at once', async () => {
    const idToken = requireText(await obtainTokens(cloud, agent, shop), 'id_token');
    const { requestUri } = await push({ id_token_hint: idToken, prompt: 'none' });
    requireCode(await agent.get(authorizationUrl(requestUri)));
    const foreign = requireText(await obtainTokens(cloud, agent, other), 'id_token');
    const { answer } = await push({ id_token_hint: foreign });
    expect(answer.json['error']).toBe('invalid_request');
  });

  test('costs one AWS call to leave and one to fetch', async () => {
    await agent.get(authorizationUrl((await push()).requestUri));
    const before = cloud.mark();
    const { requestUri } = await push();
    expect(callsBetween(cloud, before)).toEqual(['dynamodb:PutItem']);
    const mark = cloud.mark();
    await createAgent(cloud.issuer).get(authorizationUrl(requestUri));
    expect(callsBetween(cloud, mark)).toEqual(['dynamodb:UpdateItem']);
  });

  test('is nothing that whoever reads our tables can read', async () => {
    const { requestUri } = await push({ login_hint: 'ada@example.com' });
    const stored = JSON.stringify(await cloud.items('data'));
    expect(stored).toContain('PAR#');
    expect(stored).not.toContain('ada@example.com');
    expect(stored).not.toContain(requestUri.split('.')[1]);
  });
});

test.each([
  ['the session cannot be read', 'GetItem'],
  ['the code cannot be written', 'PutItem'],
])('a pushed request leads to a code after all when %s at first', async (_what, operation) => {
  const { requestUri } = await push();
  cloud.fault({ service: 'dynamodb', operation, kind: 'error', times: 1000 });
  const failed = await agent.get(authorizationUrl(requestUri));
  cloud.clearFaults();
  expect(failed.status).toBe(503);
  expect(failed.headers.get('retry-after')).not.toBeNull();

  requireCode(await agent.get(authorizationUrl(requestUri)));
  expectRefusalPage(await agent.get(authorizationUrl(requestUri)));
});

test('on prompt=none the app is told, and the pushed request is used up by that', async () => {
  const { requestUri } = await push({ prompt: 'none' });
  cloud.fault({ service: 'dynamodb', operation: 'GetItem', kind: 'error', times: 1000 });
  const told = await agent.get(authorizationUrl(requestUri));
  cloud.clearFaults();
  expect(findCallback(told)?.error).toBe('temporarily_unavailable');
  expectRefusalPage(await agent.get(authorizationUrl(requestUri)));
});

describe('a request_uri shows a page and leads nowhere', () => {
  test('when it was used before (§4)', async () => {
    const { requestUri } = await push();
    await agent.get(authorizationUrl(requestUri));
    expectRefusalPage(await agent.get(authorizationUrl(requestUri)));
  });

  test('when its time is up', async () => {
    const { requestUri } = await push();
    await cloud.advance(91);
    expectRefusalPage(await agent.get(authorizationUrl(requestUri)));
  });

  test("when it is another client's, which can still use it (§2.2)", async () => {
    const { requestUri } = await push();
    expectRefusalPage(await agent.get(authorizationUrl(requestUri, other)));
    requireCode(await agent.get(authorizationUrl(requestUri)));
  });

  test.each([`${URN}eu.never-given`, `${URN}xx.never-given`])('when it is %s', async (unknown) => {
    expectRefusalPage(await agent.get(authorizationUrl(unknown)));
  });

  test('when the client is unknown', async () => {
    const { requestUri } = await push();
    const page = await agent.get(authorizationUrl(requestUri, { ...shop, clientId: 'nobody' }));
    expect(page.status).toBe(400);
    requireCode(await agent.get(authorizationUrl(requestUri)));
  });
});

test('a request_uri that is not ours is refused at the app as before (OIDC Core §6.2)', async () => {
  const attempt = attemptAuthorization(cloud, shop, {
    request_uri: 'https://shop.example/request.jwt',
  });
  const answer = await agent.get(attempt.url);
  expect(findCallback(answer)?.error).toBe('request_uri_not_supported');
});

const refused = (
  promise: string,
  parameters: Readonly<Record<string, string>>,
  error: string,
): Refusal => ({
  ...{ promise, status: 400, error },
  send: async () => (await push(parameters)).answer,
});

const asClient = (app: () => App, headers: () => Record<string, string>) => async () =>
  postForm(endpoint, attemptAuthorization(cloud, app()).url.searchParams.toString(), headers());

const REFUSALS: ReadonlyArray<Refusal> = [
  {
    promise: 'a request without client authentication (§2)',
    send: asClient(
      () => shop,
      () => ({}),
    ),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a public client: who proves nothing makes us write nothing',
    send: asClient(
      () => publicApp,
      () => ({}),
    ),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: "another client's client_id",
    send: asClient(
      () => other,
      () => basic(shop),
    ),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'a parameter sent twice',
    send: () => postForm(endpoint, 'response_type=code&response_type=code', basic(shop)),
    status: 400,
    error: 'invalid_request',
  },
  refused('a request_uri (§2.1)', { request_uri: `${URN}eu.abc` }, 'invalid_request'),
  refused('a request object, which we do not read', { request: 'a.b.c' }, 'request_not_supported'),
  refused(
    'an unregistered redirect_uri (§2.3)',
    { redirect_uri: 'https://evil.example/' },
    'invalid_request',
  ),
  refused('a missing redirect_uri', { redirect_uri: '' }, 'invalid_request'),
  refused('another response_type', { response_type: 'token' }, 'unsupported_response_type'),
  refused('a missing code_challenge', { code_challenge: '' }, 'invalid_request'),
  refused('PKCE with plain', { code_challenge_method: 'plain' }, 'invalid_request'),
  refused('no scope that the client may have', { scope: 'admin' }, 'invalid_scope'),
  refused('an unknown resource', { resource: 'https://other.example' }, 'invalid_target'),
  refused('prompt none among others', { prompt: 'none login' }, 'invalid_request'),
  refused('a nonce that is too long', { nonce: 'n'.repeat(513) }, 'invalid_request'),
  refused('a forged id_token_hint', { id_token_hint: 'a.b.c' }, 'invalid_request'),
];

test.each(REFUSALS)('the endpoint refuses $promise', expectRefusal);

test('what is refused is not kept', async () => {
  const count = async () =>
    (await cloud.items('data')).filter(({ pk }) => JSON.stringify(pk).includes('PAR#')).length;
  const before = await count();
  await push({ scope: 'admin' });
  expect(await count()).toBe(before);
});

test('discovery names the endpoint (§5)', async () => {
  const url = new URL('/.well-known/oauth-authorization-server', cloud.issuer);
  expect(await (await fetch(url)).json()).toMatchObject({
    pushed_authorization_request_endpoint: endpoint.href,
    require_pushed_authorization_requests: false,
  });
});
