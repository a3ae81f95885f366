/** REST as apps speak it: JSON in, JSON out, a bearer token. */

import { decodeJwt } from 'jose';
import type { Agent } from '../harness/agent.ts';
import { type App, clientCredentials, redeem, registerApp, requireText } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { createSignedIn, obtainCode, type Person } from '../harness/journeys.ts';

/** `Json` is what the test expects of the body; it asserts the rest. */
export interface RestAnswer<Json> {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
}

export interface RestCall {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The issuer unless said otherwise. */
  readonly origin?: string;
}

/** `rest(cloud, 'GET /v1/me/consents', { token })`. */
export async function rest<Json = Readonly<Record<string, unknown>>>(
  cloud: Pick<TestCloud, 'issuer'>,
  route: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`,
  { token, body, headers = {}, origin = cloud.issuer }: RestCall = {},
): Promise<RestAnswer<Json>> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(new URL(path, origin), {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: Json = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, json };
}

/** Somebody signed in, with an app that may ask for everything that REST of people needs. */
export interface RestPerson {
  readonly agent: Agent;
  readonly person: Person;
  readonly app: App;
  readonly sub: string;
  /** Access token with the scopes `openid privacy consents`. */
  readonly token: string;
}

export async function signedInWithToken(
  cloud: TestCloud,
  signedIn?: { readonly agent: Agent; readonly person: Person },
): Promise<RestPerson> {
  const { agent, person } = signedIn ?? (await createSignedIn(cloud));
  const app = await registerApp(cloud, { scope: 'openid privacy consents' });
  const token = await tokenFor(cloud, agent, app);
  return { agent, person, app, token, sub: String(decodeJwt(token).sub) };
}

export async function tokenFor(cloud: TestCloud, agent: Agent, app: App): Promise<string> {
  const { attempt, code } = await obtainCode(cloud, agent, app);
  return requireText(await redeem(cloud, attempt, code), 'access_token');
}

/** A client's token in its own name. */
export async function machineToken(cloud: TestCloud, scope: string): Promise<string> {
  const client = await cloud.registerClient({
    client_name: 'A nightly job',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope,
  });
  const app: App = {
    clientId: client.client_id,
    clientSecret: client.client_secret,
    authMethod: 'client_secret_basic',
    redirectUri: '',
    postLogoutRedirectUri: '',
    scope,
  };
  return requireText(await clientCredentials(cloud, app), 'access_token');
}
