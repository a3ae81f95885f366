import type { Acting } from '../audit/act.ts';
import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** Random, 128 bits, base64url. */
export type HoldId = string & { readonly __brand: 'HoldId' };

/** A duty of law, or a claim, for which an account may not be erased yet (GDPR Art. 17(3)). */
export interface Hold {
  readonly holdId: HoldId;
  /** An operator's words, 256 characters at most; encrypted under the person's key. */
  readonly reason: string;
  readonly placedAt: EpochSeconds;
  /** Of the administrator's client. */
  readonly placedBy: string;
}

/** One transaction each, with the number of holds that the account counts. */
export interface Holds {
  /** `closed`: too late, or nobody is there. Repeated with the same id it succeeds, and places one. */
  place(
    sub: Sub,
    hold: { readonly holdId: HoldId; readonly reason: string },
    acting: Acting,
  ): Promise<'placed' | 'closed'>;
  /** False when there is no such hold, any more or ever. */
  release(sub: Sub, holdId: HoldId, acting: Acting): Promise<boolean>;
  /** Oldest first; a hundred at most. Undefined for somebody who is not there. */
  list(sub: Sub): Promise<ReadonlyArray<Hold> | undefined>;
}
