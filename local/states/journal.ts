import type { State } from './definition.ts';
import {
  type Cursor,
  type Execution,
  type HistoryEvent,
  MAX_EVENTS,
  type StateRun,
} from './execution.ts';
import { StatesError } from './states-error.ts';

export interface JournalOptions {
  nowMs(): number;
  /** For the machine's log. */
  onEvent(execution: Execution, event: HistoryEvent): void;
  /** The execution is to be kept. */
  onChange(): void;
}

/** Writes down what happens to one execution, as its history and state by state. */
export class Journal {
  readonly execution: Execution;
  readonly #options: JournalOptions;

  constructor(execution: Execution, options: JournalOptions) {
    this.execution = execution;
    this.#options = options;
  }

  /** Throws StatesError `States.Runtime` when the history is full. */
  event(type: string, details: Readonly<Record<string, unknown>> = {}): void {
    const { events } = this.execution;
    if (events.length >= MAX_EVENTS) {
      throw new StatesError('States.Runtime', 'The execution reached the maximum of its history');
    }
    const previousEventId = events.at(-1)?.id ?? 0;
    const timestamp = this.#options.nowMs() / 1000;
    const event = { id: previousEventId + 1, previousEventId, timestamp, type, ...details };
    events.push(event);
    this.#options.onEvent(this.execution, event);
  }

  enter(path: string, name: string, type: State['Type'], input: unknown): StateRun {
    this.event(`${type}StateEntered`, {
      stateEnteredEventDetails: { name, input: JSON.stringify(input) },
    });
    const enteredAt = this.#now();
    const run: StateRun = { path, name, type, enteredAt, input, status: 'running', attempts: 0 };
    this.execution.states.push(run);
    return run;
  }

  exit(run: StateRun, output: unknown): void {
    this.event(`${run.type}StateExited`, {
      stateExitedEventDetails: { name: run.name, output: JSON.stringify(output) },
    });
    if (run.status === 'running') run.status = 'succeeded';
    run.exitedAt = this.#now();
    run.output = output;
  }

  failed(run: StateRun, { error, reason }: StatesError): void {
    run.error = error;
    if (reason !== undefined) run.cause = reason;
  }

  end(run: StateRun, status: StateRun['status']): void {
    run.status = status;
    run.exitedAt = this.#now();
  }

  cursor(path: string): Cursor | undefined {
    return this.execution.cursors[path];
  }

  move(path: string, cursor: Cursor): void {
    this.execution.cursors[path] = cursor;
    this.#options.onChange();
  }

  /** Forgets where the branches of a state stood: it is over, or begins anew. */
  forget(prefix: string): void {
    for (const path of Object.keys(this.execution.cursors)) {
      if (path.startsWith(prefix)) delete this.execution.cursors[path];
    }
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}
