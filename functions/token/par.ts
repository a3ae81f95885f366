/** Pushed authorization requests: RFC 9126 §2. */
import { requireBounded } from '../core/authorization-parameter-limits.ts';
import { parseAuthorizationRequest } from '../core/authorization-parameters.ts';
import type { Client } from '../core/client.ts';
import { OAuthError } from '../core/errors.ts';
import { applyIdTokenHint } from '../core/id-token-hint.ts';
import type { IdTokenHints } from '../core/ports/id-token-hints.ts';
import type { PushedRequests } from '../core/ports/pushed-requests.ts';
import { PUSHED_REQUEST_LIFETIME_SECONDS, toRequestUri } from '../core/pushed-request.ts';
import { isRegisteredRedirectUri } from '../core/redirect-uri.ts';
import { addSeconds } from '../core/time.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint } from '../http/message.ts';
import type { Parameters } from '../http/parameters.ts';
import type { AuthenticateClient } from './client-authentication.ts';
import { requireSoundForm } from './form-fields.ts';

interface Deps {
  /** Refuses public clients: who proves nothing makes us write nothing. */
  readonly authenticateClient: AuthenticateClient;
  readonly idTokenHints: IdTokenHints;
  readonly pushedRequests: PushedRequests;
  readonly issuer: string;
  readonly cell: string;
}

/** `POST /oauth2/par`: kept in the cell that was asked. One AWS call. */
export function createParEndpoint(deps: Deps): Endpoint {
  return async (request) => {
    const { form, now } = request;
    requireSoundForm(form);
    const client = await deps.authenticateClient(request);
    noteSubject(request, { clientId: client.clientId });
    requirePushable(form, client);
    const { issuer, cell } = deps;
    const parsed = parseAuthorizationRequest(form, client, { issuer, now });
    const pushed = await applyIdTokenHint(deps.idTokenHints, form.find('id_token_hint'), parsed);
    const expiresAt = addSeconds(now, PUSHED_REQUEST_LIFETIME_SECONDS);
    const reference = await deps.pushedRequests.push(pushed, expiresAt);
    const answer = {
      request_uri: toRequestUri({ cell, reference }),
      expires_in: PUSHED_REQUEST_LIFETIME_SECONDS,
    };
    return privateJson(answer, 201);
  };
}

/** §2.1 step 2, and what the authorization endpoint checks before it answers by redirect. */
function requirePushable(form: Parameters, client: Client): void {
  if (form.find('request_uri') !== undefined) throw invalidRequest('request_uri is pushed');
  requireBounded(form);
  if (!isRegisteredRedirectUri(client.redirectUris, form.find('redirect_uri') ?? '')) {
    throw invalidRequest('redirect_uri is not registered');
  }
}

function invalidRequest(detail: string): OAuthError {
  return new OAuthError('invalid_request', { detail });
}
