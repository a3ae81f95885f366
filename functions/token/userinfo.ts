import { profileClaims } from '../core/id-token.ts';
import type { Sub } from '../core/ids.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import { hasScope } from '../core/scope.ts';
import { readBearerToken, refuseToken } from '../http/bearer.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import { privateJson } from '../http/json-response.ts';
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
    if (claims === undefined) throw refuseToken(issuer, 'invalid_token', 'the token is not valid');
    const { sub, grantId, scope } = requirePerson(claims, issuer);
    const found = await profiles.findWithGrant(sub, grantId, request.now);
    if (!found.grantIsKnown) {
      const home = await homeOf.unknownPerson(request, sub, found.home);
      if (home !== undefined) return { home };
    }
    const { account, grantIsOpen } = found;
    if (!grantIsOpen) throw refuseToken(issuer, 'invalid_token', 'the grant has ended');
    if (account?.status !== 'active')
      throw refuseToken(issuer, 'invalid_token', 'the account is gone');
    return privateJson({ sub, ...profileClaims(account, scope) });
  };
}

/** Whose claims a token is for; it has to be for us. */
function requirePerson(
  { aud, sub, gid, scope }: Readonly<Record<string, unknown>>,
  issuer: string,
): { readonly sub: Sub; readonly grantId: string; readonly scope: string } {
  if (![aud].flat().includes(issuer)) {
    throw refuseToken(issuer, 'invalid_token', 'the token is for other audiences');
  }
  if (typeof sub !== 'string' || typeof gid !== 'string') {
    throw refuseToken(issuer, 'invalid_token', 'the token speaks for no person');
  }
  if (typeof scope !== 'string' || !hasScope(scope, 'openid')) {
    throw refuseToken(issuer, 'insufficient_scope', 'the token lacks openid', 'openid');
  }
  return { sub: sub as Sub, grantId: gid, scope };
}
