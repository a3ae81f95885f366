import { createHash, randomBytes } from 'node:crypto';
import type { InboxMessage } from '../../local/types.ts';
import type { Answer } from './agent.ts';

type Awaitable<Value> = Value | Promise<Value>;

/** What journeys need of a running cloud: a test's, or the one that the bench measures. */
export interface JourneyCloud {
  readonly issuer: string;
  /** Where each cell's pages live, by name. */
  readonly cellUrls?: Readonly<Record<string, string>>;
  readonly frontHeaders?: Readonly<Record<string, string>>;
  /** Newest first. */
  inbox(to?: string): Awaitable<ReadonlyArray<InboxMessage>>;
  /** RFC 7591 metadata in, client information out. */
  registerClient(
    metadata: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly client_id: string; readonly client_secret?: string | undefined }>;
}

/** A registered client, as its app knows it. */
export interface App {
  readonly clientId: string;
  /** Absent for public clients. */
  readonly clientSecret: string | undefined;
  readonly authMethod: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  readonly scope: string;
}

interface AppOptions {
  readonly authMethod?: App['authMethod'];
  readonly scope?: string;
  /** Other members of RFC 7591 and of ours. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const DEFAULT_SCOPE = 'openid profile email offline_access';

/** A web app with code flow and refresh tokens; confidential unless told otherwise. */
export async function registerApp(cloud: JourneyCloud, options: AppOptions = {}): Promise<App> {
  const { authMethod = 'client_secret_basic', scope = DEFAULT_SCOPE, metadata = {} } = options;
  const origin = `https://${randomBytes(4).toString('hex')}.app.example`;
  const app = {
    redirectUri: `${origin}/callback`,
    postLogoutRedirectUri: `${origin}/`,
    authMethod,
    scope,
  };
  const registered = await cloud.registerClient({
    client_name: 'A shop',
    redirect_uris: [app.redirectUri],
    post_logout_redirect_uris: [app.postLogoutRedirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: authMethod,
    scope,
    ...metadata,
  });
  return { ...app, clientId: registered.client_id, clientSecret: registered.client_secret };
}

/** A service that acts for itself (RFC 6749 §4.4). */
export async function registerMachine(cloud: JourneyCloud, scope = 'read'): Promise<App> {
  const registered = await cloud.registerClient({
    client_name: 'A nightly job',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope,
  });
  return {
    clientId: registered.client_id,
    clientSecret: registered.client_secret,
    authMethod: 'client_secret_basic',
    redirectUri: '',
    postLogoutRedirectUri: '',
    scope,
  };
}

/** What an app remembers of an authorization request until the browser comes back. */
export interface AuthorizationAttempt {
  readonly app: App;
  readonly url: URL;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** RFC 6749 §4.1.1 with PKCE (RFC 7636 §4.2) and nonce. An empty parameter is left out. */
export function attemptAuthorization(
  cloud: Pick<JourneyCloud, 'issuer'>,
  app: App,
  parameters: Readonly<Record<string, string>> = {},
): AuthorizationAttempt {
  const state = randomBytes(16).toString('base64url');
  const nonce = randomBytes(16).toString('base64url');
  const codeVerifier = randomBytes(32).toString('base64url');
  const url = new URL('/oauth2/authorize', cloud.issuer);
  const sent = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: app.scope,
    state,
    nonce,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  };
  for (const [name, value] of Object.entries(sent)) {
    if (value !== '') url.searchParams.set(name, value);
  }
  return { app, url, state, nonce, codeVerifier };
}

/** The authorization response (RFC 6749 §4.1.2, RFC 9207 §2). */
export interface Callback {
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly state: string | undefined;
  readonly iss: string | undefined;
}

/** Undefined while the browser is still at the issuer. */
export function findCallback(answer: Answer): Callback | undefined {
  const parameters = answer.leadsTo?.searchParams;
  if (parameters === undefined || !(parameters.has('code') || parameters.has('error'))) {
    return undefined;
  }
  const find = (name: string) => parameters.get(name) ?? undefined;
  return { code: find('code'), error: find('error'), state: find('state'), iss: find('iss') };
}

/** Throws when the browser stands elsewhere than at the app with a code. */
export function requireCode(answer: Answer): string {
  const code = findCallback(answer)?.code;
  if (code !== undefined) return code;
  const heading = answer.document.querySelector('h1')?.text ?? answer.body.slice(0, 200);
  const where = new URL(answer.url).pathname;
  throw new Error(`no code: the browser is at ${where} (status ${answer.status}, "${heading}")`);
}

/** An answer of an endpoint that speaks JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

/** `code` → tokens (RFC 6749 §4.1.3). `overrides` replace or, empty, drop parameters. */
export function redeem(
  cloud: Pick<JourneyCloud, 'issuer'>,
  attempt: Pick<AuthorizationAttempt, 'app' | 'codeVerifier'>,
  code: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  return requestTokens(cloud, attempt.app, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: attempt.app.redirectUri,
    code_verifier: attempt.codeVerifier,
    ...overrides,
  });
}

/** RFC 6749 §6. */
export function refresh(
  cloud: Pick<JourneyCloud, 'issuer'>,
  app: App,
  refreshToken: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken, ...overrides };
  return requestTokens(cloud, app, parameters);
}

