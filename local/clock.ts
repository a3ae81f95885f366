import type { Clock } from './types.ts';

/**
 * The clock that every function, token and TTL shares: the machine's time plus an offset in
 * milliseconds, kept in shared memory so that worker threads see a move at once.
 */
export interface SharedClock extends Clock {
  readonly offset: SharedArrayBuffer;
  offsetMs(): number;
  /** Moves every function's clock forward. */
  advance(seconds: number): void;
  /** For a restart that continues where the last one stopped, and for a reset. */
  setOffsetMs(offsetMs: number): void;
}

export function createClock(initialOffsetMs = 0): SharedClock {
  const offset = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  const cell = new BigInt64Array(offset);
  const offsetMs = () => Number(Atomics.load(cell, 0));
  const setOffsetMs = (value: number) => {
    Atomics.store(cell, 0, BigInt(Math.round(value)));
  };
  setOffsetMs(initialOffsetMs);
  return {
    offset,
    offsetMs,
    setOffsetMs,
    nowMs: () => Date.now() + offsetMs(),
    advance: (seconds) => {
      Atomics.add(cell, 0, BigInt(Math.round(seconds * 1000)));
    },
  };
}
