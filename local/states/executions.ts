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
  return new KnownExecutions(options);
}

class KnownExecutions implements Executions {
  readonly #options: ExecutionsOptions;
  readonly #executions: Map<string, Execution>;
  readonly #working = new Map<string, Working>();

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    this.#executions = new Map(options.known.map((one) => [one.arn, one]));
  }

  list(machineArn?: string): ReadonlyArray<Execution> {
    return [...this.#executions.values()]
      .filter((one) => machineArn === undefined || one.machineArn === machineArn)
      .reverse();
  }

  require(arn: string): Execution {
    const found = this.#executions.get(arn);
    if (found !== undefined) return found;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  start(machine: StateMachine, name: string = randomUUID(), input: string): Execution {
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = this.#executions.get(arn);
    if (known?.status === 'RUNNING' && known.input === input) return known;
    if (known !== undefined) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution = newExecution(arn, name, machine, input, this.#nowMs());
    this.#executions.set(arn, execution);
    forgetOldest(this.#executions);
    const { roleArn } = machine;
    this.#journalOf(execution).event('ExecutionStarted', {
      executionStartedEventDetails: { input, roleArn },
    });
    this.#begin(execution, machine);
    return execution;
  }

  redrive(execution: Execution, machine: StateMachine): void {
    requireRedrivable(execution, this.#nowMs());
    makeRunAgain(execution, this.#nowMs());
    this.#journalOf(execution).event('ExecutionRedriven', {
      executionRedrivenEventDetails: { redriveCount: execution.redrives },
    });
    this.#begin(execution, machine);
  }

  async stop(execution: Execution, reason: Pick<End, 'error' | 'cause'>): Promise<void> {
    const running = this.#working.get(execution.arn);
    running?.halt.abort();
    await running?.ended;
    if (execution.status === 'RUNNING') this.#finish(execution, { status: 'ABORTED', ...reason });
  }

  resume(machines: ReadonlyMap<string, StateMachine>): void {
    for (const execution of this.#executions.values()) {
      const machine = machines.get(execution.machineArn);
      if (execution.status === 'RUNNING' && machine !== undefined) this.#begin(execution, machine);
    }
  }

  async reset(): Promise<void> {
    await this.close();
    this.#executions.clear();
    this.#options.onChange();
  }

  async close(): Promise<void> {
    const all = [...this.#working.values()];
    for (const { halt } of all) halt.abort();
    await Promise.all(all.map(({ ended }) => ended));
  }

  #begin(execution: Execution, machine: StateMachine): void {
    const { tools, onChange } = this.#options;
    const halt = new AbortController();
    const work = async () => {
      const journal = this.#journalOf(execution);
      const end = await runExecution(journal, machine, tools, halt.signal);
      this.#working.delete(execution.arn);
      if (end !== undefined) this.#finish(execution, end);
    };
    this.#working.set(execution.arn, { halt, ended: tools.activity.run(work) });
    onChange();
  }

  #finish(execution: Execution, end: End): void {
    const { status, ...details } = end;
    const name = ENDS[status];
    this.#journalOf(execution).event(`Execution${name}`, {
      [`execution${name}EventDetails`]: details,
    });
    Object.assign(execution, { ...end, stoppedAtMs: this.#nowMs() });
    this.#options.onChange();
  }

  #journalOf(execution: Execution): Journal {
    return new Journal(execution, { ...this.#options, nowMs: () => this.#nowMs() });
  }

  #nowMs(): number {
    return this.#options.tools.alarms.nowMs();
  }
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
