import type { ActKind } from '../audit/act.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { AuditHour } from '../audit/hours.ts';
import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** What is looked for; members narrow it together. */
export interface AuditQuery {
  /** Whom it concerns. */
  readonly person?: Sub;
  /** As `nameActor` says. */
  readonly actor?: string;
  readonly kind?: ActKind;
  /** Where no index leads (by nothing, or by `anonymous`): a day before `until`. */
  readonly since?: EpochSeconds;
  /** Exclusive; by default now. */
  readonly until: EpochSeconds;
}

/** A record that an index names and its hour has not: somebody removed it, or it has expired. */
export interface MissingRecord {
  readonly hour: AuditHour;
  readonly id: string;
  readonly at: EpochSeconds;
}

export interface AuditPage {
  /** The newest first. A page may be empty and still have a cursor. */
  readonly records: ReadonlyArray<AuditRecord>;
  readonly missing: ReadonlyArray<MissingRecord>;
  /** Where no index leads: from when on records are read, asked for or not. */
  readonly since?: EpochSeconds;
  /** Opaque; absent at the end. */
  readonly cursor?: string;
}

/** What leads to a record: where it was written, and what it was. */
export interface RecordPointer extends MissingRecord {
  /** SHA-256 of its text, base64url. */
  readonly hash: string;
}

export interface AuditTrail {
  find(query: AuditQuery, cursor?: string): Promise<AuditPage>;
  /** Everything that concerns one person, for their export. */
  ofPerson(sub: Sub, cursor?: string): Promise<AuditPage>;
  /** Of one kind, whether or not the records are still there; the newest first. */
  pointers(
    query: Required<Pick<AuditQuery, 'kind' | 'since' | 'until'>>,
    cursor?: string,
  ): Promise<{ readonly pointers: ReadonlyArray<RecordPointer>; readonly cursor?: string }>;
}
