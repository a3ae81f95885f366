import type { AuthorizationRequest } from './authorization-request.ts';
import type { CellName } from './cells.ts';
import type { Client } from './client.ts';
import type { OAuthErrorCode } from './errors.ts';
import type { Session } from './session.ts';
import type { EpochSeconds } from './time.ts';

export type AuthorizationDecision =
  | { readonly next: 'sign-in' }
  | { readonly next: 'consent' }
  | { readonly next: 'issue' }
  | { readonly next: 'refuse'; readonly code: OAuthErrorCode; readonly detail: string };

interface Circumstances {
  readonly request: AuthorizationRequest;
  /** At the authorization endpoint, where no sign-in can have come after the request. */
  readonly hasJustArrived: boolean;
  readonly client: Pick<Client, 'allowedCells' | 'firstParty'>;
  /** Where this is decided: sessions are at home in their own cell alone. */
  readonly cell: CellName;
  /** The browser's live session, if any. */
  readonly session: Pick<Session, 'sub' | 'authTime'> | undefined;
  /** Scopes that this person has allowed this client before, space-separated. */
  readonly consentedScope: string | undefined;
  readonly now: EpochSeconds;
}

/** A sign-in satisfies `prompt=login` for so long: reading a consent page takes some minutes. */
const FRESH_SECONDS = 600;

/** What an authorization request needs next (OIDC Core §3.1.2.3, §3.1.2.4, §3.1.2.6). */
export function decideAuthorization(circumstances: Circumstances): AuthorizationDecision {
  const { request, session } = circumstances;
  const isSilent = request.prompt.includes('none');
  const isFresh = session !== undefined && isFreshSignIn(circumstances, session);
  if (session === undefined || isStale(circumstances, session, isFresh)) {
    return isSilent ? refuse('login_required') : { next: 'sign-in' };
  }
  if (request.subHint !== undefined && request.subHint !== session.sub) {
    // Signing in as somebody else has not helped: the app wants this person (§3.1.2.2).
    if (isFresh) return refuse('login_required', 'somebody else signed in');
    if (isSilent) return refuse('login_required');
    return { next: 'sign-in' };
  }
  // Whoever else signs in here is at home here, too: asking again would not help.
  if (!isCellAllowed(circumstances.client, circumstances.cell)) {
    return refuse('access_denied', 'the client takes nobody who is at home here');
  }
  if (needsConsent(circumstances)) {
    return isSilent ? refuse('consent_required') : { next: 'consent' };
  }
  return { next: 'issue' };
}

function refuse(code: OAuthErrorCode, detail = 'prompt=none cannot be met'): AuthorizationDecision {
  return { next: 'refuse', code, detail };
}

/** Whether an app takes people who are at home in this cell; without a list it takes everybody. */
export function isCellAllowed(
  { allowedCells }: Pick<Client, 'allowedCells'>,
  cell: CellName,
): boolean {
  return allowedCells === undefined || allowedCells.includes(cell);
}

/** True when no session will do: the person is asked to sign in whatever the browser carries. */
export function asksToSignIn(request: AuthorizationRequest): boolean {
  return (
    request.prompt.includes('login') ||
    request.prompt.includes('select_account') ||
    request.maxAgeSeconds === 0
  );
}

/**
 * A sign-in that followed the request, and not long ago: the browser keeps the request for a day,
 * and bringing it back must not pass an old sign-in for a new one. Times are whole seconds: on
 * arrival, a sign-in of the same second may be older than the request.
 */
function isFreshSignIn(
  { request, hasJustArrived, now }: Circumstances,
  { authTime }: Pick<Session, 'authTime'>,
): boolean {
  if (hasJustArrived) return false;
  return authTime >= request.requestedAt && now - authTime <= FRESH_SECONDS;
}

/** `max_age` counts from the sign-in, whenever that was; 0 asks for a fresh one, as a prompt does. */
function isStale(
  { request, now }: Circumstances,
  { authTime }: Pick<Session, 'authTime'>,
  isFresh: boolean,
): boolean {
  if (asksToSignIn(request)) return !isFresh;
  return request.maxAgeSeconds !== undefined && now - authTime > request.maxAgeSeconds;
}

/** The operator's own apps need no consent; others do once per scope, or whenever they ask. */
function needsConsent({ request, client, consentedScope }: Circumstances): boolean {
  if (request.prompt.includes('consent')) return true;
  if (client.firstParty) return false;
  const consented = new Set((consentedScope ?? '').split(' '));
  return !request.scope.split(' ').every((scope) => consented.has(scope));
}
