/** Which hour a record belongs to, and when an hour is closed: between the two nothing falls. */
import { addSeconds, type EpochSeconds, HOUR_SECONDS, toEpochSeconds } from '../time.ts';

/** `2026-11-22T14:00Z`, which sorts as time does: one tree, one root. */
export type AuditHour = string & { readonly __brand: 'AuditHour' };

/**
 * After its end, an hour takes records this long: the stream is behind by seconds. Whoever writes
 * looks at the clock before each call.
 */
const GRACE_SECONDS = 15 * 60;

/**
 * After its end, an hour is sealed no sooner. GRACE + what a write may take < this: writers run for
 * five minutes at most, and AWS refuses a request that was signed 15 minutes ago.
 */
export const SEAL_AFTER_SECONDS = 40 * 60;

/** Clocks of two machines differ by less. */
const CLOCK_SKEW_SECONDS = 60;

export function hourOf(at: EpochSeconds): AuditHour {
  return `${new Date(at * 1000).toISOString().slice(0, 13)}:00Z` as AuditHour;
}

/** Undefined for what is no hour. */
export function parseHour(text: string): AuditHour | undefined {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const hour = hourOf(toEpochSeconds(milliseconds));
  return hour === text ? hour : undefined;
}

export function startOf(hour: AuditHour): EpochSeconds {
  return toEpochSeconds(Date.parse(hour));
}

export function nextHour(hour: AuditHour): AuditHour {
  return hourOf(addSeconds(startOf(hour), HOUR_SECONDS));
}

/** Whether a record may still be written to the hour of its act; else it is late. */
export function takesRecords(hour: AuditHour, now: EpochSeconds): boolean {
  const start = startOf(hour);
  return start <= now + CLOCK_SKEW_SECONDS && now < start + HOUR_SECONDS + GRACE_SECONDS;
}

export function maySeal(hour: AuditHour, now: EpochSeconds): boolean {
  return now >= startOf(hour) + HOUR_SECONDS + SEAL_AFTER_SECONDS;
}

/** When an hour's records expire, all of them at once: its tree can be recomputed until then. */
export function retainedUntil(hour: AuditHour, retentionDays: number): EpochSeconds {
  return addSeconds(startOf(hour), retentionDays * 86_400);
}
