import type { AuthorizationRequest } from './authorization-request.ts';
import { OAuthError } from './errors.ts';
import type { IdTokenHints } from './ports/id-token-hints.ts';

/**
 * OIDC Core §3.1.2.1: whom an `id_token_hint` names is who has to sign in. Throws invalid_request
 * for a token that is not ours, or another client's.
 */
export async function applyIdTokenHint(
  idTokenHints: IdTokenHints,
  idToken: string | undefined,
  request: AuthorizationRequest,
): Promise<AuthorizationRequest> {
  if (idToken === undefined) return request;
  const hint = await idTokenHints.verify(idToken);
  if (hint === undefined || hint.clientId !== request.clientId) {
    throw new OAuthError('invalid_request', { detail: 'id_token_hint is not ours' });
  }
  return { ...request, subHint: hint.sub };
}
