import type { Acting } from '../audit/act.ts';
import type { IdentifierHash, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/**
 * Whose guesses are counted together: an address, an address on a device that signed in to it
 * before (so that nobody else can lock the owner out), a person who is signed in, or the mailed
 * codes of an address, whichever challenge they are tried at.
 */
export type AttemptsOf =
  | { readonly identifier: IdentifierHash; readonly device?: string }
  | { readonly sub: Sub }
  | { readonly codesFor: IdentifierHash };

export type Reservation =
  | { readonly outcome: 'reserved' }
  | { readonly outcome: 'locked'; readonly until: EpochSeconds };

export interface Attempts {
  /**
   * Counts one attempt before it is made, so that parallel guesses cannot pass. Of passwords, the
   * audit trail learns of it here, when nobody knows yet whether it will succeed.
   */
  reserve(of: AttemptsOf, now: EpochSeconds, acting?: Acting): Promise<Reservation>;
  /** Takes back a reservation whose attempt was not made after all. */
  giveBack(of: AttemptsOf): Promise<void>;
}
