/** Point-in-time recovery: how far back each table can be restored, and what it held then. */
import { AwsError, type Clock } from '../types.ts';
import type { LoggedChange } from './change-log.ts';
import type { Item } from './engine.ts';
import { keyOf, type Table } from './table.ts';

/** Milliseconds since 1970. */
export interface RecoveryWindow {
  readonly earliestMs: number;
  readonly latestMs: number;
}

export interface Recovery {
  append(change: LoggedChange): void;
  /** Undefined for a table without recovery. */
  windowOf(table: Table): RecoveryWindow | undefined;
  /** The items of `now` as they were then. */
  rewind(table: Table, now: ReadonlyArray<Item>, toMs: number): ReadonlyArray<Item>;
  reset(): void;
}

const DAY_MS = 86_400_000;
/** "LatestRestorableDateTime is typically 5 minutes before the current time" (API reference). */
const BEHIND_MS = 300_000;
/** How many changes too old to be needed may gather before they are dropped. */
const SLACK = 1_000;

interface Undo {
  readonly atMs: number;
  readonly key: Item;
  readonly before: Item | undefined;
}

export function createRecovery(
  tables: ReadonlyArray<Table>,
  clock: Clock,
  known: ReadonlyArray<LoggedChange>,
): Recovery {
  // When recovery was switched on: at the first start.
  let sinceMs = Math.min(clock.nowMs(), ...known.slice(0, 1).map(({ atMs }) => atMs));
  const recoverable = tables.filter(({ recoveryPeriodDays }) => recoveryPeriodDays !== undefined);
  const undos = new Map<string, Array<Undo>>(recoverable.map(({ name }) => [name, []]));

  const windowOf = ({ name, recoveryPeriodDays }: Table): RecoveryWindow | undefined => {
    if (recoveryPeriodDays === undefined || !undos.has(name)) return undefined;
    const nowMs = clock.nowMs();
    const earliestMs = Math.max(sinceMs, nowMs - recoveryPeriodDays * DAY_MS);
    return { earliestMs, latestMs: Math.max(earliestMs, nowMs - BEHIND_MS) };
  };
  const append = ({ table: name, atMs, before, after }: LoggedChange) => {
    const table = recoverable.find((one) => one.name === name);
    const list = undos.get(name);
    if (table === undefined || list === undefined) return;
    list.push({ atMs, key: keyOf(after ?? before ?? {}, table.keySchema), before });
    const { earliestMs = 0 } = windowOf(table) ?? {};
    const old = list.findIndex((undo) => undo.atMs >= earliestMs);
    if (old > SLACK) list.splice(0, old);
  };
  for (const change of known) append(change);

  return {
    append,
    windowOf,
    rewind({ name, keySchema }, now, toMs) {
      const textOf = (item: Item) => JSON.stringify(keyOf(item, keySchema));
      const items = new Map(now.map((item) => [textOf(item), item]));
      const later = (undos.get(name) ?? []).filter(({ atMs }) => atMs > toMs);
      for (const { key, before } of later.toReversed()) {
        if (before === undefined) items.delete(textOf(key));
        else items.set(textOf(key), before);
      }
      return [...items.values()];
    },
    reset() {
      sinceMs = clock.nowMs();
      for (const list of undos.values()) list.length = 0;
    },
  };
}

/**
 * The moment that a request names. Throws PointInTimeRecoveryUnavailableException,
 * InvalidRestoreTimeException and ValidationException.
 */
export function requireRestoreTime(
  name: string,
  window: RecoveryWindow | undefined,
  { RestoreDateTime, UseLatestRestorableTime }: Readonly<Record<string, unknown>>,
): number {
  if (window === undefined) {
    throw new AwsError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${name}'`,
    );
  }
  const isLatest = UseLatestRestorableTime === true;
  if (isLatest === (RestoreDateTime !== undefined)) {
    throw new AwsError(
      'ValidationException',
      'One and only one of RestoreDateTime and UseLatestRestorableTime must be given',
    );
  }
  const toMs = isLatest ? window.latestMs : Number(RestoreDateTime) * 1000;
  if (toMs >= window.earliestMs && toMs <= window.latestMs) return toMs;
  const iso = (timeMs: number) => new Date(timeMs).toISOString();
  throw new AwsError(
    'InvalidRestoreTimeException',
    `RestoreDateTime must be from ${iso(window.earliestMs)} (EarliestRestorableDateTime) to ${iso(window.latestMs)} (LatestRestorableDateTime)`,
  );
}
