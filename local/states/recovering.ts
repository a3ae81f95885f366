import { stateOutput } from './data-flow.ts';
import type { MapState, ParallelState, TaskState } from './definition.ts';
import type { Scope } from './paths.ts';
import { createRetries, findCatcher } from './recovery.ts';
import type { Step, Visit } from './run.ts';
import { StatesError } from './states-error.ts';

/** Where the branches and items of a state keep their cursors. */
export function branchPrefix({ path, at }: Visit): string {
  return `${path}${at.state}[`;
}

/**
 * Attempts a state as often as its `Retry` says, then does what its `Catch` says. Throws StatesError
 * when neither helps; branches that had ended keep their outputs then, for a redrive.
 */
export async function recovering(
  state: TaskState | ParallelState | MapState,
  visit: Visit,
  attempt: (scope: Scope) => Promise<unknown>,
): Promise<Step> {
  const { run, entry } = visit;
  const retry = createRetries(state.Retry ?? [], run.tools.random);
  for (;;) {
    const scope = withRetryCount(visit, entry.attempts);
    entry.attempts += 1;
    try {
      const output = stateOutput(state, scope, await attempt(scope));
      run.journal.forget(branchPrefix(visit));
      return { output, next: state.Next };
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      run.journal.failed(entry, error);
      const seconds = retry(error);
      if (seconds === undefined) return catching(error, state, visit, scope);
      forgetAttempt(visit);
      await run.tools.pause(seconds, run.signal);
    }
  }
}

/** Throws the error again when nothing catches it. */
function catching(
  error: StatesError,
  { Catch }: TaskState | ParallelState | MapState,
  visit: Visit,
  scope: Scope,
): Step {
  const catcher = findCatcher(Catch ?? [], error);
  if (catcher === undefined) throw error;
  forgetAttempt(visit);
  visit.entry.status = 'caught';
  const { ResultPath, Next } = catcher;
  const caught = { Error: error.error, Cause: error.reason ?? '' };
  return { output: stateOutput({ ResultPath }, scope, caught), next: Next };
}

/** Neither a token nor an output of one attempt belongs to the next. */
function forgetAttempt(visit: Visit): void {
  const { run, path, at } = visit;
  run.journal.forget(branchPrefix(visit));
  run.journal.move(path, { state: at.state, input: at.input });
}

function withRetryCount({ scope, at, entry }: Visit, RetryCount: number): Scope {
  const State = { Name: at.state, EnteredTime: entry.enteredAt, RetryCount };
  return { ...scope, context: { ...Object(scope.context), State } };
}
