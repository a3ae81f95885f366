/** What becomes of a valid authorization request: OIDC Core §3.1.2.3 to §3.1.2.6. */
import { seeOther } from '../browser/pages.ts';
import { isSettled, staying } from '../browser/staying.ts';
import { asksToSignIn, decideAuthorization } from '../core/authorization-decision.ts';
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import type { Client } from '../core/client.ts';
import { OAuthError, UnavailableError } from '../core/errors.ts';
import type { Session } from '../core/session.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { respondWithCode } from './authorization-response.ts';
import { sealRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { newGrant } from './destination.ts';
import { findAnswerElsewhere } from './hinted-home.ts';

export type AuthorizeDeps = Pick<
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

interface Asked {
  readonly client: Client;
  readonly request: AuthorizationRequest;
}

/**
 * With a session one read and one write; without, no call at all. `isHandedOver`: another cell has
 * said that this is the person's home.
 */
export async function authorize(
  deps: AuthorizeDeps,
  http: HttpRequest,
  { client, request }: Asked,
  { isHandedOver = false }: { readonly isHandedOver?: boolean } = {},
): Promise<HttpResponse> {
  const { session, consentedScope } = await findStanding(deps, http, client, request);
  // Cells that disagree about a home must not send anybody to and fro.
  if (session === undefined && !isHandedOver) {
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
    const acting = actingOf(http, { type: 'person', sub: session.sub });
    const code = await deps.signIns.issue(session, newGrant(request, session), acting);
    return respondWithCode(deps, http, { client, request }, code);
  }
  const sealed = await sealRequest(deps.sealer, request);
  const page = withRequest(decision.next === 'consent' ? '/consent' : '/sign-in', { sealed });
  const isHere = isHandedOver || isSettled(deps, http);
  return seeOther(isHere ? staying(deps.cells, page) : page);
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
export function toResponseError(error: unknown, isSilent: boolean): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof UnavailableError && isSilent) {
    return new OAuthError('temporarily_unavailable', { detail: error.message, cause: error });
  }
  throw error;
}
