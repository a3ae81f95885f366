/** What access tokens for this deployment's own APIs have to say: RFC 9068 §4. */
import type { ClientId, Sub } from '../core/ids.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import { hasScope } from '../core/scope.ts';
import type { EpochSeconds } from '../core/time.ts';
import { readBearerToken, refuseToken } from './bearer.ts';
import type { HttpRequest } from './message.ts';

interface Deps {
  readonly accessTokens: AccessTokens;
  readonly issuer: string;
}

/** Whom a token speaks for. Whether its grant is still open is for the caller to see. */
export interface PersonToken {
  readonly sub: Sub;
  readonly grantId: string;
  readonly clientId: ClientId;
  readonly scope: string;
  /** When they signed in (RFC 9068 §2.2.1). */
  readonly authTime?: EpochSeconds;
}

/**
 * Throws invalid_token or insufficient_scope. No AWS call once warm. `isForUsAlone`: what another
 * API was sent too, it could pass on (RFC 9068 §5, RFC 9700 §2.3).
 */
export async function requirePersonToken(
  deps: Deps,
  request: HttpRequest,
  { scope, isForUsAlone }: { readonly scope: string; readonly isForUsAlone: boolean },
): Promise<PersonToken> {
  const { sub, gid, ...claims } = await requireClaims(deps, request);
  if (isForUsAlone && [claims['aud']].flat().length > 1) {
    throw refuseToken(deps.issuer, 'invalid_token', 'the token is for other audiences as well');
  }
  if (typeof sub !== 'string' || typeof gid !== 'string') {
    throw refuseToken(deps.issuer, 'invalid_token', 'the token speaks for no person');
  }
  const granted = requireScope(deps.issuer, claims['scope'], scope);
  const authTime = claims['auth_time'];
  return {
    ...{ sub: sub as Sub, grantId: gid, clientId: clientOf(claims), scope: granted },
    ...(typeof authTime === 'number' && { authTime: authTime as EpochSeconds }),
  };
}

/** A client's token in its own name (RFC 6749 §4.4). Throws as `requirePersonToken`. */
export async function requireClientToken(
  deps: Deps,
  request: HttpRequest,
  scope: string,
): Promise<ClientId> {
  const claims = await requireClaims(deps, request);
  if (claims['gid'] !== undefined || claims['sub'] !== claims['client_id']) {
    throw refuseToken(deps.issuer, 'invalid_token', 'the token speaks for a person');
  }
  requireScope(deps.issuer, claims['scope'], scope);
  return clientOf(claims);
}

/** It has to be for us: a token for another API of the same issuer opens nothing here. */
async function requireClaims({ accessTokens, issuer }: Deps, request: HttpRequest) {
  const token = readBearerToken(request, issuer);
  const claims = await accessTokens.verify(token, request.now);
  if (claims === undefined) throw refuseToken(issuer, 'invalid_token', 'the token is not valid');
  if (![claims['aud']].flat().includes(issuer)) {
    throw refuseToken(issuer, 'invalid_token', 'the token is for other audiences');
  }
  return claims;
}

function requireScope(issuer: string, granted: unknown, wanted: string): string {
  if (typeof granted === 'string' && hasScope(granted, wanted)) return granted;
  throw refuseToken(issuer, 'insufficient_scope', `the token lacks ${wanted}`, wanted);
}

/** Of a verified token, hence one of ours. */
function clientOf(claims: Readonly<Record<string, unknown>>): ClientId {
  return String(claims['client_id']) as ClientId;
}
