/** Client authentication at the token endpoint: RFC 6749 §2.3, §5.2. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, registerApp, registerMachine } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { basic, postForm } from './post-form.ts';
import { expectRefusal, type Refusal } from './token-refusals.ts';

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

const CLIENT_ROWS: ReadonlyArray<Refusal> = [
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

test.each(CLIENT_ROWS)('the token endpoint refuses $promise', expectRefusal);

test('a client that tried the Authorization header is told its scheme (§5.2)', async () => {
  const wrong = await postForm(tokenEndpoint, GRANT, basic({ ...machine, clientSecret: 'no' }));
  expect(wrong.headers.get('www-authenticate')).toBe(`Basic realm="${cloud.issuer}"`);
  const none = await postForm(tokenEndpoint, GRANT);
  expect(none.headers.get('www-authenticate')).toBeNull();
});
