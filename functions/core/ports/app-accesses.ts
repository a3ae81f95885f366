import type { Acting } from '../audit/act.ts';
import type { ClientId, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** What one app may do in a person's name. */
export interface AppAccess {
  readonly clientId: ClientId;
  /** Distinct scopes, allowed on a page or held by an open grant. */
  readonly scopes: ReadonlyArray<string>;
  /** When the person allowed them on a page; absent for apps that need not ask. */
  readonly allowedAt?: EpochSeconds;
  /** Whether a grant is open right now: it has tokens. */
  readonly isOpen: boolean;
}

/** Consent to scopes and what came of it, for the person themselves. */
export interface AppAccesses {
  /** By client id. Two queries side by side. */
  list(sub: Sub, now: EpochSeconds): Promise<ReadonlyArray<AppAccess>>;
  /**
   * Forgets what the app was allowed, so that it has to ask again, then ends every grant that it
   * has: in this order, no new grant slips through unasked. Can be repeated.
   */
  remove(sub: Sub, clientId: ClientId, acting: Acting): Promise<void>;
}
