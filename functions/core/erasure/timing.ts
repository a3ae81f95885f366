import { addSeconds, DAY_SECONDS, type EpochSeconds, HOUR_SECONDS } from '../time.ts';

/** Requests of one moment (a campaign, an import) do not end their grace in one moment. */
const JITTER_SECONDS = HOUR_SECONDS;

/**
 * How long after the account was closed something begun before may still write: longest code
 * (3,600 s) + time to ask for another (3,600 s) > longest access token (3,600 s) > any function.
 */
const LINGERING_SECONDS = 2 * HOUR_SECONDS + 300;

/** How far back the key table can be restored: as its stack says, and DynamoDB allows no less. */
const KEY_BACKUP_SECONDS = DAY_SECONDS;

/** How often it is looked whether a hold still stands. */
const HOLD_SECONDS = DAY_SECONDS;

/**
 * Workflows are started before their request is written: how long that write may still come.
 * Longer than any function lives.
 */
const WRITING_SECONDS = 120;

/** How soon it is looked again for a request that is about to be written. */
export const UNWRITTEN_PAUSE_SECONDS = 30;

export function mayStillBeWritten(startedAt: EpochSeconds, now: EpochSeconds): boolean {
  return now < addSeconds(startedAt, WRITING_SECONDS);
}

/** When an erasure is carried out; `draw` is a number that follows from the request. */
export function endOfGrace(erasesAt: EpochSeconds, draw: number): EpochSeconds {
  return addSeconds(erasesAt, draw % JITTER_SECONDS);
}

/** From when nothing writes into a closed account's collection any more. */
export function endOfLingering(committedAt: EpochSeconds): EpochSeconds {
  return addSeconds(committedAt, LINGERING_SECONDS);
}

/** From when no backup of the key table holds a key that was destroyed then. */
export function unreadableFrom(keyDestroyedAt: EpochSeconds): EpochSeconds {
  return addSeconds(keyDestroyedAt, KEY_BACKUP_SECONDS);
}

export function nextLookAtHold(now: EpochSeconds): EpochSeconds {
  return addSeconds(now, HOLD_SECONDS);
}

export function endOfQuarantine(begunAt: EpochSeconds, days: number): EpochSeconds {
  return addSeconds(begunAt, days * DAY_SECONDS);
}

/** Step Functions ends an execution after a year: 360 days + the longest single wait (a day) < that. */
const LONGEST_RUN_SECONDS = 360 * DAY_SECONDS;

/** When a run of the workflow has to hand over to another one. */
export function endOfRun(startedAt: EpochSeconds): EpochSeconds {
  return addSeconds(startedAt, LONGEST_RUN_SECONDS);
}

export function earlierOf(one: EpochSeconds, other: EpochSeconds): EpochSeconds {
  return one < other ? one : other;
}
