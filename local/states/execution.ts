import type { State } from './definition.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Where a sequence of states stands: the execution itself, a branch, an item of a Map. */
export type Cursor =
  | {
      readonly state: string;
      readonly input: unknown;
      /** When the Wait state ends, in milliseconds of the movable clock. */
      readonly untilMs?: number;
      /** That somebody was given, and may answer by. */
      readonly taskToken?: string;
    }
  | { readonly output: unknown };

/** One visit of one state, for people: what the console shows. */
export interface StateRun {
  /** `''`, or the way into the branch: `Fan[0].`. */
  readonly path: string;
  readonly name: string;
  readonly type: State['Type'];
  readonly enteredAt: string;
  readonly input: unknown;
  exitedAt?: string;
  status: 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted';
  /** How often it was begun: more than 1 after retries. */
  attempts: number;
  output?: unknown;
  /** Of the latest attempt that failed. */
  error?: string;
  cause?: string;
}

/** As `GetExecutionHistory` tells it. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Seconds since 1970, with a fraction. */
  readonly timestamp: number;
  readonly type: string;
  readonly [details: string]: unknown;
}

/** All that is known of an execution; JSON, so that it survives a restart with `--data`. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  /** As given: JSON text. */
  readonly input: string;
  readonly startedAtMs: number;
  status: ExecutionStatus;
  stoppedAtMs?: number;
  redrivenAtMs?: number;
  redrives: number;
  /** JSON text. */
  output?: string;
  error?: string;
  cause?: string;
  readonly cursors: Record<string, Cursor>;
  readonly states: Array<StateRun>;
  readonly events: Array<HistoryEvent>;
}

/** AWS ends an execution whose history grows longer. */
export const MAX_EVENTS = 25_000;
