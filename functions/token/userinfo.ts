import { OAuthError } from '../core/errors.ts';
import { profileClaims } from '../core/id-token.ts';
import type { Sub } from '../core/ids.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import { hasScope } from '../core/scope.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import { privateJson } from '../http/json-response.ts';
import type { HttpRequest } from '../http/message.ts';
import { requireSoundForm } from './form-fields.ts';
import type { HomeOf } from './home-of.ts';

interface Deps {
  readonly accessTokens: AccessTokens;
  readonly profiles: Pick<Profiles, 'findWithGrant'>;
  readonly homeOf: Pick<HomeOf, 'unknownPerson'>;
  readonly issuer: string;
}

/** `GET|POST /oauth2/userinfo` (OIDC Core §5.3). One AWS call. */
export function createUserinfoEndpoint(deps: Deps): HomingEndpoint {
  const { accessTokens, profiles, homeOf, issuer } = deps;
  return async (request) => {
    requireSoundForm(request.form);
    const token = readBearerToken(request, issuer);
    const claims = await accessTokens.verify(token, request.now);
    if (claims === undefined) throw refuse(issuer, 'invalid_token', 'the token is not valid');
    const { sub, grantId, scope } = requirePerson(claims, issuer);
    const found = await profiles.findWithGrant(sub, grantId, request.now);
    if (!found.grantIsKnown) {
      const home = await homeOf.unknownPerson(request, sub, found.home);
      if (home !== undefined) return { home };
    }
    const { account, grantIsOpen } = found;
    if (!grantIsOpen) throw refuse(issuer, 'invalid_token', 'the grant has ended');
    if (account?.status !== 'active') throw refuse(issuer, 'invalid_token', 'the account is gone');
    return privateJson({ sub, ...profileClaims(account, scope) });
  };
}

/** Whose claims a token is for; it has to be for us. */
function requirePerson(
  { aud, sub, gid, scope }: Readonly<Record<string, unknown>>,
  issuer: string,
): { readonly sub: Sub; readonly grantId: string; readonly scope: string } {
  if (![aud].flat().includes(issuer)) {
    throw refuse(issuer, 'invalid_token', 'the token is for other audiences');
  }
  if (typeof sub !== 'string' || typeof gid !== 'string') {
    throw refuse(issuer, 'invalid_token', 'the token speaks for no person');
  }
  if (typeof scope !== 'string' || !hasScope(scope, 'openid')) {
    throw refuse(issuer, 'insufficient_scope', 'the token lacks openid', 'openid');
  }
  return { sub: sub as Sub, grantId: gid, scope };
}

/** RFC 6750 §2.1 or §2.2, never both; never the query (§2.3), which ends up in logs. */
function readBearerToken({ headers, form, method }: HttpRequest, issuer: string): string {
  const authorization = headers.get('authorization');
  const inBody = method === 'POST' ? form.find('access_token') : undefined;
  if (authorization !== undefined && inBody !== undefined) {
    throw refuse(issuer, 'invalid_request', 'the token is sent twice');
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
function refuse(
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
