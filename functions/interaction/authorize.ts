/** Authorization endpoint: OIDC Core §3.1.2, RFC 6749 §4.1.1, RFC 9126 §4, RFC 9700 §2.1, RFC 9207. */
import { PageError } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import {
  findAnswerableState,
  isUnanswerable,
  toQuery,
} from '../core/authorization-parameter-limits.ts';
import { parseAuthorizationRequest, readResponseMode } from '../core/authorization-parameters.ts';
import type { Client } from '../core/client.ts';
import { UnavailableError } from '../core/errors.ts';
import { applyIdTokenHint } from '../core/id-token-hint.ts';
import { type ClientId, isId } from '../core/ids.ts';
import { readRequestUri } from '../core/pushed-request.ts';
import { isRegisteredRedirectUri } from '../core/redirect-uri.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Parameters } from '../http/parameters.ts';
import { type AuthorizeDeps, authorize, toResponseError } from './authorization.ts';
import { type ResponseTarget, respondWithError } from './authorization-response.ts';
import { openPushedRequest, putBackPushedRequest } from './pushed-request.ts';

/** GET and POST (OIDC Core §3.1.2.1). Errors go back to the client once it is known for certain. */
export function createAuthorize(deps: AuthorizeDeps): Endpoint {
  return async (http) => {
    const parameters = http.method === 'POST' ? http.form : http.query;
    const client = await requireClient(deps, parameters);
    noteSubject(http, { clientId: client.clientId });
    const requestUri = parameters.find('request_uri') ?? '';
    return readRequestUri(requestUri) === undefined
      ? answerRequest(deps, http, client, parameters)
      : answerPushedRequest(deps, http, client, parameters);
  };
}

async function answerRequest(
  deps: AuthorizeDeps,
  http: HttpRequest,
  client: Client,
  parameters: Parameters,
): Promise<HttpResponse> {
  requireRedirectUri(parameters, client);
  const target = readTarget(parameters, client);
  try {
    const { issuer } = deps.settings;
    const parsed = parseAuthorizationRequest(parameters, client, { issuer, now: http.now });
    if (isWithoutCookies(deps, http)) return retryWithCookies(parameters);
    const hint = parameters.find('id_token_hint');
    const request = await applyIdTokenHint(deps.idTokenHints, hint, parsed);
    return await authorize(deps, http, { client, request });
  } catch (error) {
    const isSilent = parameters.find('prompt') === 'none';
    return respondWithError(deps, http, target, toResponseError(error, isSilent));
  }
}

/** RFC 9126 §4: what was pushed counts, and nothing else that the browser sends along. */
async function answerPushedRequest(
  deps: AuthorizeDeps,
  http: HttpRequest,
  client: Client,
  parameters: Parameters,
): Promise<HttpResponse> {
  if (isWithoutCookies(deps, http)) return retryWithCookies(parameters);
  const requestUri = parameters.find('request_uri') ?? '';
  const request = await openPushedRequest(deps, requestUri, client, http.now);
  if (request === undefined) {
    throw refuse(
      'error.request',
      'invalid_request',
      'request_uri is expired, used up or not yours',
    );
  }
  try {
    return await authorize(deps, http, { client, request });
  } catch (error) {
    const isSilent = request.prompt.includes('none');
    // Nobody has been answered: the browser is told to come again.
    if (error instanceof UnavailableError && !isSilent) {
      await putBackPushedRequest(deps, requestUri, client);
    }
    return respondWithError(deps, http, { client, request }, toResponseError(error, isSilent));
  }
}

/** §3.1.2.2: a client that we do not know gets no redirect (RFC 6749 §4.1.2.1). */
async function requireClient(deps: AuthorizeDeps, parameters: Parameters): Promise<Client> {
  if (isUnanswerable(parameters)) throw refuse('error.request', 'invalid_request', 'repeated');
  const clientId = parameters.find('client_id') ?? '';
  const client = isId(clientId) ? await deps.clients.find(clientId as ClientId) : undefined;
  if (client === undefined)
    throw refuse('error.unknown-client', 'invalid_client', 'unknown client');
  return client;
}

function requireRedirectUri(parameters: Parameters, client: Client): void {
  const redirectUri = parameters.find('redirect_uri') ?? '';
  if (isRegisteredRedirectUri(client.redirectUris, redirectUri)) return;
  throw refuse('error.redirect-uri', 'invalid_request', 'redirect_uri is not registered');
}

function refuse(
  text: 'error.request' | 'error.unknown-client' | 'error.redirect-uri',
  code: 'invalid_request' | 'invalid_client',
  detail: string,
): PageError {
  const technical = `${code}: ${detail}`;
  return new PageError({ title: 'error-title.request', text, detail, technical });
}

/** Where errors go. A `state` that no redirect can carry is left out. */
function readTarget(parameters: Parameters, client: Client): ResponseTarget {
  const state = findAnswerableState(parameters);
  return {
    client,
    request: {
      redirectUri: parameters.find('redirect_uri') ?? '',
      responseMode: readResponseMode(parameters),
      uiLocales: [],
      ...(state !== undefined && { state }),
    },
  };
}

/** A form posted by another site carries no Lax cookies; the GET that follows does. */
function isWithoutCookies(deps: AuthorizeDeps, http: HttpRequest): boolean {
  return http.method === 'POST' && !deps.sessionCookies.isPresent(http);
}

function retryWithCookies(parameters: Parameters): HttpResponse {
  return seeOther(`/oauth2/authorize?${toQuery(parameters)}`);
}
