import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionLogs } from '../lambda/function-logs.ts';
import type { Deployment } from '../template/deployment.ts';
import { type AuthorizationQuery, AwsError, type AwsService, type Clock } from '../types.ts';
import { createActivity } from './activity.ts';
import { createAlarmClock } from './alarm-clock.ts';
import { type ExecutionView, viewExecution } from './answers.ts';
import { createExecutions } from './executions.ts';
import { keepExecutions } from './kept-executions.ts';
import { performLambdaTask } from './lambda-task.ts';
import { logEvent } from './machine-log.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import type { RoleClient } from './role-client.ts';
import type { Tools } from './run.ts';
import { readStateMachine, type StateMachine } from './state-machine.ts';
import { Halted } from './states-error.ts';
import { createTaskTokens } from './task-tokens.ts';

/** Step Functions of one region (JSON protocol, target `AWSStepFunctions`). */
export interface StatesService extends AwsService {
  /** Once functions can run: what an earlier end of the local cloud cut off goes on. */
  resume(): void;
  /** Newest first, state by state. */
  view(): ReadonlyArray<ExecutionView>;
  /**
   * After a move of the clock: ends the waits whose time has come and lets what follows come to
   * rest.
   */
  clockMoved(): Promise<void>;
  /** Forgets all executions. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Between attempts: by the movable clock, or at most a fraction of a second, or none to speak of. */
export type RetryPauses = 'clock' | keyof typeof LONGEST_PAUSE_MS;

const LONGEST_PAUSE_MS = { short: 200, none: 0 };

export interface StatesOptions {
  readonly region: string;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly callAs: RoleClient;
  readonly isAllowed: (query: AuthorizationQuery) => boolean;
  readonly logs: FunctionLogs;
  /** Default `short`. */
  readonly retryPauses?: RetryPauses;
  /** Where executions are kept over restarts; in memory without it. */
  readonly dataDirectory?: string;
}

/** An answer to a move of the clock must not hang on a function that does. */
const LONGEST_SETTLING_MS = 10_000;
const LONGEST_FAREWELL_MS = 5_000;

export async function createStatesService(options: StatesOptions): Promise<StatesService> {
  const { region, retryPauses = 'short' } = options;
  const machines = readMachines(options);
  const alarms = createAlarmClock(options.clock);
  const activity = createActivity();
  const tokens = createTaskTokens(alarms);
  const kept = keepExecutions(options.dataDirectory);
  const calls = followCalls();
  const tools: Tools = {
    alarms,
    activity,
    random: Math.random,
    pause: (seconds, signal) =>
      retryPauses === 'clock'
        ? activity.park(alarms.until(alarms.nowMs() + seconds * 1000, signal))
        : realPause(Math.min(seconds * 1000, LONGEST_PAUSE_MS[retryPauses]), signal),
    perform: (call, principal) => calls.follow(performLambdaTask(call, principal, options.callAs)),
    createToken: tokens.create,
    awaitToken: tokens.await,
  };
  const executions = createExecutions({
    tools,
    known: await kept.read(),
    onEvent(execution, event) {
      const machine = machines.get(execution.machineArn);
      if (machine !== undefined) logEvent(options.logs, machine, execution, event);
    },
    onChange: () => kept.keep(() => executions.list().toReversed()),
  });
  const world = { machines, executions, tokens };
  const settled = () => activity.settled(LONGEST_SETTLING_MS);
  return {
    authorizations: ({ operation, input }) => [
      {
        action: `states:${operation}`,
        resource: requireOperation(operation).resource(input, world),
        context: {},
      },
    ],
    async handle({ operation, input }) {
      const body = JSON.stringify(await requireOperation(operation).perform(input, world));
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
    },
    resume: () => executions.resume(machines),
    view: () => executions.list().map((execution) => viewExecution(region, execution)),
    async clockMoved() {
      alarms.ring();
      await settled();
    },
    async reset() {
      await executions.reset();
      await calls.ended();
    },
    async close() {
      await executions.close();
      await calls.ended();
      await kept.flush();
    },
  };
}

function readMachines({
  deployment,
  region,
  isAllowed,
}: StatesOptions): ReadonlyMap<string, StateMachine> {
  return new Map(
    deployment
      .byType('AWS::StepFunctions::StateMachine')
      .filter((resource) => resource.region === region)
      .map((resource) => readStateMachine(deployment, resource, isAllowed))
      .map((machine) => [machine.arn, machine]),
  );
}

/**
 * Halting an execution ends no function. Whoever takes away what functions work on, as a reset and
 * the end do, waits for those at work.
 */
function followCalls() {
  const running = new Set<Promise<unknown>>();
  return {
    follow: <Value>(call: Promise<Value>): Promise<Value> => {
      running.add(call);
      const forget = () => running.delete(call);
      call.then(forget, forget);
      return call;
    },
    ended: async () => {
      const enough = sleep(LONGEST_FAREWELL_MS, undefined, { ref: false });
      await Promise.race([Promise.allSettled(running), enough]);
    },
  };
}

async function realPause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw new Halted();
  }
}

function requireOperation(name: string): Operation {
  const found = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (found !== undefined) return found;
  throw new AwsError('UnknownOperationException', `${name} is not emulated locally`);
}
