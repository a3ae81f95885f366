import type { JsonObject } from '../template/json.ts';
import type { Principal } from '../types.ts';
import type { Activity } from './activity.ts';
import type { AlarmClock } from './alarm-clock.ts';
import type { Definition } from './definition.ts';
import type { Cursor, StateRun } from './execution.ts';
import type { Journal } from './journal.ts';
import type { Scope } from './paths.ts';

/** A task with its parameters filled in. */
export interface TaskCall {
  readonly resource: string;
  readonly parameters: unknown;
}

/** Somebody outside who was given a token and may answer by it. */
export interface TokenWait {
  /** Rejects with StatesError as `SendTaskFailure` says, and when heartbeats stay away. */
  readonly answer: Promise<unknown>;
  forget(): void;
}

/** What an execution needs of the world. */
export interface Tools {
  readonly alarms: AlarmClock;
  readonly activity: Activity;
  random(): number;
  /** Waits before another attempt. Rejects with Halted. */
  pause(seconds: number, signal: AbortSignal): Promise<void>;
  /** Rejects with StatesError. */
  perform(call: TaskCall, principal: Principal): Promise<unknown>;
  createToken(machineArn: string): string;
  awaitToken(token: string, heartbeatSeconds: number | undefined, signal: AbortSignal): TokenWait;
}

/** One execution at work. */
export interface Run {
  readonly tools: Tools;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** As whom tasks are performed. */
  readonly principal: Principal;
  /** The context object (`$$`) but for the state's own part. */
  readonly context: JsonObject;
}

/** What came of a state; without `next` it was the last one. */
export interface Step {
  readonly output: unknown;
  readonly next: string | undefined;
}

/** A state that is being visited. */
export interface Visit {
  readonly run: Run;
  readonly entry: StateRun;
  /** Of the sequence that the state belongs to. */
  readonly path: string;
  readonly at: Extract<Cursor, { readonly state: string }>;
  /** The raw input, and the context object with the state's own part. */
  readonly scope: Scope;
}

/** Runs a sequence of states: what a state with branches needs to run those. */
export type RunStates = (
  run: Run,
  definition: Definition,
  path: string,
  input: unknown,
) => Promise<unknown>;
