/** `POST /oauth2/token`, what any request must look like: RFC 6749 §2.3, §3.2, §5. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, registerApp, registerMachine } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { basic, postForm, type RawAnswer, readAnswer } from './post-form.ts';

let cloud: TestCloud;
let machine: App;
let poster: App;
let publicApp: App;
let tokenEndpoint: URL;

beforeAll(async () => {
  cloud = await startTestCloud();
  tokenEndpoint = new URL('/oauth2/token', cloud.issuer);
  machine = await registerMachine(cloud);
  poster = await registerApp(cloud, { authMethod: 'client_secret_post' });
  publicApp = await registerApp(cloud, { authMethod: 'none' });
});
afterAll(() => cloud?.close());

const GRANT = 'grant_type=client_credentials';
const secretOf = ({ clientSecret = '' }: App) => clientSecret;

interface Row {
  readonly promise: string;
  readonly send: () => Promise<RawAnswer>;
  readonly status: number;
  readonly error: string;
}

const REQUEST_ROWS: ReadonlyArray<Row> = [
  {
    promise: 'a parameter sent twice (§3.2)',
    send: () => postForm(tokenEndpoint, `${GRANT}&${GRANT}`, basic(machine)),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'an unknown parameter sent twice (§3.2)',
    send: () => postForm(tokenEndpoint, `${GRANT}&x=1&x=2`, basic(machine)),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'a missing grant_type (§5.2)',
    send: () => postForm(tokenEndpoint, 'scope=read', basic(machine)),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'an empty grant_type, which counts as omitted (§3.2)',
    send: () => postForm(tokenEndpoint, 'grant_type=', basic(machine)),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'an unknown grant_type (§5.2)',
    send: () => postForm(tokenEndpoint, 'grant_type=password', basic(machine)),
    status: 400,
    error: 'unsupported_grant_type',
  },
  {
    promise: 'a grant_type named like a member of every object (§5.2)',
    send: () => postForm(tokenEndpoint, 'grant_type=constructor', basic(machine)),
    status: 400,
    error: 'unsupported_grant_type',
  },
  {
    promise: 'a grant type that the client is not registered for (§5.2)',
    send: () => postForm(tokenEndpoint, 'grant_type=refresh_token&refresh_token=x', basic(machine)),
    status: 400,
    error: 'unauthorized_client',
  },
  {
    promise: 'a scope beyond the registered one (§5.2)',
    send: () => postForm(tokenEndpoint, `${GRANT}&scope=read+write`, basic(machine)),
    status: 400,
    error: 'invalid_scope',
  },
  {
    promise: 'an unknown resource (RFC 8707 §2)',
    send: () => postForm(tokenEndpoint, `${GRANT}&resource=https://other.example`, basic(machine)),
    status: 400,
    error: 'invalid_target',
  },
  {
    promise: 'a body that is not a form',
    send: () =>
      postForm(tokenEndpoint, '{}', { ...basic(machine), 'content-type': 'application/json' }),
    status: 415,
    error: 'invalid_request',
  },
  {
    promise: 'parameters in the query instead of the body (§3.2)',
    send: () => postForm(new URL(`?${GRANT}`, tokenEndpoint), '', basic(machine)),
    status: 400,
    error: 'invalid_request',
  },
];

const CLIENT_ROWS: ReadonlyArray<Row> = [
  {
    promise: 'no client authentication at all',
    send: () => postForm(tokenEndpoint, GRANT),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'an unknown client',
    send: () => postForm(tokenEndpoint, GRANT, basic({ ...machine, clientId: 'nobody' })),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a wrong secret',
    send: () => postForm(tokenEndpoint, GRANT, basic({ ...machine, clientSecret: 'guess' })),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'an empty secret',
    send: () => postForm(tokenEndpoint, GRANT, basic({ ...machine, clientSecret: '' })),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'the secret by a method that is not the registered one',
    send: () =>
      postForm(
        tokenEndpoint,
        `${GRANT}&client_id=${machine.clientId}&client_secret=${secretOf(machine)}`,
      ),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a confidential client that sends its name alone',
    send: () => postForm(tokenEndpoint, `${GRANT}&client_id=${machine.clientId}`),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a public client that sends a secret',
    send: () =>
      postForm(tokenEndpoint, `${GRANT}&client_id=${publicApp.clientId}&client_secret=guess`),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'two methods at once (§2.3)',
    send: () =>
      postForm(
        tokenEndpoint,
        `${GRANT}&client_id=${machine.clientId}&client_secret=${secretOf(machine)}`,
        basic(machine),
      ),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'Basic for one client and client_id of another',
    send: () => postForm(tokenEndpoint, `${GRANT}&client_id=${poster.clientId}`, basic(machine)),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'Basic that is not base64',
    send: () => postForm(tokenEndpoint, GRANT, { authorization: 'Basic %%%' }),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a bearer token instead of client authentication',
    send: () => postForm(tokenEndpoint, GRANT, { authorization: 'Bearer abc' }),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a public client that asks to act for itself (§4.4)',
    send: () => postForm(tokenEndpoint, `${GRANT}&client_id=${publicApp.clientId}`),
    status: 400,
    error: 'unauthorized_client',
  },
];

describe.each([
  { about: 'requests (RFC 6749 §3.2)', rows: REQUEST_ROWS },
  { about: 'client authentication (RFC 6749 §2.3)', rows: CLIENT_ROWS },
])('the token endpoint refuses malformed $about', ({ rows }) => {
  test.each(rows)('$promise', async ({ send, status, error }) => {
    const answer = await send();
    expect(answer.json).toMatchObject({ error, error_description: expect.any(String) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    // §5.2: characters that error and error_description may hold.
    expect(String(answer.json['error_description'])).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});

test('a client that tried the Authorization header is told its scheme (§5.2)', async () => {
  const wrong = await postForm(tokenEndpoint, GRANT, basic({ ...machine, clientSecret: 'no' }));
  expect(wrong.headers.get('www-authenticate')).toBe(`Basic realm="${cloud.issuer}"`);
  const none = await postForm(tokenEndpoint, GRANT);
  expect(none.headers.get('www-authenticate')).toBeNull();
});

test('a success names type, lifetime and scope, and nobody may keep it (§5.1)', async () => {
  const { status, headers, json } = await postForm(tokenEndpoint, GRANT, basic(machine));
  expect(status).toBe(200);
  expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'read' });
  expect(json).not.toHaveProperty('refresh_token');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('pragma')).toBe('no-cache');
});

test('only POST is understood (§3.2)', async () => {
  const answer = await readAnswer(await fetch(tokenEndpoint));
  expect([404, 405]).toContain(answer.status);
});

test('a browser app of any origin may read answers, without cookies', async () => {
  const origin = { origin: 'https://spa.example' };
  const { headers } = await postForm(tokenEndpoint, GRANT, { ...basic(machine), ...origin });
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('access-control-allow-credentials')).toBeNull();
});
