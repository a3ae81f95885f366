/** Authorization endpoint: OIDC Core §3.1.2, RFC 6749 §4.1.1, RFC 9126 §4, RFC 9700 §2.1, RFC 9207. */
import { PageError } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import { isSettled, staying } from '../browser/staying.ts';
import { asksToSignIn, decideAuthorization } from '../core/authorization-decision.ts';
import {
  findAnswerableState,
  isUnanswerable,
  toQuery,
} from '../core/authorization-parameter-limits.ts';
import { parseAuthorizationRequest, readResponseMode } from '../core/authorization-parameters.ts';
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import type { Client } from '../core/client.ts';
import { OAuthError, UnavailableError } from '../core/errors.ts';
import { applyIdTokenHint } from '../core/id-token-hint.ts';
import { type ClientId, isId } from '../core/ids.ts';
import { readRequestUri } from '../core/pushed-request.ts';
import { isRegisteredRedirectUri } from '../core/redirect-uri.ts';
import type { Session } from '../core/session.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Parameters } from '../http/parameters.ts';
import {
  type ResponseTarget,
  respondWithCode,
  respondWithError,
} from './authorization-response.ts';
import { sealRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { newGrant } from './destination.ts';
import { findAnswerElsewhere } from './hinted-home.ts';
import { openPushedRequest, putBackPushedRequest } from './pushed-request.ts';

type AuthorizeDeps = Pick<
  Interaction,
  | 'cellCalls'
  | 'cells'
  | 'clients'
  | 'consents'
  | 'directory'
  | 'forms'
  | 'homeHint'
  | 'idTokenHints'
  | 'pages'
  | 'pushedRequests'
  | 'sealer'
  | 'sessionCookies'
  | 'sessions'
  | 'settings'
  | 'signIns'
>;

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
    return await authorize(deps, http, client, request);
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
    return await authorize(deps, http, client, request);
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

/** §3.1.2.3 to §3.1.2.6: with a session one read and one write; without, no call at all. */
async function authorize(
  deps: AuthorizeDeps,
  http: HttpRequest,
  client: Client,
  request: AuthorizationRequest,
): Promise<HttpResponse> {
  const { session, consentedScope } = await findStanding(deps, http, client, request);
  if (session === undefined) {
    const answer = await findAnswerElsewhere(deps, http, { client, request });
    if (answer !== undefined) return answer;
  }
  const decision = decideAuthorization({
    ...{ request, client, session, consentedScope, cell: deps.cells.own.name },
    hasJustArrived: true,
    now: http.now,
  });
  if (decision.next === 'refuse') {
    throw new OAuthError(decision.code, { detail: decision.detail });
  }
  if (session !== undefined) noteSubject(http, { sub: session.sub });
  if (decision.next === 'issue' && session !== undefined) {
    const code = await deps.signIns.issue(session, newGrant(request, session), http.now);
    return respondWithCode(deps, http, { client, request }, code);
  }
  const sealed = await sealRequest(deps.sealer, request);
  const page = withRequest(decision.next === 'consent' ? '/consent' : '/sign-in', { sealed });
  return seeOther(isSettled(deps, http) ? staying(deps.cells, page) : page);
}

async function findStanding(
  deps: AuthorizeDeps,
  http: HttpRequest,
  client: Client,
  request: AuthorizationRequest,
): Promise<{ session: Session | undefined; consentedScope: string | undefined }> {
  // Whatever the browser has is no answer to `prompt=login`: it need not be read.
  if (asksToSignIn(request)) return { session: undefined, consentedScope: undefined };
  const pointer = await deps.sessionCookies.locate(http);
  if (pointer === undefined) return { session: undefined, consentedScope: undefined };
  const [session, consentedScope] = await Promise.all([
    deps.sessions.find(pointer, http.now),
    client.firstParty ? undefined : deps.consents.findScope(pointer.sub, client.clientId),
  ]);
  return { session, consentedScope };
}

/** Nobody sees a page on `prompt=none`: then even "busy" goes back to the client. */
function toResponseError(error: unknown, isSilent: boolean): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof UnavailableError && isSilent) {
    return new OAuthError('temporarily_unavailable', { detail: error.message, cause: error });
  }
  throw error;
}
