import { randomUUID } from 'node:crypto';
import { AwsError } from '../types.ts';
import type { Execution } from './execution.ts';
import { type End, runExecution } from './execution-work.ts';
import { Journal, type JournalOptions } from './journal.ts';
import type { Tools } from './run.ts';
import type { StateMachine } from './state-machine.ts';

/** What is known of executions, and what runs of them. */
export interface Executions {
  /** Newest first. */
  list(machineArn?: string): ReadonlyArray<Execution>;
  /** Throws AwsError `ExecutionDoesNotExist`. */
  require(arn: string): Execution;
  /** Throws AwsError `ExecutionAlreadyExists`; the same name and input is the same execution. */
  start(machine: StateMachine, name: string | undefined, input: string): Execution;
  /** From the states that did not succeed, with their inputs. Throws AwsError `ExecutionNotRedrivable`. */
  redrive(execution: Execution, machine: StateMachine): void;
  stop(execution: Execution, reason: Pick<End, 'error' | 'cause'>): Promise<void>;
  /** Those that an end of the local cloud cut off go on where they stood. */
  resume(machines: ReadonlyMap<string, StateMachine>): void;
  /** Halts all, and forgets them. */
  reset(): Promise<void>;
  /** Halts all; they stay as they are, for `resume`. */
  close(): Promise<void>;
}

export interface ExecutionsOptions extends Omit<JournalOptions, 'nowMs'> {
  readonly tools: Tools;
  /** Of a run before, kept with `--data`. */
  readonly known: ReadonlyArray<Execution>;
}

interface Working {
  readonly halt: AbortController;
  readonly ended: Promise<void>;
}

/** How many are kept, of those that have ended. */
const CAPACITY = 1_000;
const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;
const UNSUCCESSFUL: ReadonlyArray<Execution['status']> = ['FAILED', 'TIMED_OUT', 'ABORTED'];
/** The names of events write the status in other letters. */
const ENDS = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Aborted',
} as const satisfies Record<End['status'], string>;

export function createExecutions(options: ExecutionsOptions): Executions {
  const { tools } = options;
  const { nowMs } = tools.alarms;
  const executions = new Map(options.known.map((one) => [one.arn, one]));
  const working = new Map<string, Working>();
  const journalOf = (execution: Execution) => new Journal(execution, { ...options, nowMs });

  const finish = (execution: Execution, end: End) => {
    const { status, ...details } = end;
    const name = ENDS[status];
    journalOf(execution).event(`Execution${name}`, { [`execution${name}EventDetails`]: details });
    Object.assign(execution, { ...end, stoppedAtMs: nowMs() });
    options.onChange();
  };

  const begin = (execution: Execution, machine: StateMachine) => {
    const halt = new AbortController();
    const work = async () => {
      const end = await runExecution(journalOf(execution), machine, tools, halt.signal);
      working.delete(execution.arn);
      if (end !== undefined) finish(execution, end);
    };
    working.set(execution.arn, { halt, ended: tools.activity.run(work) });
    options.onChange();
  };

  const haltAll = async () => {
    const all = [...working.values()];
    for (const { halt } of all) halt.abort();
    await Promise.all(all.map(({ ended }) => ended));
  };

  return {
    list: (machineArn) =>
      [...executions.values()]
        .filter((one) => machineArn === undefined || one.machineArn === machineArn)
        .reverse(),
    require: (arn) => {
      const found = executions.get(arn);
      if (found !== undefined) return found;
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    },
    start(machine, name = randomUUID(), input) {
      const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
      const known = executions.get(arn);
      if (known?.status === 'RUNNING' && known.input === input) return known;
      if (known !== undefined) {
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
      const execution = newExecution(arn, name, machine, input, nowMs());
      executions.set(arn, execution);
      forgetOldest(executions);
      const { roleArn } = machine;
      journalOf(execution).event('ExecutionStarted', {
        executionStartedEventDetails: { input, roleArn },
      });
      begin(execution, machine);
      return execution;
    },
    redrive(execution, machine) {
      requireRedrivable(execution, nowMs());
      makeRunAgain(execution, nowMs());
      journalOf(execution).event('ExecutionRedriven', {
        executionRedrivenEventDetails: { redriveCount: execution.redrives },
      });
      begin(execution, machine);
    },
    async stop(execution, reason) {
      const running = working.get(execution.arn);
      running?.halt.abort();
      await running?.ended;
      if (execution.status === 'RUNNING') finish(execution, { status: 'ABORTED', ...reason });
    },
    resume(machines) {
      for (const execution of executions.values()) {
        const machine = machines.get(execution.machineArn);
        if (execution.status === 'RUNNING' && machine !== undefined) begin(execution, machine);
      }
    },
    async reset() {
      await haltAll();
      executions.clear();
      options.onChange();
    },
    close: haltAll,
  };
}

function newExecution(
  arn: string,
  name: string,
  { arn: machineArn }: StateMachine,
  input: string,
  startedAtMs: number,
): Execution {
  const nothing = { redrives: 0, cursors: {}, states: [], events: [] };
  return { arn, name, machineArn, input, startedAtMs, status: 'RUNNING', ...nothing };
}

function requireRedrivable({ arn, status, stoppedAtMs = 0 }: Execution, nowMs: number): void {
  if (UNSUCCESSFUL.includes(status) && nowMs - stoppedAtMs <= REDRIVABLE_MS) return;
  const why = UNSUCCESSFUL.includes(status) ? 'it ended more than 14 days ago' : `it is ${status}`;
  throw new AwsError('ExecutionNotRedrivable', `Execution '${arn}' cannot be redriven: ${why}`);
}

/** States that had ended stay so; a wait or a token of the others is not taken up again. */
function makeRunAgain(execution: Execution, nowMs: number): void {
  execution.status = 'RUNNING';
  execution.redrivenAtMs = nowMs;
  execution.redrives += 1;
  for (const outcome of ['stoppedAtMs', 'error', 'cause'] as const) delete execution[outcome];
  for (const [path, cursor] of Object.entries(execution.cursors)) {
    if ('output' in cursor) continue;
    execution.cursors[path] = { state: cursor.state, input: cursor.input };
  }
}

function forgetOldest(executions: Map<string, Execution>): void {
  if (executions.size <= CAPACITY) return;
  const oldest = [...executions.values()].find(({ status }) => status !== 'RUNNING');
  if (oldest !== undefined) executions.delete(oldest.arn);
}
