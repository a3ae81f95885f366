import type { ProfileAttributes } from '../account.ts';
import type { Acting } from '../audit/act.ts';
import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';
import type { PrivacyRequest, PrivacyRequestId } from './privacy-requests.ts';

export type Asked =
  | { readonly outcome: 'asked'; readonly request: PrivacyRequest }
  /** An erasure is under way already, and is the answer. */
  | { readonly outcome: 'running'; readonly request: PrivacyRequest }
  /** There is no such account, or it is disabled or closed. */
  | { readonly outcome: 'refused' };

export type Undone =
  | { readonly outcome: 'undone'; readonly request: PrivacyRequest }
  /** The account is closed, or gone: what was deleted does not come back. */
  | { readonly outcome: 'too-late' }
  | { readonly outcome: 'unknown' };

export type Committed =
  /** Also when an earlier attempt did it. */
  | 'committed'
  /** The person stays. */
  | 'undone'
  /** A legal hold stands: to be tried again (GDPR Art. 17(3)). */
  | 'held';

/** To whom the last mail goes, when nothing else knows the address any more. */
export type LastOwner = ProfileAttributes;

/**
 * Erasures from the request to the point of no return. Which of undo, hold and commit is first is
 * decided by the one item of the account; the others find out by its condition.
 */
export interface ErasureRequests {
  /**
   * `active` → `erasing`. The workflow is started **before**: what is promised here is under way
   * already, and one that finds no request after the time that a function has left simply ends.
   */
  ask(wanted: {
    readonly requestId: PrivacyRequestId;
    readonly sub: Sub;
    readonly erasesAt: EpochSeconds;
    readonly acting: Acting;
  }): Promise<Asked>;
  /** `erasing` → `active`, while it is neither closed nor another request's. Can be repeated. */
  undo(requestId: PrivacyRequestId, acting: Acting): Promise<Undone>;
  /**
   * `erasing` → `closed`, unless undone or held. Seals the address for the last mail, under a key of
   * its own in the key table. `identifiers`: hashes of the address under every pepper, for the
   * quarantine, since what led to them goes.
   */
  commit(
    requestId: PrivacyRequestId,
    last: { readonly identifiers: ReadonlyArray<string>; readonly owner?: LastOwner },
    acting: Acting,
  ): Promise<Committed>;
  /** Undefined once the last mail has gone, or without a profile at the commit. */
  findLastOwner(requestId: PrivacyRequestId): Promise<LastOwner | undefined>;
  /** What `commit` was given. */
  findIdentifiers(requestId: PrivacyRequestId): Promise<ReadonlyArray<string>>;
  /** Removes the sealed address, its key first. Idempotent. */
  forgetLastOwner(requestId: PrivacyRequestId, now: EpochSeconds): Promise<void>;
}
