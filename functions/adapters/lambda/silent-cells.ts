import type { CellName } from '../../core/cells.ts';
import { CellAwayError } from '../../core/errors.ts';

const REMEMBERED_FOR_MS = 15_000;

/** A busy container's timers are late by less. */
const TARDINESS_MS = 1000;

/** Errors of a call that waited as long as it may. */
const SILENCE: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError']);

/** Which cells have let us wait in vain, so that one request finds that out and not each. */
export interface SilentCells {
  /**
   * Throws UnavailableError for 15 s after a silence. The first call after that asks for a sign of
   * life; until there is one, all others still fail at once.
   */
  requireVoice(cell: CellName, askForSignOfLife: () => Promise<boolean>): Promise<void>;
  /** Remembers the failure of a call if it was silence. A refusal costs nobody any time. */
  note(cell: CellName, call: FailedCall): void;
}

interface FailedCall {
  readonly error: unknown;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** How long it may have waited. */
  readonly timeoutMs: number;
}

/** `nowMs`: milliseconds since the epoch. */
export function createSilentCells(nowMs: () => number): SilentCells {
  const silentUntilMs = new Map<CellName, number>();
  const remember = (cell: CellName) => silentUntilMs.set(cell, nowMs() + REMEMBERED_FOR_MS);
  const away = (cell: CellName) => new CellAwayError(cell, new Error('it was silent just now'));

  return {
    async requireVoice(cell, askForSignOfLife) {
      const untilMs = silentUntilMs.get(cell);
      if (untilMs === undefined) return;
      if (nowMs() < untilMs) throw away(cell);
      remember(cell);
      try {
        if (!(await askForSignOfLife())) throw away(cell);
        silentUntilMs.delete(cell);
      } catch (error) {
        // A missing permission is a mistake of ours, which the call itself shall show.
        if (!(error instanceof CellAwayError)) silentUntilMs.delete(cell);
        throw error;
      }
    },

    note(cell, { error, startedAtMs, timeoutMs }) {
      if (!(error instanceof Error && SILENCE.has(error.name))) return;
      // Frozen meanwhile, once its request was answered without it: that was our silence.
      if (nowMs() - startedAtMs > timeoutMs + TARDINESS_MS) return;
      remember(cell);
    },
  };
}
