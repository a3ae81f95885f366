import type { Catchers, Retriers } from './definition.ts';
import type { StatesError } from './states-error.ts';

/** What nothing but a new execution mends: the wildcard does not cover it (ASL "Retrying"). */
const TERMINAL = ['States.Runtime', 'States.DataLimitExceeded'];

/** `States.TaskFailed` covers every error of a task but a timeout. */
function covers(names: ReadonlyArray<string>, error: string): boolean {
  if (names.includes(error)) return true;
  if (TERMINAL.includes(error)) return false;
  if (names.includes('States.ALL')) return true;
  return (
    names.includes('States.TaskFailed') &&
    (!error.startsWith('States.') || error === 'States.TaskFailed')
  );
}

/** Counts the attempts of one visit of a state, each retrier for itself. */
export function createRetries(retriers: Retriers, random: () => number) {
  const used = retriers.map(() => 0);
  /** Seconds until the next attempt; undefined when there is to be none. */
  return ({ error }: StatesError): number | undefined => {
    const index = retriers.findIndex(({ ErrorEquals }) => covers(ErrorEquals, error));
    const retrier = retriers[index];
    const attempt = used[index];
    if (retrier === undefined || attempt === undefined) return undefined;
    if (attempt >= (retrier.MaxAttempts ?? 3)) return undefined;
    used[index] = attempt + 1;
    const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds, JitterStrategy } = retrier;
    const seconds = IntervalSeconds * BackoffRate ** attempt;
    const bounded = Math.min(seconds, MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
    return JitterStrategy === 'FULL' ? bounded * random() : bounded;
  };
}

export function findCatcher(
  catchers: Catchers,
  { error }: StatesError,
): Catchers[number] | undefined {
  return catchers.find(({ ErrorEquals }) => covers(ErrorEquals, error));
}
