import { addSeconds, type EpochSeconds } from '../time.ts';
import type { ReplayPosition } from './steps.ts';

/**
 * The farthest that a restore of the data table reaches back (35 days), and one to spare. Whoever
 * restores an older copy says `since`.
 */
const RESTORABLE_SECONDS = 36 * 86_400;

/** `2026-11`, of UTC: what the ledger is kept by. */
export function monthOf(time: EpochSeconds): string {
  return new Date(time * 1000).toISOString().slice(0, 7);
}

type LedgerPosition = Pick<ReplayPosition, 'month' | 'after'>;

/** Where the ledger goes on after a page that ended at `after`; undefined at its end. */
export function positionAfter(
  { month }: LedgerPosition,
  after: string | undefined,
  now: EpochSeconds,
): LedgerPosition | undefined {
  if (after !== undefined) return { month, after };
  const next = monthAfter(month, now);
  return next === undefined ? undefined : { month: next };
}

/** The month after; undefined when that has not begun. */
function monthAfter(month: string, now: EpochSeconds): string | undefined {
  const [year = 0, number = 0] = month.split('-').map(Number);
  // Months are counted from 0 there: this is the next one.
  const next = new Date(Date.UTC(year, number)).toISOString().slice(0, 7);
  return next <= monthOf(now) ? next : undefined;
}

/** The earliest erasure that a point-in-time restore can undo. */
export function earliestRestorable(now: EpochSeconds): EpochSeconds {
  return addSeconds(now, -RESTORABLE_SECONDS);
}
