/** Sign-out at a client's wish: OpenID Connect RP-Initiated Logout 1.0. */
import { leadAway } from '../browser/leading-away.ts';
import { orShowAgain, PageError } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import { parseUiLocales } from '../core/accept-language.ts';
import type { Client } from '../core/client.ts';
import { type ClientId, isId, type SessionId, type Sub } from '../core/ids.ts';
import type { IdTokenHint } from '../core/ports/id-token-hints.ts';
import type { SessionPointer } from '../core/ports/sessions.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Parameters } from '../http/parameters.ts';
import type { Message } from '../pages/form-state.ts';
import type { Interaction } from './dependencies.ts';

type SignOutDeps = Pick<
  Interaction,
  | 'cellCalls'
  | 'cells'
  | 'clients'
  | 'directory'
  | 'forms'
  | 'grants'
  | 'homeHint'
  | 'idTokenHints'
  | 'pages'
  | 'sealer'
  | 'sessionCookies'
  | 'sessions'
>;

/** What a client asked for, checked (§2). */
interface SignOutRequest {
  readonly hint: IdTokenHint | undefined;
  readonly client: Client | undefined;
  /** Registered exactly so, with `state` added; undefined to stay here. */
  readonly continueUrl: string | undefined;
  readonly uiLocales: ReadonlyArray<string>;
}

const CARRIED = ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales'];

/** What a form of another site may make the browser ask for: bounded as a URL is. */
const MAX_URL_LENGTH = 8000;

/** GET and POST (§2); a POST with our own form's token is the person's own confirmation. */
export function createSignOut(deps: SignOutDeps): Endpoint {
  return async (http) => {
    const isOwnForm = http.method === 'POST' && http.form.find('form') !== undefined;
    if (http.method === 'POST' && !isOwnForm) return retryWithCookies(http.form);
    const parameters = isOwnForm ? http.form : http.query;
    const request = await readRequest(deps, parameters);
    const current = await deps.sessionCookies.locate(http);
    if (isOwnForm) {
      await deps.forms.requireOwn(http, '/oauth2/logout');
      return orShowAgain(
        () => signOut(deps, http, request, current),
        () => askFirst(deps, http, parameters, request, { key: 'error.unavailable' }),
      );
    }
    const elsewhere = current === undefined && (await findElsewhere(deps, http, request));
    if (elsewhere) return elsewhere;
    if (isVouchedFor(request, current)) return signOut(deps, http, request, current);
    if (current === undefined) return showSignedOut(deps, http, request);
    return askFirst(deps, http, parameters, request);
  };
}

/**
 * Nobody is signed in here, but may be in another cell: where their ID token says, else where this
 * browser's hint does. Once: `at` says that this is the cell to answer.
 */
async function findElsewhere(
  deps: SignOutDeps,
  http: HttpRequest,
  { client, hint, uiLocales }: SignOutRequest,
): Promise<HttpResponse | undefined> {
  const { cells, directory, homeHint } = deps;
  if (!cells.areSeveral || http.query.find('at') === cells.own.name) return undefined;
  const home = hint === undefined ? undefined : await directory.findHomeOfSub(hint.sub);
  const to = home === undefined ? homeHint.find(http) : cells.find(home);
  if (to === undefined || to === cells.own) return undefined;
  const path = `/oauth2/logout?${http.rawQuery}`;
  return leadAway(deps, http, {
    to,
    path: addToQuery(path, { at: to.name }),
    retryUrl: path,
    visit: visitOf(client, uiLocales, undefined),
  });
}

/** A form posted by another site carries no Lax cookies, so nobody is known; the GET's does. */
function retryWithCookies(form: Parameters): HttpResponse {
  if (form.findRepeated() !== undefined) throw refuse('a parameter is repeated');
  const url = addToQuery('/oauth2/logout', carriedOf(form));
  if (url.length > MAX_URL_LENGTH) throw refuse('the parameters are too long together');
  return seeOther(url);
}

function carriedOf(parameters: Parameters): Readonly<Record<string, string>> {
  const carried = CARRIED.map((name) => [name, parameters.find(name)]);
  return Object.fromEntries(carried.filter(([, value]) => value !== undefined));
}

/** An ID token of the person who is signed in here says that it is them, or their app. */
function isVouchedFor({ hint }: SignOutRequest, current: SessionPointer | undefined): boolean {
  if (hint === undefined) return false;
  return current === undefined || current.sub === hint.sub;
}

