import { OAuthError } from './errors.ts';

/** The parameters of a request as they came. */
export interface AuthorizationParameters {
  /** Undefined when absent or empty (RFC 6749 §3.1). */
  find(name: string): string | undefined;
  all(name: string): ReadonlyArray<string>;
  /** The first name that was sent more than once, but for those that may. */
  findRepeated(except?: ReadonlyArray<string>): string | undefined;
}

/** What we understand, in characters; of `resource`, which may repeat (RFC 8707 §2), together. */
const MAX_LENGTHS = {
  client_id: 128,
  redirect_uri: 2048,
  response_type: 64,
  response_mode: 32,
  scope: 1024,
  state: 2048,
  nonce: 512,
  code_challenge: 128,
  code_challenge_method: 16,
  prompt: 64,
  max_age: 10,
  login_hint: 254,
  ui_locales: 256,
  resource: 1024,
  id_token_hint: 6144,
  /** Ours are shorter, with the longest `login_hint` too (RFC 9126 §2.2). */
  request_uri: 2400,
} as const;

type Name = keyof typeof MAX_LENGTHS;
const NAMES = Object.keys(MAX_LENGTHS) as ReadonlyArray<Name>;
const REPEATABLE: ReadonlyArray<Name> = ['resource'];

/** Bytes of JSON that travel on, so that they stay below HTTP API's 10 KiB of headers, sealed. */
const MAX_CARRIED = 4096;
const CARRIED: ReadonlyArray<Name> = [
  ...(['redirect_uri', 'scope', 'state', 'nonce', 'login_hint', 'ui_locales'] as const),
  'resource',
];

/** Bytes of a query with all of it; with cookies and the browser's own headers below 10 KiB. */
const MAX_QUERY = 8192;

/** RFC 6749 appendix A.5: `1*VSCHAR`. */
const STATE = /^[\x20-\x7e]+$/;

/** True when a parameter that names the client or where to answer is sent twice or too long. */
export function isUnanswerable(parameters: AuthorizationParameters): boolean {
  return (['client_id', 'redirect_uri'] as const).some(
    (name) => parameters.all(name).length > 1 || isTooLong(parameters, name),
  );
}

/** The state, if it is one that a redirect can carry back, whatever else is wrong. */
export function findAnswerableState(parameters: AuthorizationParameters): string | undefined {
  const state = parameters.find('state') ?? '';
  const isSound =
    STATE.test(state) && parameters.all('state').length === 1 && !isTooLong(parameters, 'state');
  return isSound ? state : undefined;
}

/** Throws invalid_request for what is repeated or too long, alone or together. */
export function requireBounded(parameters: AuthorizationParameters): void {
  if (parameters.findRepeated(REPEATABLE) !== undefined) throw invalid('a parameter is repeated');
  const long = NAMES.find((name) => isTooLong(parameters, name));
  if (long !== undefined) throw invalid(`${long} is too long`);
  if (parameters.find('state') !== undefined && findAnswerableState(parameters) === undefined) {
    throw invalid('state is not printable ASCII');
  }
  // As it is sealed: in JSON, a control character takes six bytes.
  const carried = JSON.stringify(CARRIED.flatMap((name) => parameters.all(name)));
  const isTooMuch =
    Buffer.byteLength(carried) > MAX_CARRIED || toQuery(parameters).length > MAX_QUERY;
  if (isTooMuch) throw invalid('the parameters are too long together');
}

/** A query of what we understand: whatever else a form held is not sent on. */
export function toQuery(parameters: AuthorizationParameters): string {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    for (const value of parameters.all(name)) query.append(name, value);
  }
  return query.toString();
}

function isTooLong(parameters: AuthorizationParameters, name: Name): boolean {
  const length = parameters.all(name).reduce((sum, value) => sum + value.length, 0);
  return length > MAX_LENGTHS[name];
}

function invalid(detail: string): OAuthError {
  return new OAuthError('invalid_request', { detail });
}
