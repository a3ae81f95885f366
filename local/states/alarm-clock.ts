import type { Clock } from '../types.ts';
import { Halted } from './states-error.ts';

/**
 * Waits by the movable clock: until the time has come by itself, or until somebody has moved the
 * clock past it and says so with `ring`.
 */
export interface AlarmClock {
  nowMs(): number;
  /** Rejects with Halted when the signal aborts first. */
  until(timeMs: number, signal: AbortSignal): Promise<void>;
  /** After a move of the clock: ends the waits whose time has come. */
  ring(): void;
}

/** Longer timers would fire at once (Node's `setTimeout` counts in 32 bits). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createAlarmClock(clock: Clock): AlarmClock {
  const pending = new Set<() => void>();
  return {
    nowMs: clock.nowMs,
    until: (timeMs, signal) =>
      new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined;
        const end = (settle: () => void) => {
          clearTimeout(timer);
          pending.delete(check);
          signal.removeEventListener('abort', halt);
          settle();
        };
        const halt = () => end(() => reject(new Halted()));
        const check = () => {
          clearTimeout(timer);
          const leftMs = timeMs - clock.nowMs();
          if (leftMs <= 0) return end(resolve);
          timer = setTimeout(check, Math.min(leftMs, LONGEST_TIMER_MS));
          // A workflow that waits for days must not keep the local cloud from ending.
          timer.unref();
        };
        if (signal.aborted) return halt();
        signal.addEventListener('abort', halt);
        pending.add(check);
        check();
      }),
    ring: () => {
      for (const check of [...pending]) check();
    },
  };
}
