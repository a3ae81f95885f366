/** Keeping an account that is to be erased: from the mail's link, or after the right password. */
import { undoErasure } from '../browser/erasure-asking.ts';
import {
  hiddenKeepWord,
  KEEP_PAGE,
  type KeepWord,
  openKeepWord,
  readKeepWord,
} from '../browser/keep-account-link.ts';
import { orShowAgain, PageError, pageExpired } from '../browser/page-error.ts';
import { staying } from '../browser/staying.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { type CarriedRequest, hiddenRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';

interface Keeping {
  readonly word: KeepWord;
  readonly request: PrivacyRequest;
  readonly carried: CarriedRequest;
}

/** GET: one read, and changes nothing, since mail scanners follow links. */
export function createKeepAccountPage(deps: Interaction): Endpoint {
  return async (http) => {
    const keeping = await openKeeping(deps, http);
    return keeping.request.state === 'undone'
      ? showKept(deps, http, keeping.carried)
      : showKeepAccount(deps, http, keeping);
  };
}

/** POST: the account stays. Nobody is signed in by it: that takes a sign-in. */
export function createKeepAccount(deps: Interaction): Endpoint {
  return async (http) => {
    const keeping = await openKeeping(deps, http);
    await deps.forms.requireOwn(http, `${KEEP_PAGE}?token=${readKeepWord(http)}`);
    return orShowAgain(
      () => keep(deps, http, keeping),
      () => showKeepAccount(deps, http, keeping, { key: 'error.unavailable' }),
    );
  };
}

async function keep(
  deps: Interaction,
  http: HttpRequest,
  { request: { requestId, sub }, carried }: Keeping,
): Promise<HttpResponse> {
  const acting = actingOf(http, { type: 'person', sub });
  const { outcome, counts } = await undoErasure(deps, requestId, acting);
  if (outcome !== 'undone') throw tooLate(outcome);
  return { ...showKept(deps, http, carried), counts };
}

/** Throws PageError for what is stale or forged, and for an account beyond return. */
async function openKeeping(deps: Interaction, http: HttpRequest): Promise<Keeping> {
  const word = await openKeepWord(deps, readKeepWord(http), http.now);
  if (word === undefined) throw pageExpired('stale or forged word to keep an account', '/sign-in');
  const [request, carried] = await Promise.all([
    deps.privacyRequests.find(word.requestId),
    openCarried(deps, http),
  ]);
  if (request === undefined) throw tooLate('unknown');
  noteSubject(http, { sub: request.sub });
  if (!['grace', 'held', 'undone'].includes(request.state)) throw tooLate('too-late');
  return { word, request, carried };
}

async function showKeepAccount(
  deps: Interaction,
  http: HttpRequest,
  { word, request, carried }: Keeping,
  alert?: Message,
): Promise<HttpResponse> {
  const seal = await deps.forms.seal(http);
  const hidden = { ...seal.hidden, ...hiddenKeepWord(http), ...hiddenRequest(carried) };
  return deps.pages.show(
    http,
    {
      page: 'keep-account',
      form: { action: KEEP_PAGE, hidden, ...(alert !== undefined && { alert }) },
      erasesAt: word.erasesAt,
      isHeld: request.state === 'held',
      leaveUrl: signInUrl(deps, carried),
    },
    { visit: carried, cookies: seal.cookies },
  );
}

function showKept(deps: Interaction, http: HttpRequest, carried: CarriedRequest): HttpResponse {
  return deps.pages.show(
    http,
    { page: 'account-kept', signInUrl: signInUrl(deps, carried) },
    { visit: carried },
  );
}

function signInUrl({ cells }: Interaction, carried: CarriedRequest): string {
  return staying(cells, withRequest('/sign-in', carried));
}

function tooLate(detail: string): PageError {
  return new PageError({
    title: 'error-title.account-erased',
    text: 'error.account-erased',
    detail: `keeping an account: ${detail}`,
    status: 410,
    retryUrl: '/sign-in',
  });
}
