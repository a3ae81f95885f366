import type { Act } from '../core/audit/act.ts';

/** A record of the stream, as far as this surface needs to know it. */
export interface Delivered {
  readonly sequenceNumber: string;
  /** Throws when the record tells of an act in a way that nobody of us does. */
  readonly findAct: () => Act | undefined;
}

export interface GatherDeps {
  readonly record: (acts: ReadonlyArray<Act>) => Promise<void>;
  /** What an operator may want to know; nothing of anybody. */
  readonly note: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Lambda Developer Guide, "Reporting batch item failures". */
export interface GatherAnswer {
  readonly batchItemFailures: ReadonlyArray<{ readonly itemIdentifier: string }>;
}

/**
 * Writes what a batch tells of to the audit trail. What comes before a record that cannot be read is
 * written; Lambda gives the rest again, and at last that one record to the queue of failures.
 */
export async function gather(
  deps: GatherDeps,
  delivered: ReadonlyArray<Delivered>,
): Promise<GatherAnswer> {
  const acts: Array<Act> = [];
  let unread: string | undefined;
  for (const { sequenceNumber, findAct } of delivered) {
    try {
      const act = findAct();
      if (act !== undefined) acts.push(act);
    } catch (error) {
      unread = sequenceNumber;
      const failure = error instanceof Error ? error.message : 'unknown';
      deps.note('a change that cannot be read', { sequenceNumber, failure });
      break;
    }
  }
  await deps.record(acts);
  return { batchItemFailures: unread === undefined ? [] : [{ itemIdentifier: unread }] };
}
