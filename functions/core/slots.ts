import type { EpochSeconds } from './time.ts';

/** Workflows that wait their turn, so that a thousand requests leave sign-in its capacity. */
export type SlotMachine = 'export' | 'erasure';

/** A place at work: whoever holds it may use the tables; its lease ends by itself. */
export interface Slot {
  readonly number: number;
  readonly holder?: string;
  readonly leasedUntil?: EpochSeconds;
}

/**
 * Longer than what is done in a slot takes. Who dies with one keeps nobody waiting for longer. Who is
 * refused for lack of concurrency for longer than that goes on without one: others have been
 * admitted by then, but what all of them do is bounded by what refuses them.
 */
export const SLOT_LEASE_SECONDS = 1800;

/** Slots looked at by one try: as many as one BatchGetItem reads. */
const MOST_LOOKED_AT = 100;

const SHORTEST_WAIT_SECONDS = 20;
const WAIT_SPREAD_SECONDS = 40;

/**
 * The slots that a holder may have: always the same, so that what it took before is found again.
 * `draw` is any number that follows from the holder; different ones spread over all slots.
 */
export function slotsWithinReach(count: number, draw: number): ReadonlyArray<number> {
  const length = Math.min(count, MOST_LOOKED_AT);
  return Array.from({ length }, (_, step) => (draw + step) % count);
}

/** Its own one if it holds one already, else a free one at random; undefined when all are taken. */
export function chooseSlot(
  slots: ReadonlyArray<Slot>,
  { holder, now }: { readonly holder: string; readonly now: EpochSeconds },
  randomBelow: (limit: number) => number,
): number | undefined {
  const own = slots.find((slot) => slot.holder === holder);
  if (own !== undefined) return own.number;
  const free = slots.filter(({ leasedUntil }) => leasedUntil === undefined || leasedUntil <= now);
  return free.length === 0 ? undefined : free[randomBelow(free.length)]?.number;
}

/** Spread, so that those who were refused together do not come back together. */
export function secondsUntilNextTry(randomBelow: (limit: number) => number): number {
  return SHORTEST_WAIT_SECONDS + randomBelow(WAIT_SPREAD_SECONDS + 1);
}
