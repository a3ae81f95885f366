import type { Acting } from '../core/audit/act.ts';
import type { ErasureInput, ErasureOutput } from '../core/erasure/steps.ts';
import type { Sub } from '../core/ids.ts';
import type { Directory } from '../core/ports/directory.ts';
import type {
  DirectoryCopy,
  ErasedAgain,
  ErasureContacts,
  ErasureRuns,
  Erasures,
  ErasureTraces,
  Ledger,
  PersonCollection,
  PersonCounters,
  PersonKeys,
  Quarantine,
} from '../core/ports/erasures.ts';
import type { ExportEnds } from '../core/ports/exports.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import type { Slots } from '../core/ports/slots.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { Proof } from './proof.ts';

export interface ErasureDeps {
  readonly cell: string;
  readonly erasures: Erasures;
  readonly access: { endAll(sub: Sub, acting: Acting): Promise<void> };
  readonly slots: Slots;
  readonly ledger: Ledger;
  readonly profiles: Pick<Profiles, 'find'>;
  readonly directory: Pick<Directory, 'hash'>;
  readonly traces: ErasureTraces;
  readonly contacts: ErasureContacts;
  readonly keys: PersonKeys;
  readonly collection: PersonCollection;
  readonly exports: ExportEnds;
  readonly counters: PersonCounters;
  readonly quarantine: Quarantine;
  readonly runs: ErasureRuns;
  readonly proof: Proof;
  readonly quarantineDays: number;
  /** What becomes of a consent's history. */
  readonly consentHistory: 'delete' | 'anonymise';
  /** The live tables, or restored copies of them. */
  readonly tablesOf: (names: {
    readonly table?: string | undefined;
    readonly keysTable?: string | undefined;
  }) => ErasedAgain;
  readonly directoryCopyOf: (table: string) => DirectoryCopy;
  readonly drawOf: (requestId: PrivacyRequestId) => number;
  readonly randomBelow: (limit: number) => number;
  readonly randomToken: () => string;
}

export interface Visit extends Pick<ErasureInput, 'execution'> {
  readonly requestId: PrivacyRequestId;
  /** When the execution began. */
  readonly startedAt: EpochSeconds;
}

/** One state of the workflow. Throws what its execution should show. */
export type State = (deps: ErasureDeps, of: Visit, now: EpochSeconds) => Promise<ErasureOutput>;

export const DONE: ErasureOutput = { outcome: 'done' };

/** In its own name: whoever asked stands with the request. */
export function actingOfErasure(at: EpochSeconds): Acting {
  return { actor: { type: 'system', name: 'erasure' }, at };
}

/** ISO 8601, for a Wait state. */
export function isoOf(time: EpochSeconds): string {
  return new Date(time * 1000).toISOString();
}
