import { OAuthError } from '../core/errors.ts';
import type { Parameters } from '../http/parameters.ts';

/** In characters. Longer than anything we issue or expect; the default is for short names. */
const MAX_LENGTHS: Readonly<Record<string, number>> = {
  client_assertion: 8192,
  client_secret: 1024,
  code: 4096,
  id_token_hint: 6144,
  redirect_uri: 2048,
  refresh_token: 4096,
  resource: 2048,
  scope: 2048,
  state: 2048,
  token: 8192,
  access_token: 8192,
};
const DEFAULT_MAX_LENGTH = 512;

/** RFC 6749 §3.2: no parameter twice, but for `resource` (RFC 8707 §2); all bounded in length. */
export function requireSoundForm(form: Parameters): void {
  const repeated = form.findRepeated(['resource']);
  if (repeated !== undefined) throw invalidRequest('a parameter is repeated');
  for (const name of form.names()) {
    const limit = MAX_LENGTHS[name] ?? DEFAULT_MAX_LENGTH;
    if (form.all(name).some((value) => value.length > limit)) {
      throw invalidRequest('a parameter is too long');
    }
  }
}

export function requireField(form: Parameters, name: string): string {
  const value = form.find(name);
  if (value === undefined) throw invalidRequest(`${name} is missing`);
  return value;
}

function invalidRequest(detail: string): OAuthError {
  return new OAuthError('invalid_request', { detail });
}
