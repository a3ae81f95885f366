/** Bearer tokens: RFC 6750. */
import { OAuthError } from '../core/errors.ts';
import type { HttpRequest } from './message.ts';

/** RFC 6750 §2.1 or §2.2, never both; never the query (§2.3), which ends up in logs. */
export function readBearerToken({ headers, form, method }: HttpRequest, issuer: string): string {
  const authorization = headers.get('authorization');
  const inBody = method === 'POST' ? form.find('access_token') : undefined;
  if (authorization !== undefined && inBody !== undefined) {
    throw refuseToken(issuer, 'invalid_request', 'the token is sent twice');
  }
  if (inBody !== undefined) return inBody;
  const [, token] = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '') ?? [];
  if (token !== undefined) return token;
  // RFC 6750 §3.1: who sent no credentials is told the scheme and no error.
  throw new OAuthError('invalid_token', {
    detail: 'no bearer token',
    headers: { 'www-authenticate': `Bearer realm="${issuer}"` },
  });
}

/** RFC 6750 §3: the error stands in the header too. */
export function refuseToken(
  issuer: string,
  code: 'invalid_request' | 'invalid_token' | 'insufficient_scope',
  detail: string,
  scope?: string,
): OAuthError {
  const parts = [`realm="${issuer}"`, `error="${code}"`];
  if (scope !== undefined) parts.push(`scope="${scope}"`);
  return new OAuthError(code, {
    detail,
    headers: { 'www-authenticate': `Bearer ${parts.join(', ')}` },
  });
}
