import type { RecordText } from '../audit/audit-record.ts';
import type { AuditHour } from '../audit/hours.ts';

export interface StoredRoot {
  readonly hour: AuditHour;
  /** Compact JWS, `typ` audit-root+jwt. */
  readonly root: string;
}

/** Hours of the trail: their records in the order of leaves, and what was signed of them. */
export interface AuditHours {
  newest(): Promise<StoredRoot | undefined>;
  /** The first hour that has records; undefined while nothing has happened. */
  beginning(): Promise<AuditHour | undefined>;
  /** The oldest first; both ends inclusive. A page may be empty and still have a cursor. */
  roots(
    range: {
      readonly since?: AuditHour | undefined;
      readonly until?: AuditHour | undefined;
    },
    cursor?: AuditHour,
  ): Promise<{ readonly roots: ReadonlyArray<StoredRoot>; readonly cursor?: AuditHour }>;
  /** Leaves the hour alone when it is sealed already: nothing is signed twice differently. */
  seal(root: StoredRoot): Promise<void>;
  /** All hours up to this one are in the archive; undefined before the first. */
  archivedUntil(): Promise<AuditHour | undefined>;
  /** In order; who is behind another run changes nothing. */
  noteArchived(hour: AuditHour): Promise<void>;
  /** All of an hour, page by page. */
  records(hour: AuditHour): AsyncIterable<ReadonlyArray<RecordText>>;
  /** As `records`, for callers who go on later. */
  page(
    hour: AuditHour,
    cursor?: string,
  ): Promise<{ readonly texts: ReadonlyArray<RecordText>; readonly cursor?: string }>;
}
