/** Consent to a client that is not the operator's own (OIDC Core §3.1.2.4). */
import { orShowAgain, PageError } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import { decideAuthorization } from '../core/authorization-decision.ts';
import { OAuthError } from '../core/errors.ts';
import type { Session } from '../core/session.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { respondWithCode, respondWithError } from './authorization-response.ts';
import {
  type CarriedAuthorization,
  hiddenRequest,
  requireCarried,
  withRequest,
} from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { newGrant } from './destination.ts';

type Standing =
  | { readonly session: Session; readonly next: 'consent' | 'issue' }
  | { readonly answer: HttpResponse };

/** GET: asks, or answers a third party at once when the person has allowed all this before. */
export function createConsentPage(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await requireCarried(deps, http);
    const standing = await findStanding(deps, http, carried);
    if ('answer' in standing) return standing.answer;
    const { session, next } = standing;
    if (next === 'consent') return showConsent(deps, http, carried, session);
    const grant = newGrant(carried.request, session);
    const acting = actingOf(http, { type: 'person', sub: session.sub });
    return respondWithCode(deps, http, carried, await deps.signIns.issue(session, grant, acting));
  };
}

export function createConsent(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await requireCarried(deps, http);
    await deps.forms.requireOwn(http, withRequest('/consent', carried));
    const standing = await findStanding(deps, http, carried);
    if ('answer' in standing) return standing.answer;
    const { session } = standing;
    return orShowAgain(
      () => decide(deps, http, carried, session),
      () => showConsent(deps, http, carried, session, { key: 'error.unavailable' }),
    );
  };
}

async function decide(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedAuthorization,
  session: Session,
): Promise<HttpResponse> {
  if (http.form.find('decision') !== 'allow') {
    const error = new OAuthError('access_denied', { detail: 'the person did not allow it' });
    return respondWithError(deps, http, carried, error);
  }
  const { clientId, scope } = carried.request;
  const grant = newGrant(carried.request, session);
  const acting = actingOf(http, { type: 'person', sub: session.sub });
  const consent = { clientId, scope };
  const code = await deps.signIns.issueWithConsent(session, grant, consent, acting);
  return respondWithCode(deps, http, carried, code);
}

/** The request is judged afresh: this page must not be a way around `prompt` or `max_age`. */
async function findStanding(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedAuthorization,
): Promise<Standing> {
  const { request, client } = carried;
  const pointer = await deps.sessionCookies.locate(http);
  if (pointer !== undefined) noteSubject(http, { sub: pointer.sub });
  const [session, consentedScope] = await Promise.all([
    pointer && deps.sessions.find(pointer, http.now),
    pointer && deps.consents.findScope(pointer.sub, client.clientId),
  ]);
  const decision = decideAuthorization({
    ...{ request, client, session, consentedScope, cell: deps.cells.own.name },
    hasJustArrived: false,
    now: http.now,
  });
  if (decision.next === 'refuse') {
    const error = new OAuthError(decision.code, { detail: decision.detail });
    return { answer: respondWithError(deps, http, carried, error) };
  }
  // The operator's own apps have no business here unless they asked for consent: an old address of
  // this page must not be a way to a code.
  const isDone = decision.next === 'issue' && client.firstParty;
  if (session === undefined || decision.next === 'sign-in' || isDone) {
    return { answer: seeOther(withRequest('/sign-in', carried)) };
  }
  return { session, next: decision.next };
}

async function showConsent(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedAuthorization,
  session: Session,
  alert?: Message,
): Promise<HttpResponse> {
  const [seal, account] = await Promise.all([
    deps.forms.seal(http),
    deps.profiles.find(session.sub),
  ]);
  if (account === undefined) throw erased();
  return deps.pages.show(
    http,
    {
      page: 'consent',
      form: {
        action: '/consent',
        hidden: { ...seal.hidden, ...hiddenRequest(carried) },
        ...(alert !== undefined && { alert }),
      },
      scopes: carried.request.scope.split(' '),
      email: account.attributes.email,
    },
    { visit: carried, cookies: seal.cookies },
  );
}

function erased(): PageError {
  return new PageError({
    status: 403,
    title: 'error-title.page-expired',
    text: 'error.page-expired',
    detail: 'the account is gone',
    retryUrl: '/sign-in',
  });
}
