import { consentClaims } from '../core/consents/standing.ts';
import { profileClaims } from '../core/id-token.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import { hasScope } from '../core/scope.ts';
import { requirePersonToken } from '../http/access-tokens.ts';
import { refuseToken } from '../http/bearer.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import type { HomeOf } from '../http/home-of.ts';
import { privateJson } from '../http/json-response.ts';
import { requireSoundForm } from './form-fields.ts';

interface Deps {
  readonly accessTokens: AccessTokens;
  readonly profiles: Pick<Profiles, 'findWithGrant'>;
  readonly homeOf: Pick<HomeOf, 'unknownPerson'>;
  readonly issuer: string;
  readonly policy: PrivacyPolicy;
}

/** `GET|POST /oauth2/userinfo` (OIDC Core §5.3). One AWS call. */
export function createUserinfoEndpoint(deps: Deps): HomingEndpoint {
  const { profiles, homeOf, issuer, policy } = deps;
  return async (request) => {
    requireSoundForm(request.form);
    const { sub, grantId, scope } = await requirePersonToken(deps, request, {
      scope: 'openid',
      isForUsAlone: false,
    });
    const found = await profiles.findWithGrant(sub, grantId, request.now, {
      choices: hasScope(scope, 'consents'),
    });
    if (!found.grantIsKnown) {
      const home = await homeOf.unknownPerson(request, sub, found.home);
      if (home !== undefined) return { home };
    }
    const { account, grantIsOpen } = found;
    if (!grantIsOpen) throw refuseToken(issuer, 'invalid_token', 'the grant has ended');
    if (account?.status !== 'active')
      throw refuseToken(issuer, 'invalid_token', 'the account is gone');
    return privateJson({
      sub,
      ...profileClaims(account, scope),
      ...consentClaims(policy, found.choices, scope),
    });
  };
}
