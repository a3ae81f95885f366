import type { Client } from './client.ts';
import { OAuthError } from './errors.ts';
import type { Grant } from './grant.ts';
import { hasScope } from './scope.ts';
import { addSeconds, type EpochSeconds } from './time.ts';

interface Issuance {
  readonly issuer: string;
  readonly audience: ReadonlyArray<string>;
  readonly scope: string;
  /** Unique per token. */
  readonly jti: string;
  readonly now: EpochSeconds;
  readonly lifetimeSeconds: number;
}

/** RFC 9068 §2.2, for a person. `gid` names the grant, so that revocation reaches the token. */
export function personAccessTokenClaims(grant: Grant, issuance: Issuance) {
  return {
    ...commonClaims(grant.clientId, issuance),
    sub: grant.sub,
    auth_time: grant.authTime,
    gid: grant.grantId,
  };
}

/** RFC 9068 §2.2: without a person, `sub` is the client. */
export function machineAccessTokenClaims(client: Client, issuance: Issuance) {
  return { ...commonClaims(client.clientId, issuance), sub: client.clientId };
}

function commonClaims(clientId: string, issuance: Issuance) {
  const { issuer, audience, scope, jti, now, lifetimeSeconds } = issuance;
  return {
    iss: issuer,
    aud: audience.length === 1 ? audience[0] : audience,
    client_id: clientId,
    iat: now,
    exp: addSeconds(now, lifetimeSeconds),
    jti,
    ...(scope === '' ? {} : { scope }),
  };
}

/**
 * RFC 8707 §2: the resources asked for, which must be registered; else the client's first
 * audience, else the issuer. With `openid` the issuer is added: it serves userinfo; with `privacy`,
 * too: it serves `/v1/me`. Throws invalid_target.
 */
export function chooseAudience(
  client: Client,
  resources: ReadonlyArray<string>,
  { issuer, scope }: { readonly issuer: string; readonly scope: string },
): ReadonlyArray<string> {
  const [defaultAudience = issuer] = client.audiences;
  const chosen = resources.length === 0 ? [defaultAudience] : resources;
  requireKnownResources(client, chosen, issuer);
  const isForUs = hasScope(scope, 'openid') || hasScope(scope, 'privacy');
  return [...new Set(isForUs ? [...chosen, issuer] : chosen)];
}

/**
 * RFC 8707 §2.2: of what was granted, as far as it is still registered, all or what is asked for
 * now; anything registered when the grant names nothing. Throws invalid_target.
 */
export function narrowResources(
  granted: ReadonlyArray<string> | undefined,
  requested: ReadonlyArray<string>,
  { client, issuer }: { readonly client: Client; readonly issuer: string },
): ReadonlyArray<string> {
  if (granted === undefined) {
    requireKnownResources(client, requested, issuer);
    return requested;
  }
  const left = granted.filter((resource) => isKnownResource(client, resource, issuer));
  const chosen = requested.length === 0 ? left : requested;
  if (chosen.length > 0 && chosen.every((resource) => left.includes(resource))) return chosen;
  throw new OAuthError('invalid_target', { detail: 'a resource was not granted' });
}

/** To be checked before anything is consumed. Throws invalid_target. */
export function requireKnownResources(
  client: Client,
  resources: ReadonlyArray<string>,
  issuer: string,
): void {
  if (resources.every((resource) => isKnownResource(client, resource, issuer))) return;
  throw new OAuthError('invalid_target', { detail: 'a resource is not registered' });
}

function isKnownResource(client: Client, resource: string, issuer: string): boolean {
  return resource === issuer || client.audiences.includes(resource);
}