async function readRequest(
  { clients, idTokenHints }: SignOutDeps,
  parameters: Parameters,
): Promise<SignOutRequest> {
  if (parameters.findRepeated() !== undefined) throw refuse('a parameter is repeated');
  const idToken = parameters.find('id_token_hint');
  const hint = idToken === undefined ? undefined : await idTokenHints.verify(idToken);
  const clientId = parameters.find('client_id') ?? hint?.clientId;
  if (hint !== undefined && clientId !== hint.clientId) {
    throw refuse('client_id is not the one in id_token_hint');
  }
  const client =
    clientId !== undefined && isId(clientId) ? await clients.find(clientId as ClientId) : undefined;
  return {
    hint,
    client,
    // §5: what does not verify, as after a key was revoked, is not used. The person is asked.
    continueUrl:
      idToken !== undefined && hint === undefined && client === undefined
        ? undefined
        : readContinueUrl(parameters, client),
    uiLocales: parseUiLocales(parameters.find('ui_locales') ?? ''),
  };
}

/** §3: only to an address that was registered exactly so. */
function readContinueUrl(parameters: Parameters, client: Client | undefined): string | undefined {
  const uri = parameters.find('post_logout_redirect_uri');
  if (uri === undefined) return undefined;
  if (client === undefined) throw refuse('post_logout_redirect_uri without a known client');
  if (!client.postLogoutRedirectUris.includes(uri)) {
    throw refuse('post_logout_redirect_uri is not registered');
  }
  const state = parameters.find('state');
  return state === undefined ? uri : addToQuery(uri, { state });
}

function refuse(detail: string): PageError {
  return new PageError({
    title: 'error-title.request',
    text: 'error.request',
    detail,
    technical: `invalid_request: ${detail}`,
  });
}

/**
 * Sessions go first, so that no code can be issued behind the list of their grants; the cookie goes
 * last and stays after a failure, so that the person can sign out again. Somebody else's ID token
 * ends a session of theirs and none here: then this browser's cookie stays.
 */
async function signOut(
  deps: SignOutDeps,
  http: HttpRequest,
  request: SignOutRequest,
  current: SessionPointer | undefined,
): Promise<HttpResponse> {
  const { hint, client } = request;
  const sub: Sub | undefined = current?.sub ?? hint?.sub;
  if (client !== undefined) noteSubject(http, { clientId: client.clientId });
  if (sub !== undefined) noteSubject(http, { sub });
  const candidates = [current?.sessionId, sub === hint?.sub ? hint?.sessionId : undefined];
  const ids = [...new Set(candidates.filter((id): id is SessionId => id !== undefined))];
  if (sub !== undefined && ids.length > 0) {
    const acting = actingOf(http, { type: 'person', sub });
    await deps.sessions.end(sub, ids, acting);
    await deps.grants.revokeOfSessions(sub, ids, { acting, offlineAccess: 'spared' });
  }
  const cookies = current === undefined ? [] : [deps.sessionCookies.clear()];
  if (request.continueUrl !== undefined) return seeOther(request.continueUrl, cookies);
  return showSignedOut(deps, http, request, cookies);
}

/** Where nobody vouched for the wish, the way on is a link, not a redirect (§3). */
function showSignedOut(
  { pages }: SignOutDeps,
  http: HttpRequest,
  { client, continueUrl = client?.clientUri, uiLocales }: SignOutRequest,
  cookies: ReadonlyArray<string> = [],
): HttpResponse {
  return pages.show(
    http,
    { page: 'signed-out', ...(continueUrl !== undefined && { continueUrl }) },
    { cookies, visit: visitOf(client, uiLocales, undefined) },
  );
}

/** §2: without a hint that vouches for it, the person is asked. */
async function askFirst(
  { forms, pages }: SignOutDeps,
  http: HttpRequest,
  parameters: Parameters,
  { client, continueUrl, uiLocales }: SignOutRequest,
  alert?: Message,
): Promise<HttpResponse> {
  const seal = await forms.seal(http);
  const hidden = { ...carriedOf(parameters), ...seal.hidden };
  return pages.show(
    http,
    {
      page: 'sign-out',
      form: { action: '/oauth2/logout', hidden, ...(alert !== undefined && { alert }) },
    },
    { cookies: seal.cookies, visit: visitOf(client, uiLocales, continueUrl) },
  );
}

function visitOf(
  client: Client | undefined,
  uiLocales: ReadonlyArray<string>,
  redirectUri: string | undefined,
) {
  return {
    ...(client !== undefined && { client }),
    request: { uiLocales, ...(redirectUri !== undefined && { redirectUri }) },
  };
}
