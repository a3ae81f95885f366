/** Which records of an hour are not what they were, by what else knows them. */
import type { RecordText } from './audit-record.ts';
import type { AuditHour } from './hours.ts';
import type { Finding } from './verification.ts';

/** A record as another place has it: an index, or the archive. */
export interface Witnessed {
  readonly id: string;
  /** SHA-256 of its text, base64url. */
  readonly hash: string;
}

/**
 * Names the records that were removed, added or altered since. Whoever changed records and all that
 * knows of them leaves no name; that the tree is another stays found.
 */
export function compareHour(
  hour: AuditHour,
  found: ReadonlyArray<Witnessed>,
  witnessed: ReadonlyArray<Witnessed>,
): ReadonlyArray<Finding> {
  const known = new Map(witnessed.map(({ id, hash }) => [id, hash]));
  const present = new Map(found.map(({ id, hash }) => [id, hash]));
  const changed = found.flatMap(({ id, hash }): ReadonlyArray<Finding> => {
    const before = known.get(id);
    if (before === undefined) return [{ what: 'added-record', hour, id }];
    return before === hash ? [] : [{ what: 'altered-record', hour, id }];
  });
  const removed = witnessed.filter(({ id }) => !present.has(id));
  return [...changed, ...removed.map(({ id }): Finding => ({ what: 'removed-record', hour, id }))];
}

/** Ids come from the text itself: what is no record is named by its beginning. */
export function witness(text: RecordText, hashOf: (text: string) => string): Witnessed {
  const hash = hashOf(text);
  try {
    const parsed: unknown = JSON.parse(text);
    const id = typeof parsed === 'object' && parsed !== null && 'id' in parsed ? parsed.id : '';
    return { id: String(id), hash };
  } catch {
    return { id: text.slice(0, 80), hash };
  }
}
