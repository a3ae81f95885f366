import type { Execution, StateRun } from './execution.ts';
import type { StateMachine } from './state-machine.ts';

// What the operations answer with, in the API's own shapes. Dates are seconds since 1970.

export function describeExecution(execution: Execution, machine: StateMachine | undefined) {
  const { status, redrives, redrivenAtMs } = execution;
  const isRedrivable = status !== 'SUCCEEDED' && status !== 'RUNNING';
  return {
    ...summarizeExecution(execution),
    input: execution.input,
    inputDetails: { included: true },
    ...(execution.output !== undefined && {
      output: execution.output,
      outputDetails: { included: true },
    }),
    ...(execution.error !== undefined && { error: execution.error }),
    ...(execution.cause !== undefined && { cause: execution.cause }),
    redriveCount: redrives,
    ...(redrivenAtMs !== undefined && { redriveDate: redrivenAtMs / 1000 }),
    redriveStatus: isRedrivable && machine !== undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
  };
}

export function summarizeExecution(execution: Execution) {
  const { arn, name, machineArn, status, startedAtMs, stoppedAtMs, redrives } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: startedAtMs / 1000,
    ...(stoppedAtMs !== undefined && { stopDate: stoppedAtMs / 1000 }),
    redriveCount: redrives,
  };
}

export function describeStateMachine(machine: StateMachine) {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: 'ACTIVE',
    definition: machine.definitionText,
    roleArn: machine.roleArn,
    type: 'STANDARD',
    // CloudFormation's own creation is not kept; nothing of ours reads it.
    creationDate: 0,
    loggingConfiguration: {
      level: machine.logging.level,
      includeExecutionData: machine.logging.includesData,
    },
  };
}

/** One execution for people: `GET /_local/api/executions`. */
export interface ExecutionView {
  readonly region: string;
  readonly machine: string;
  readonly arn: string;
  readonly name: string;
  readonly status: Execution['status'];
  readonly input: unknown;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly startedAt: string;
  readonly stoppedAt: string | undefined;
  readonly redrives: number;
  /** When the Wait state that it stands at ends. */
  readonly waitsUntil: string | undefined;
  /** How many tasks wait for somebody who was given their token. */
  readonly awaitsAnswers: number;
  readonly states: ReadonlyArray<StateRun>;
}

export function viewExecution(region: string, execution: Execution): ExecutionView {
  const { arn, name, machineArn, status, error, cause, redrives, states } = execution;
  const ends = Object.values(execution.cursors).flatMap((cursor) =>
    'untilMs' in cursor && cursor.untilMs !== undefined ? [cursor.untilMs] : [],
  );
  return {
    region,
    machine: machineArn.split(':').at(-1) ?? machineArn,
    arn,
    name,
    status,
    input: JSON.parse(execution.input),
    output: execution.output === undefined ? undefined : JSON.parse(execution.output),
    error,
    cause,
    startedAt: iso(execution.startedAtMs),
    stoppedAt: execution.stoppedAtMs === undefined ? undefined : iso(execution.stoppedAtMs),
    redrives,
    awaitsAnswers: status === 'RUNNING' ? countTokens(execution) : 0,
    waitsUntil: status === 'RUNNING' && ends.length > 0 ? iso(Math.min(...ends)) : undefined,
    states,
  };
}

function countTokens({ cursors }: Execution): number {
  return Object.values(cursors).filter(
    (cursor) => 'taskToken' in cursor && cursor.taskToken !== undefined,
  ).length;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
