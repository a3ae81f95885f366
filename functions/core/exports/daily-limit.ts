import { addSeconds, DAY_SECONDS, type EpochSeconds } from '../time.ts';

/** Exports that a person may begin within a day: each reads everything there is. */
const EXPORTS_PER_DAY = 3;

/** From when on requests count. */
export function countedSince(now: EpochSeconds): EpochSeconds {
  return addSeconds(now, -DAY_SECONDS);
}

/** When the next one may be asked for; undefined: now. `begun` are those of the last day. */
export function findNextTurn(begun: ReadonlyArray<EpochSeconds>): EpochSeconds | undefined {
  const newestFirst = begun.toSorted((a, b) => b - a);
  const decisive = newestFirst[EXPORTS_PER_DAY - 1];
  return decisive === undefined ? undefined : addSeconds(decisive, DAY_SECONDS);
}
