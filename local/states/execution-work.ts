import type { Execution, ExecutionStatus } from './execution.ts';
import { runStates } from './interpreter.ts';
import type { Journal } from './journal.ts';
import type { Tools } from './run.ts';
import type { StateMachine } from './state-machine.ts';
import { Halted, StatesError } from './states-error.ts';

/** How an execution ended. */
export type End = {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
} & Partial<Pick<Execution, 'output' | 'error' | 'cause'>>;

/** Runs an execution to its end, from where it stood; undefined when it was halted. */
export async function runExecution(
  journal: Journal,
  machine: StateMachine,
  tools: Tools,
  halted: AbortSignal,
): Promise<End | undefined> {
  const { execution } = journal;
  const over = new AbortController();
  const signal = AbortSignal.any([halted, over.signal]);
  const { principal } = machine;
  const context = contextOf(execution, machine);
  try {
    const input: unknown = JSON.parse(execution.input);
    const output = await Promise.race([
      runStates({ tools, journal, signal, context, principal }, machine.definition, '', input),
      timeLimit(execution, machine, tools, signal),
    ]);
    return { status: 'SUCCEEDED', output: JSON.stringify(output) };
  } catch (error) {
    return error instanceof Halted ? undefined : failedEnd(error);
  } finally {
    over.abort();
  }
}

class TimedOut extends Error {}

/** A redrive begins the time anew. */
async function timeLimit(
  { startedAtMs, redrivenAtMs = startedAtMs }: Execution,
  { definition: { TimeoutSeconds } }: StateMachine,
  { alarms }: Tools,
  signal: AbortSignal,
): Promise<never> {
  const endsAtMs = redrivenAtMs + (TimeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  await alarms.until(endsAtMs, signal);
  throw new TimedOut();
}

function failedEnd(error: unknown): End {
  if (error instanceof TimedOut) return { status: 'TIMED_OUT' };
  if (error instanceof StatesError) {
    const { error: name, reason } = error;
    return { status: 'FAILED', error: name, ...(reason !== undefined && { cause: reason }) };
  }
  console.error('the local cloud failed while running a workflow:', error);
  return { status: 'FAILED', error: 'States.Runtime', cause: 'the local cloud failed' };
}

/** The context object (`$$`), as a task may read it. */
function contextOf(execution: Execution, machine: StateMachine) {
  const { arn, name, input, startedAtMs, redrives, redrivenAtMs } = execution;
  return {
    Execution: {
      Id: arn,
      Name: name,
      Input: JSON.parse(input),
      RoleArn: machine.roleArn,
      StartTime: new Date(startedAtMs).toISOString(),
      RedriveCount: redrives,
      ...(redrivenAtMs !== undefined && { RedriveTime: new Date(redrivenAtMs).toISOString() }),
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
  };
}
