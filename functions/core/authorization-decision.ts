import type { AuthorizationRequest } from './authorization-request.ts';
import type { Client } from './client.ts';
import type { OAuthErrorCode } from './errors.ts';
import type { Session } from './session.ts';
import type { EpochSeconds } from './time.ts';

export type AuthorizationDecision =
  | { readonly next: 'sign-in' }
  | { readonly next: 'consent' }
  | { readonly next: 'issue' }
  | { readonly next: 'refuse'; readonly code: OAuthErrorCode };

interface Circumstances {
  readonly request: AuthorizationRequest;
  /** At the authorization endpoint, where no sign-in can have come after the request. */
  readonly hasJustArrived: boolean;
  readonly client: Pick<Client, 'firstParty'>;
  /** The browser's live session, if any. */
  readonly session: Pick<Session, 'sub' | 'authTime'> | undefined;
  /** Scopes that this person has allowed this client before, space-separated. */
  readonly consentedScope: string | undefined;
  readonly now: EpochSeconds;
}

/** What an authorization request needs next (OIDC Core §3.1.2.3, §3.1.2.4, §3.1.2.6). */
export function decideAuthorization(circumstances: Circumstances): AuthorizationDecision {
  const { request, session, hasJustArrived } = circumstances;
  const isSilent = request.prompt.includes('none');
  // Times are whole seconds: a sign-in of the same second may be older than the request.
  const isFresh = !hasJustArrived && (session?.authTime ?? 0) >= request.requestedAt;
  if (session === undefined || (!isFresh && isStale(request, session, circumstances.now))) {
    return isSilent ? { next: 'refuse', code: 'login_required' } : { next: 'sign-in' };
  }
  if (request.subHint !== undefined && request.subHint !== session.sub) {
    // Signing in as somebody else has not helped: the app wants this person (§3.1.2.2).
    if (isSilent || isFresh) return { next: 'refuse', code: 'login_required' };
    return { next: 'sign-in' };
  }
  if (needsConsent(circumstances)) {
    return isSilent ? { next: 'refuse', code: 'consent_required' } : { next: 'consent' };
  }
  return { next: 'issue' };
}

/** True when no session will do: the person is asked to sign in whatever the browser carries. */
export function asksToSignIn(request: AuthorizationRequest): boolean {
  return (
    request.prompt.includes('login') ||
    request.prompt.includes('select_account') ||
    request.maxAgeSeconds === 0
  );
}

/** Of a sign-in from before the request; a later one satisfies whatever the request asks. */
function isStale(
  request: AuthorizationRequest,
  session: Pick<Session, 'authTime'>,
  now: EpochSeconds,
): boolean {
  if (asksToSignIn(request)) return true;
  return request.maxAgeSeconds !== undefined && now - session.authTime > request.maxAgeSeconds;
}

/** The operator's own apps need no consent; others do once per scope, or whenever they ask. */
function needsConsent({ request, client, consentedScope }: Circumstances): boolean {
  if (request.prompt.includes('consent')) return true;
  if (client.firstParty) return false;
  const consented = new Set((consentedScope ?? '').split(' '));
  return !request.scope.split(' ').every((scope) => consented.has(scope));
}
