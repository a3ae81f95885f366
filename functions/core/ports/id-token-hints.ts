import type { ClientId, SessionId, Sub } from '../ids.ts';

/** What an ID token of ours once said. */
export interface IdTokenHint {
  readonly sub: Sub;
  readonly clientId: ClientId;
  readonly sessionId?: SessionId;
}

export interface IdTokenHints {
  /** Undefined unless it is an ID token of ours; an expired one is good enough as a hint. */
  verify(idToken: string): Promise<IdTokenHint | undefined>;
}
