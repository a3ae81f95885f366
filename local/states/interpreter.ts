import { runMap, runParallel } from './branches.ts';
import { fits } from './choice-rules.ts';
import { select, stateOutput } from './data-flow.ts';
import type {
  ChoiceState,
  Definition,
  FailState,
  PassState,
  State,
  WaitState,
} from './definition.ts';
import type { Cursor } from './execution.ts';
import { requireAt } from './paths.ts';
import { fillTemplate } from './payload-template.ts';
import { recovering } from './recovering.ts';
import type { Run, Step, Visit } from './run.ts';
import { StatesError } from './states-error.ts';
import { runTask } from './task.ts';

/**
 * Runs a sequence of states to its end, from where it stood. Throws StatesError when a state fails
 * and Halted when the execution is to rest; its cursor then stays at that state.
 */
export async function runStates(
  run: Run,
  definition: Definition,
  path: string,
  input: unknown,
): Promise<unknown> {
  let at: Cursor = run.journal.cursor(path) ?? { state: definition.StartAt, input };
  while (!('output' in at)) {
    run.journal.move(path, at);
    const { output, next }: Step = await visit(run, definition, path, at);
    at = next === undefined ? { output } : { state: next, input: output };
  }
  run.journal.move(path, at);
  return at.output;
}

async function visit(
  run: Run,
  definition: Definition,
  path: string,
  at: Visit['at'],
): Promise<Step> {
  const state = definition.States[at.state];
  if (state === undefined) throw new StatesError('States.Runtime', `no state ${at.state}`);
  const entry = run.journal.enter(path, at.state, state.Type, at.input);
  const context = {
    ...run.context,
    State: { Name: at.state, EnteredTime: entry.enteredAt, RetryCount: 0 },
  };
  const scope = { data: at.input, context };
  try {
    const step = await perform(state, { run, entry, path, at, scope });
    run.journal.exit(entry, step.output);
    return step;
  } catch (error) {
    if (error instanceof StatesError) run.journal.failed(entry, error);
    run.journal.end(entry, error instanceof StatesError ? 'failed' : 'aborted');
    throw error;
  }
}

function perform(state: State, visit: Visit): Promise<Step> | Step {
  switch (state.Type) {
    case 'Task':
      return recovering(state, visit, (scope) => runTask(state, { ...visit, scope }));
    case 'Parallel':
      return recovering(state, visit, (scope) =>
        runParallel(state, { ...visit, scope }, runStates),
      );
    case 'Map':
      return recovering(state, visit, (scope) => runMap(state, { ...visit, scope }, runStates));
    case 'Wait':
      return wait(state, visit);
    case 'Choice':
      return choose(state, visit);
    case 'Pass':
      return pass(state, visit);
    case 'Succeed':
      return { output: through(state, visit), next: undefined };
    case 'Fail':
      throw failure(state, visit);
  }
}

/** The end is written down first, so that a restart does not wait anew. */
async function wait(state: WaitState, visit: Visit): Promise<Step> {
  const { run, path, at } = visit;
  const { alarms, activity } = run.tools;
  const untilMs = at.untilMs ?? waitEndMs(state, visit, alarms.nowMs());
  run.journal.move(path, { ...at, untilMs });
  await activity.park(alarms.until(untilMs, run.signal));
  return { output: through(state, visit), next: state.Next };
}

function waitEndMs(state: WaitState, { scope }: Visit, nowMs: number): number {
  const input = { ...scope, data: select(state.InputPath, scope) };
  const time =
    state.Timestamp ?? (state.TimestampPath && requireAt(state.TimestampPath, input)) ?? undefined;
  if (time !== undefined) return requireNumber(Date.parse(String(time)));
  const seconds = state.Seconds ?? (state.SecondsPath && requireAt(state.SecondsPath, input));
  return nowMs + requireNumber(seconds) * 1000;
}

function requireNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new StatesError('States.Runtime', 'The Wait state was given no time');
}

function choose(state: ChoiceState, visit: Visit): Step {
  const data = select(state.InputPath, visit.scope);
  const chosen = state.Choices.find((rule) => fits(rule, { ...visit.scope, data }));
  const next = chosen?.Next ?? state.Default;
  if (next === undefined) {
    throw new StatesError('States.NoChoiceMatched', `No rule of ${visit.at.state} fits`);
  }
  return { output: through(state, visit), next };
}

function pass(state: PassState, { scope }: Visit): Step {
  const data = select(state.InputPath, scope);
  const input =
    state.Parameters === undefined ? data : fillTemplate(state.Parameters, { ...scope, data });
  const result = state.Result === undefined ? input : state.Result;
  return { output: stateOutput(state, scope, result), next: state.Next };
}

function failure(state: FailState, { scope }: Visit): StatesError {
  const { Error: name, ErrorPath, Cause, CausePath } = state;
  const error = name ?? (ErrorPath && requireAt(ErrorPath, scope)) ?? 'States.Fail';
  const cause = Cause ?? (CausePath && requireAt(CausePath, scope));
  return new StatesError(String(error), cause === undefined ? undefined : String(cause));
}

/** Of states that only hand their input on. */
function through(
  state: Parameters<typeof stateOutput>[0] & { readonly InputPath?: string | null | undefined },
  { scope }: Visit,
): unknown {
  return stateOutput(state, scope, select(state.InputPath, scope));
}
