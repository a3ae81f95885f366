import type { Act } from '../audit/act.ts';
import type { CellName } from '../cells.ts';
import type { ReplayPosition } from '../erasure/steps.ts';
import type { HashedIdentifier, IdentifierHash, Sub } from '../ids.ts';
import type { ErasureFacts } from '../privacy-requests/erasure-facts.ts';
import type { EpochSeconds } from '../time.ts';
import type { PrivacyRequest, PrivacyRequestId, PrivacyRequestState } from './privacy-requests.ts';

/** An erasure's request, as its workflow moves it on. Every write can be repeated. */
export interface Erasures {
  /** Consistent; undefined when there is none. Throws InvariantError when it is of another kind. */
  find(requestId: PrivacyRequestId): Promise<PrivacyRequest | undefined>;
  /** As `find`; throws InvariantError when there is none. */
  load(requestId: PrivacyRequestId): Promise<PrivacyRequest>;
  /**
   * Closes the account, beyond return, in one transaction with the request: false when the person
   * kept it, or a hold stands. Of a request that the account knows nothing of, as after a restore,
   * it is false and the request ends `undone`.
   */
  commit(request: PrivacyRequest, now: EpochSeconds): Promise<boolean>;
  /** True when it stands in `to` now, also when it did before. */
  move(
    requestId: PrivacyRequestId,
    move: {
      readonly from: ReadonlyArray<PrivacyRequestState>;
      readonly to: PrivacyRequestState;
      readonly now: EpochSeconds;
    },
  ): Promise<boolean>;
  /** What was done. The rest of the facts stays. */
  note(requestId: PrivacyRequestId, facts: ErasureFacts): Promise<void>;
}

/** What later states need of somebody who cannot be read any more; kept while they do. */
export interface Traces {
  /** Of the address, under every pepper: where the directory may have it. */
  readonly identifiers: ReadonlyArray<IdentifierHash>;
  /** Partition keys of counters by address and by person. */
  readonly counters: ReadonlyArray<string>;
  /** Random: names what is kept without the person, and leads nowhere once it is forgotten. */
  readonly salt: string;
}

/** In the records table, beside the request. */
export interface ErasureTraces {
  keep(requestId: PrivacyRequestId, traces: Traces): Promise<void>;
  find(requestId: PrivacyRequestId): Promise<Traces | undefined>;
  forget(requestId: PrivacyRequestId): Promise<void>;
}

/** Whom the last mail goes to. */
export interface Contact {
  readonly email: string;
  /** BCP 47. */
  readonly locale: string;
}

/**
 * Encrypted under a key of its own, which lies in the key table: a day after it was forgotten no
 * backup holds what opens it.
 */
export interface ErasureContacts {
  keep(requestId: PrivacyRequestId, contact: Contact): Promise<void>;
  find(requestId: PrivacyRequestId): Promise<Contact | undefined>;
  /** Key first. Idempotent. */
  forget(requestId: PrivacyRequestId): Promise<void>;
}

/** Whatever has a person's id in front. */
export interface PersonCollection {
  /** The address's hash that the account was registered with. */
  findIdentifier(sub: Sub): Promise<IdentifierHash | undefined>;
  /** How many items there are of each entity. Bounded memory, one query per megabyte. */
  count(sub: Sub): Promise<Readonly<Record<string, number>>>;
  /**
   * Deletes a bounded number of items; true when none is left. What the policy keeps without the
   * person is copied first; `salt` names the copies, so that a repetition makes no second one.
   */
  deleteSome(sub: Sub, salt: string): Promise<boolean>;
}

export interface PersonKeys {
  /** From then on the profile is unreadable, but for backups of the last day. Idempotent. */
  destroy(sub: Sub): Promise<void>;
}

/** Counters that name a person or their address. */
export interface PersonCounters {
  keysOf(sub: Sub, email: string, identifier: HashedIdentifier): Promise<ReadonlyArray<string>>;
  forget(keys: ReadonlyArray<string>): Promise<void>;
}

/** Takes a person out of the directory, and their address out of use for a while. */
export interface Quarantine {
  /** At home: the address leads to nobody any more. */
  removePointers(sub: Sub, identifiers: ReadonlyArray<IdentifierHash>): Promise<void>;
  begin(of: {
    readonly sub: Sub;
    readonly identifiers: ReadonlyArray<IdentifierHash>;
    readonly cell: CellName;
    readonly until: EpochSeconds;
  }): Promise<void>;
  /** Of what `begin` wrote and nobody has claimed since. */
  release(of: {
    readonly identifiers: ReadonlyArray<IdentifierHash>;
    readonly until: EpochSeconds;
  }): Promise<void>;
}

export interface LedgerEntry {
  readonly sub: Sub;
  readonly erasedAt: EpochSeconds;
}

/** Executions of the workflow. */
export interface ErasureRuns {
  /** Starts another one of the same request, after the one named. Idempotent. */
  startAfter(requestId: PrivacyRequestId, execution: string): Promise<void>;
}

/** Who was erased, by id alone: read again after a table has been restored. */
export interface Ledger {
  record(entry: LedgerEntry): Promise<void>;
  /** In their order, from `since` on; `limit` at most, by default as many as one state erases. */
  list(
    position: Pick<ReplayPosition, 'month' | 'after'>,
    since: EpochSeconds,
    limit?: number,
  ): Promise<{ readonly entries: ReadonlyArray<LedgerEntry>; readonly after?: string }>;
}

/** Tables that a person may have come back in. */
export interface ErasedAgain {
  /**
   * How many items, and keys, were found and deleted. Tells of `act` if there is anything, so that no
   * fault comes between: with the key, or before the first item. Its id decides whether it is another.
   */
  erase(sub: Sub, act: Act): Promise<{ readonly items: number; readonly keys: number }>;
}

/** A restored copy of the directory, in which nothing leads from a person to their address. */
export interface DirectoryCopy {
  /**
   * Goes through a bounded number of its parts, from `part` on, and deletes the entries that lead to
   * any of these people. Answers how many it found, and which part is next; without one it is through.
   * Before it deletes the first of somebody's, it calls `tell`; a repetition may call it again.
   */
  erase(
    subs: ReadonlySet<Sub>,
    part: number,
    tell: (sub: Sub) => Promise<void>,
  ): Promise<{ readonly entries: number; readonly nextPart?: number }>;
}
