import { z } from 'zod';
import { AwsError } from '../types.ts';
import { describeExecution, describeStateMachine, summarizeExecution } from './answers.ts';
import type { Execution } from './execution.ts';
import type { Executions } from './executions.ts';
import type { StateMachine } from './state-machine.ts';
import { machineOfToken, type TaskTokens } from './task-tokens.ts';

export interface StatesWorld {
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly executions: Executions;
  readonly tokens: TaskTokens;
}

/** Which resource IAM is asked about, and what is done. */
export interface Operation {
  resource(input: unknown, world: StatesWorld): string;
  perform(input: unknown, world: StatesWorld): object | Promise<object>;
}

const arn = z.string().min(1).max(256);
const name = z
  .string()
  .min(1)
  .max(80)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS refuses them by name.
  .regex(/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]+$/);
const json = z.string().max(262_144);
const failure = { error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() };
const token = z.string().min(1).max(2048);
const maxResults = z.int().min(0).max(1000).default(100);

const ofMachine = z.object({ stateMachineArn: arn });
const ofExecution = z.object({ executionArn: arn });
const started = ofMachine.extend({ name: name.optional(), input: json.default('{}') });
const stopped = ofExecution.extend(failure);
const listed = ofMachine.extend({
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
  maxResults,
  nextToken: z.string().regex(/^\d+$/).optional(),
});
const history = ofExecution.extend({
  reverseOrder: z.boolean().default(false),
  maxResults,
  nextToken: z.string().regex(/^\d+$/).optional(),
});
const succeeded = z.object({ taskToken: token, output: json });
const failed = z.object({ taskToken: token, ...failure });
const beating = z.object({ taskToken: token });

const machineArn = (input: unknown) => parse(ofMachine, input).stateMachineArn;
const executionArn = (input: unknown) => parse(ofExecution, input).executionArn;
/** What is no token is nobody's task, whichever machine is asked about. */
const machineOfTask = (input: unknown, { machines }: StatesWorld) =>
  machineOfToken(parse(beating, input).taskToken) ?? [...machines.keys()][0] ?? '*';

/** The operations that are spoken, by name. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeStateMachine: {
    resource: machineArn,
    perform: (input, world) => describeStateMachine(requireMachine(world, machineArn(input))),
  },
  ListStateMachines: {
    resource: () => '*',
    perform: (_, { machines }) => ({
      stateMachines: [...machines.values()].map((machine) => ({
        stateMachineArn: machine.arn,
        name: machine.name,
        type: 'STANDARD',
        creationDate: 0,
      })),
    }),
  },
  StartExecution: {
    resource: machineArn,
    perform(input, world) {
      const request = parse(started, input);
      const machine = requireMachine(world, request.stateMachineArn);
      requireJson(request.input, 'InvalidExecutionInput', 'Invalid State Machine Execution Input');
      const execution = world.executions.start(machine, request.name, request.input);
      return { executionArn: execution.arn, startDate: execution.startedAtMs / 1000 };
    },
  },
  DescribeExecution: {
    resource: executionArn,
    perform: (input, { executions, machines }) => {
      const execution = executions.require(executionArn(input));
      return describeExecution(execution, machines.get(execution.machineArn));
    },
  },
  ListExecutions: {
    resource: machineArn,
    perform(input, world) {
      const { stateMachineArn, statusFilter, maxResults: most, nextToken } = parse(listed, input);
      requireMachine(world, stateMachineArn);
      const found = world.executions
        .list(stateMachineArn)
        .filter(({ status }) => statusFilter === undefined || status === statusFilter);
      const page = pageOf(found, most, nextToken);
      return { executions: page.items.map(summarizeExecution), ...page.next };
    },
  },
  GetExecutionHistory: {
    resource: executionArn,
    perform(input, { executions }) {
      const { maxResults: most, reverseOrder, nextToken } = parse(history, input);
      const { events } = executions.require(executionArn(input));
      const page = pageOf(reverseOrder ? events.toReversed() : events, most, nextToken);
      return { events: page.items, ...page.next };
    },
  },
  StopExecution: {
    resource: executionArn,
    async perform(input, { executions }) {
      const { error, cause } = parse(stopped, input);
      const execution = executions.require(executionArn(input));
      await executions.stop(execution, {
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      });
      return { stopDate: (execution.stoppedAtMs ?? 0) / 1000 };
    },
  },
  RedriveExecution: {
    resource: executionArn,
    perform(input, world) {
      const execution: Execution = world.executions.require(executionArn(input));
      world.executions.redrive(execution, requireMachine(world, execution.machineArn));
      return { redriveDate: (execution.redrivenAtMs ?? 0) / 1000 };
    },
  },
  SendTaskSuccess: {
    resource: machineOfTask,
    perform(input, { tokens }) {
      const request = parse(succeeded, input);
      const output = requireJson(request.output, 'InvalidOutput', 'Invalid output');
      tokens.succeed(request.taskToken, output);
      return {};
    },
  },
  SendTaskFailure: {
    resource: machineOfTask,
    perform(input, { tokens }) {
      const { taskToken, error = '', cause } = parse(failed, input);
      tokens.fail(taskToken, error, cause);
      return {};
    },
  },
  SendTaskHeartbeat: {
    resource: machineOfTask,
    perform(input, { tokens }) {
      tokens.heartbeat(parse(beating, input).taskToken);
      return {};
    },
  },
};

function requireMachine({ machines }: StatesWorld, stateMachineArn: string): StateMachine {
  const found = machines.get(stateMachineArn);
  if (found !== undefined) return found;
  const message = `State Machine Does Not Exist: '${stateMachineArn}'`;
  throw new AwsError('StateMachineDoesNotExist', message);
}

/** `nextToken` is where the next page begins. */
function pageOf<Item>(items: ReadonlyArray<Item>, most: number, nextToken: string | undefined) {
  const from = Number(nextToken ?? 0);
  const end = from + (most === 0 ? 100 : most);
  return {
    items: items.slice(from, end),
    next: end < items.length ? { nextToken: String(end) } : {},
  };
}

function requireJson(text: string, code: string, message: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError(code, message);
  }
}

/** Throws ValidationException, or the API's own error for a wrong name, naming the member. */
function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const member = issue?.path.join('.') ?? '';
  const code = member === 'name' ? 'InvalidName' : 'ValidationException';
  throw new AwsError(
    code,
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${issue?.message}`,
  );
}
