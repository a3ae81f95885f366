import type { ProcessorToTell } from '../privacy-requests/processor-steps.ts';

/**
 * The states of `domicile-erasure` and `domicile-erasure-replay` that are done by the function
 * `erasure`. Each can be repeated, and goes on where it was cut off; a whole run can, too.
 */
export const ERASURE_STEPS = [
  'begin',
  'commit',
  'admit',
  'record',
  'prepare',
  'destroy-key',
  'count-items',
  'delete-items',
  'release-slot',
  'quarantine',
  'list-processors',
  'certify',
  'notify',
  'await-quarantine',
  'release-identifier',
  'continue',
] as const;

export type ErasureStep = (typeof ERASURE_STEPS)[number];

/** What the state machine sends. Ids alone: Step Functions keeps them for 90 days. */
export interface ErasureInput {
  readonly step: ErasureStep;
  readonly requestId: string;
  /** Of the execution: as the request, or as `continue` called it. */
  readonly execution: string;
  /** ISO 8601: when the execution began. */
  readonly startedAt: string;
}

/**
 * `unasked`: there is no such request, and nobody is about to write it any more. `waiting`, `held`, `full`: this step is to be repeated at `until`. `more`: at once. `undone`: the
 * person has kept their account, and nothing is left to do. `overlong`: what is left is for another
 * execution, since this one cannot last as long.
 */
export interface ErasureOutput {
  readonly outcome:
    | 'done'
    | 'unasked'
    | 'waiting'
    | 'undone'
    | 'held'
    | 'full'
    | 'more'
    | 'overlong';
  /** ISO 8601, for a Wait state. */
  readonly until?: string;
  /** Whom to tell. */
  readonly processors?: ReadonlyArray<ProcessorToTell>;
}

/** As `ErasureInput`, of a replay; see `ReplayPosition`. */
export interface ReplayInput {
  readonly step: 'replay';
  /** A restored copy of the data table; by default the live one. */
  readonly table?: string | undefined;
  /** A restored copy of the key table; by default the live one. */
  readonly keysTable?: string | undefined;
  /** A restored copy of the directory: it alone is gone through then. */
  readonly directoryTable?: string | undefined;
  /** ISO 8601: erasures from here on are replayed. */
  readonly since?: string | undefined;
  /** As answered by the step before. */
  readonly position?: ReplayPosition | undefined;
}

/** How far a replay has come: ids and numbers, no attribute of anybody. */
export interface ReplayPosition {
  /** `2026-11`: of the ledger. */
  readonly month: string;
  /** Sort key of the last entry that was replayed. */
  readonly after?: string | undefined;
  /** Of the directory's copy: what is to be gone through next for these entries of the ledger. */
  readonly part?: number | undefined;
  /** Entries so far. */
  readonly entries: number;
  /** Items that had to be deleted again, so far. */
  readonly items: number;
  /** Data keys that had to be destroyed again, so far. */
  readonly keys: number;
}

export interface ReplayOutput {
  readonly outcome: 'more' | 'done';
  readonly position: ReplayPosition;
}
