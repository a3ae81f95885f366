import { OAuthError } from './errors.ts';

/** RFC 6749 §3.3: printable ASCII without space, quote and backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/**
 * Scopes that speak of a person; a client acting for itself has no use for them. `consents` is none:
 * of a person it adds a claim, of a client it opens `/v1/consents/check`.
 */
const PERSON_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
  'privacy',
]);

/** The distinct values of a scope string, in their order. */
export function scopeValues(scope: string): ReadonlyArray<string> {
  return [...new Set(scope.split(' ').filter((value) => value !== ''))];
}

export function hasScope(scope: string, value: string): boolean {
  return scopeValues(scope).includes(value);
}

export function isScope(scope: string): boolean {
  return scopeValues(scope).every((value) => SCOPE_TOKEN.test(value));
}

/** RFC 6749 §6: what is asked for, which must not exceed what was granted. Throws invalid_scope. */
export function narrowScope(granted: string, requested: string | undefined): string {
  if (requested === undefined) return granted;
  const values = scopeValues(requested);
  const allowed = scopeValues(granted);
  if (values.length === 0 || !values.every((value) => allowed.includes(value))) {
    throw new OAuthError('invalid_scope', { detail: 'the scope exceeds what was granted' });
  }
  return values.join(' ');
}

/** What is left of a grant when the operator has taken scopes back from the client since. */
export function withinRegistration(granted: string, registered: string): string {
  const allowed = scopeValues(registered);
  return scopeValues(granted)
    .filter((value) => allowed.includes(value))
    .join(' ');
}

/** What a client may be granted for itself (RFC 6749 §4.4). */
export function machineScope(registered: string): string {
  return scopeValues(registered)
    .filter((value) => !PERSON_SCOPES.has(value))
    .join(' ');
}
