import type { Account } from './account.ts';
import type { Grant } from './grant.ts';
import { hasScope } from './scope.ts';
import { addSeconds, type EpochSeconds } from './time.ts';

interface Issuance {
  readonly issuer: string;
  readonly now: EpochSeconds;
  readonly lifetimeSeconds: number;
}

/**
 * OIDC Core §2. No `at_hash`: it is optional for tokens from the token endpoint (§3.1.3.6), and
 * hashing the signed access token first would put two KMS calls in a row.
 */
export function idTokenClaims(grant: Grant, { issuer, now, lifetimeSeconds }: Issuance) {
  return {
    iss: issuer,
    sub: grant.sub,
    aud: grant.clientId,
    iat: now,
    exp: addSeconds(now, lifetimeSeconds),
    auth_time: grant.authTime,
    ...(grant.amr.length === 0 ? {} : { amr: grant.amr }),
    sid: grant.sessionId,
    ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
  };
}

/** OIDC Core §12.2: a refreshed ID token repeats no `nonce`. */
export function refreshedIdTokenClaims(grant: Grant, issuance: Issuance) {
  const { nonce: _nonce, ...withoutNonce } = grant;
  return idTokenClaims(withoutNonce, issuance);
}

/** Claims by scope (OIDC Core §5.4), in ID tokens and from userinfo. */
export function profileClaims(account: Account, scope: string) {
  return {
    ...(hasScope(scope, 'email')
      ? { email: account.attributes.email, email_verified: account.emailVerified }
      : {}),
    ...(hasScope(scope, 'profile')
      ? { locale: account.attributes.locale, updated_at: account.updatedAt }
      : {}),
  };
}