/** RFC 6749 §4.4.2. */
export function clientCredentials(
  cloud: Pick<JourneyCloud, 'issuer'>,
  app: App,
): Promise<JsonAnswer> {
  return requestTokens(cloud, app, { grant_type: 'client_credentials', scope: app.scope });
}

/** RFC 7009 §2.1. */
export function revoke(
  cloud: Pick<JourneyCloud, 'issuer'>,
  app: App,
  token: string,
): Promise<JsonAnswer> {
  return postAsClient(cloud, '/oauth2/revoke', app, { token });
}

/** RFC 7662 §2.1. */
export function introspect(
  cloud: Pick<JourneyCloud, 'issuer'>,
  app: App,
  token: string,
): Promise<JsonAnswer> {
  return postAsClient(cloud, '/oauth2/introspect', app, { token });
}

/** RFC 9126 §2: leaves the request with the issuer; answers with where the browser is sent. */
export async function pushRequest(
  cloud: Pick<JourneyCloud, 'issuer'>,
  { app, url }: Pick<AuthorizationAttempt, 'app' | 'url'>,
): Promise<URL> {
  const request = Object.fromEntries(url.searchParams);
  const pushed = await postAsClient(cloud, '/oauth2/par', app, request);
  const short = new URL('/oauth2/authorize', cloud.issuer);
  short.searchParams.set('client_id', app.clientId);
  short.searchParams.set('request_uri', requireText(pushed, 'request_uri'));
  return short;
}

/** OIDC Core §5.3.1. */
export async function userinfo(
  cloud: Pick<JourneyCloud, 'issuer'>,
  accessToken: string,
): Promise<JsonAnswer> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return readJson(await fetch(new URL('/oauth2/userinfo', cloud.issuer), { headers }));
}

export function requestTokens(
  cloud: Pick<JourneyCloud, 'issuer'>,
  app: App,
  parameters: Readonly<Record<string, string>>,
): Promise<JsonAnswer> {
  return postAsClient(cloud, '/oauth2/token', app, parameters);
}

/** Throws unless the member is text, naming the answer's error. */
export function requireText({ json, status }: JsonAnswer, member: string): string {
  const value = json[member];
  if (typeof value === 'string') return value;
  const why = `${json['error'] ?? 'no error'}: ${json['error_description'] ?? ''}`;
  throw new Error(`the answer (${status}) has no ${member}; ${why}`);
}

async function postAsClient(
  { issuer }: Pick<JourneyCloud, 'issuer'>,
  path: string,
  app: App,
  parameters: Readonly<Record<string, string>>,
): Promise<JsonAnswer> {
  const { headers, fields } = authenticate(app);
  const sent = Object.entries({ ...parameters, ...fields }).filter(([, value]) => value !== '');
  const body = new URLSearchParams(sent).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = new URL(path, issuer);
  return readJson(await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } }));
}

/** RFC 6749 §2.3.1: Basic carries id and secret form-encoded. */
function authenticate({ authMethod, clientId, clientSecret = '' }: App): {
  headers: Record<string, string>;
  fields: Record<string, string>;
} {
  switch (authMethod) {
    case 'none':
      return { headers: {}, fields: { client_id: clientId } };
    case 'client_secret_post':
      return { headers: {}, fields: { client_id: clientId, client_secret: clientSecret } };
    case 'client_secret_basic': {
      const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
      return { headers: { authorization: `Basic ${btoa(pair)}` }, fields: {} };
    }
  }
}

async function readJson(response: Response): Promise<JsonAnswer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: text === '' ? {} : JSON.parse(text),
    requestId: response.headers.get('apigw-requestid') ?? '',
  };
}
