/** What may be told of a token, and to whom: RFC 7662 §2.2 and §4. */
import type { Client } from './client.ts';
import type { EpochSeconds } from './time.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Members of an answer about an active token. */
export type Introspection = Claims & { readonly active: true };

/** Whatever is not active, unknown or not the asker's to know looks the same (§2.2). */
export const INACTIVE = { active: false } as const;

/** Of an access token's claims; `gid`, which names the grant, is our own business. */
const TOLD = ['iss', 'sub', 'aud', 'client_id', 'scope', 'exp', 'iat', 'jti', 'auth_time'] as const;

/**
 * The client that an access token was issued to, and resource servers: those that are registered
 * for one of its audiences. The issuer is in most tokens' and makes nobody a resource server.
 */
export function mayIntrospect(client: Client, claims: Claims, issuer: string): boolean {
  if (claims['client_id'] === client.clientId) return true;
  const audiences = [claims['aud']].flat();
  return client.audiences.some((own) => own !== issuer && audiences.includes(own));
}

export function describeAccessToken(claims: Claims): Introspection {
  const told = TOLD.filter((name) => claims[name] !== undefined);
  return {
    active: true,
    token_type: 'Bearer',
    ...Object.fromEntries(told.map((name) => [name, claims[name]])),
  };
}

/** A refresh token has no audience but us; only its own client asks. */
export function describeRefreshToken(token: {
  readonly issuer: string;
  readonly sub: string;
  readonly clientId: string;
  readonly scope: string;
  readonly endsAt: EpochSeconds;
}): Introspection {
  const { issuer, sub, clientId, scope, endsAt } = token;
  return { active: true, iss: issuer, sub, client_id: clientId, scope, exp: endsAt };
}
