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
  /** `isRepeated`: it had been undone before. */
  | {
      readonly outcome: 'undone';
      readonly request: PrivacyRequest;
      readonly isRepeated: boolean;
    }
  /** The account is closed, or gone: what was deleted does not come back. */
  | { readonly outcome: 'too-late' }
  | { readonly outcome: 'unknown' };

/**
 * Erasures until the point of no return, which is their workflow's. Which of undo, hold and commit
 * is first is decided by the one item of the account; the others find out by its condition.
 */
export interface ErasureRequests {
  /** The one under way for a person. */
  findRunning(sub: Sub): Promise<PrivacyRequest | undefined>;
  /**
   * `active` → `erasing`. The workflow is started **before** (`ErasureRuns`): what is promised here
   * is under way already.
   */
  ask(wanted: {
    readonly requestId: PrivacyRequestId;
    readonly sub: Sub;
    readonly erasesAt: EpochSeconds;
    readonly acting: Acting;
  }): Promise<Asked>;
  /** `erasing` → `active`, while it is neither closed nor another request's. Can be repeated. */
  undo(requestId: PrivacyRequestId, acting: Acting): Promise<Undone>;
}

/** Executions of a privacy workflow, called as its request. */
export interface PrivacyRuns {
  /**
   * Starts the workflow of a request that is about to be written. One that finds no request, when
   * whoever began it can no longer be about to write it, simply ends: no promise is left without a
   * workflow, and nobody has to look for such. Can be repeated while it runs; answers with the id
   * that the request is to be written under. It is another one when that workflow has ended before
   * its request was written: no execution of its name can ever begin again.
   */
  start(requestId: PrivacyRequestId): Promise<PrivacyRequestId>;
}
