/** Asks anew for what was agreed to in words that have changed since, on the way to the app. */

import { findWayBack, forgetWayBack } from '../browser/after-sign-in.ts';
import { orShowAgain } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import { decideAuthorization } from '../core/authorization-decision.ts';
import { findStale } from '../core/consents/standing.ts';
import { OAuthError } from '../core/errors.ts';
import type { PrivacyChoices } from '../core/ports/privacy-choices.ts';
import type { Session } from '../core/session.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { respondWithCode, respondWithError } from './authorization-response.ts';
import { type CarriedRequest, hiddenRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { type Destination, newGrant } from './destination.ts';
import { areRenewed, askAgain } from './renewed-choices.ts';

const PAGE = '/renew-consents';
const OUTDATED: Message = { key: 'error.words-changed' };
const UNAVAILABLE: Message = { key: 'error.unavailable' };

/** Where somebody goes first who has to be asked again; undefined for everybody else. No call. */
export function planRenewal(
  { policy }: Pick<Interaction, 'policy'>,
  carried: CarriedRequest,
  choices: PrivacyChoices,
): Destination | undefined {
  if (findStale(policy, choices).length === 0) return undefined;
  const location = withRequest(PAGE, carried);
  return { grant: undefined, arrive: (_, cookies) => seeOther(location, cookies) };
}

/** GET. Two AWS calls, one deep. */
export function createRenewalPage(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await openCarried(deps, http);
    const standing = await findStanding(deps, http);
    return standing === undefined
      ? leave(carried)
      : showRenewal(deps, http, carried, standing.choices);
  };
}

/** POST: writes what was answered, and goes on to where the sign-in was for. */
export function createRenewal(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await openCarried(deps, http);
    await deps.forms.requireOwn(http, withRequest(PAGE, carried));
    const standing = await findStanding(deps, http);
    if (standing === undefined) return leave(carried);
    const { session, choices } = standing;
    return orShowAgain(
      async () =>
        http.form.find('decision') !== 'save' || (await areRenewed(deps, http, session.sub))
          ? goOn(deps, http, carried, session)
          : showRenewal(deps, http, carried, choices, OUTDATED),
      () => showRenewal(deps, http, carried, choices, UNAVAILABLE),
    );
  };
}

/**
 * Whoever is not signed in, or has nothing to decide: an old address of this page must not be a way
 * to a code.
 */
function leave(carried: CarriedRequest): HttpResponse {
  return seeOther(carried.request === undefined ? '/account' : withRequest('/sign-in', carried));
}

/** Somebody who is signed in, and has something to decide. */
interface Standing {
  readonly session: Session;
  readonly choices: PrivacyChoices;
}

async function findStanding(deps: Interaction, http: HttpRequest): Promise<Standing | undefined> {
  const pointer = await deps.sessionCookies.locate(http);
  if (pointer === undefined) return undefined;
  noteSubject(http, { sub: pointer.sub });
  const [session, choices] = await Promise.all([
    deps.sessions.find(pointer, http.now),
    deps.choices.load(pointer.sub),
  ]);
  const isAsked = session !== undefined && findStale(deps.policy, choices).length > 0;
  return isAsked ? { session, choices } : undefined;
}

async function showRenewal(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  choices: PrivacyChoices,
  alert?: Message,
): Promise<HttpResponse> {
  const seal = await deps.forms.seal(http);
  const form = {
    action: PAGE,
    hidden: { ...seal.hidden, ...hiddenRequest(carried) },
    ...(alert !== undefined && { alert }),
  };
  const locales = deps.pages.localesOf(http, carried);
  const purposes = askAgain(deps, choices, locales);
  return deps.pages.show(
    http,
    { page: 'renew-consents', form, purposes },
    { status: alert === undefined ? 200 : 400, visit: carried, cookies: seal.cookies },
  );
}

/**
 * To the app, or to what it still needs. Judged afresh, as at the authorization endpoint: this page
 * is no way around `prompt` or `max_age`, and gives a code for a form of this browser alone.
 */
async function goOn(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  session: Session,
): Promise<HttpResponse> {
  const { request, client } = carried;
  if (request === undefined || client === undefined) {
    const where = { issuer: deps.settings.issuer, cells: deps.cells };
    return seeOther(findWayBack(where, http) ?? '/account', forgetWayBack(where, http));
  }
  const consentedScope = client.firstParty
    ? undefined
    : await deps.consents.findScope(session.sub, client.clientId);
  const decision = decideAuthorization({
    ...{ request, client, session, consentedScope, cell: deps.cells.own.name },
    hasJustArrived: false,
    now: http.now,
  });
  switch (decision.next) {
    case 'sign-in':
      return seeOther(withRequest('/sign-in', carried));
    case 'consent':
      return seeOther(withRequest('/consent', carried));
    case 'refuse': {
      const error = new OAuthError(decision.code, { detail: decision.detail });
      return respondWithError(deps, http, { client, request }, error);
    }
    case 'issue': {
      const acting = actingOf(http, { type: 'person', sub: session.sub });
      const code = await deps.signIns.issue(session, newGrant(request, session), acting);
      return respondWithCode(deps, http, { client, request }, code);
    }
  }
}
