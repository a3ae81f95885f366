import { randomToken } from '../adapters/crypto/hash.ts';
import { seeOther } from '../browser/pages.ts';
import { staying } from '../browser/staying.ts';
import { decideAuthorization } from '../core/authorization-decision.ts';
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import { OAuthError } from '../core/errors.ts';
import type { Grant } from '../core/grant.ts';
import type { GrantId } from '../core/ids.ts';
import type { Session } from '../core/session.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { respondWithCode, respondWithError } from './authorization-response.ts';
import { type CarriedRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';

/** Where somebody goes who has just signed in. */
export interface Destination {
  /** To be written in one transaction with the session. */
  readonly grant: Grant | undefined;
  /** The answer, once session and grant are written. */
  arrive(code: string | undefined, cookies: ReadonlyArray<string>): HttpResponse;
}

/**
 * Decided before anything is written, so that session and code are one transaction. `home` is for
 * those whom no app waits for.
 */
export function planDestination(
  deps: Pick<Interaction, 'cells' | 'pages' | 'settings'>,
  http: HttpRequest,
  carried: CarriedRequest,
  session: Session,
  home = '/account',
): Destination {
  const { request, client } = carried;
  if (request === undefined || client === undefined) return redirectTo(home);
  const decision = decideAuthorization({
    ...{ request, client, session, consentedScope: undefined, cell: deps.cells.own.name },
    hasJustArrived: false,
    now: http.now,
  });
  switch (decision.next) {
    case 'sign-in':
      return redirectTo(staying(deps.cells, withRequest('/sign-in', carried)));
    case 'consent':
      return redirectTo(withRequest('/consent', carried));
    case 'refuse': {
      const error = new OAuthError(decision.code, { detail: decision.detail });
      return {
        grant: undefined,
        arrive: (_, cookies) => respondWithError(deps, http, { client, request }, error, cookies),
      };
    }
    case 'issue':
      return {
        grant: newGrant(request, session),
        arrive: (code = '', cookies) =>
          respondWithCode(deps, http, { client, request }, code, cookies),
      };
  }
}

/** What the person grants, as the request asks for it. */
export function newGrant(request: AuthorizationRequest, session: Session): Grant {
  const { codeChallenge, nonce, resources } = request;
  return {
    grantId: randomToken() as GrantId,
    sub: session.sub,
    clientId: request.clientId,
    sessionId: session.sessionId,
    scope: request.scope,
    redirectUri: request.redirectUri,
    authTime: session.authTime,
    amr: session.amr,
    ...(codeChallenge !== undefined && { codeChallenge }),
    ...(nonce !== undefined && { nonce }),
    ...(resources !== undefined && { resources }),
  };
}

function redirectTo(location: string): Destination {
  return { grant: undefined, arrive: (_, cookies) => seeOther(location, cookies) };
}
