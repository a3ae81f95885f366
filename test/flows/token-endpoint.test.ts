/** `POST /oauth2/token`, what any request must look like: RFC 6749 §2.3, §3.2, §5. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, registerMachine } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { basic, postForm, readAnswer } from './post-form.ts';
import { expectRefusal, type Refusal } from './token-refusals.ts';

let cloud: TestCloud;
let machine: App;
let tokenEndpoint: URL;

beforeAll(async () => {
  cloud = await startTestCloud();
  tokenEndpoint = new URL('/oauth2/token', cloud.issuer);
  machine = await registerMachine(cloud);
});
afterAll(() => cloud?.close());

const GRANT = 'grant_type=client_credentials';

const REQUEST_ROWS: ReadonlyArray<Refusal> = [
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

test.each(REQUEST_ROWS)('the token endpoint refuses $promise', expectRefusal);

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
