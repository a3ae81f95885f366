import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { createFunctionLogs } from '../../local/lambda/function-logs.ts';
import type { RoleClient } from '../../local/states/role-client.ts';
import { createStatesService, type StatesOptions } from '../../local/states/service.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { AuthorizationQuery } from '../../local/types.ts';
import { serve } from './service-endpoint.ts';
import { stackOf } from './template-fixtures.ts';

export const REGION = 'eu-central-1';
export const FUNCTION_ARN = `arn:aws:lambda:${REGION}:111122223333:function:work`;

/** What a function is asked for, and how it answers. */
export type Work = (payload: Readonly<Record<string, unknown>>) => unknown;

/** A function that fails answers with this. */
export class WorkError extends Error {
  readonly type: string;
  constructor(type: string) {
    super(type);
    this.type = type;
  }
}

/** A Task state around the function; `Next` or `End` is to be said. */
export function task(rest: Readonly<Record<string, unknown>>) {
  return { Type: 'Task', Resource: FUNCTION_ARN, ...rest };
}

/** Seconds. */
export const DAY = 24 * 3600;

/** Waits for as many seconds as its input says, between two tasks. */
export const WAITING = {
  StartAt: 'Before',
  States: {
    Before: task({ Parameters: { step: 'before' }, ResultPath: null, Next: 'Wait' }),
    Wait: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'After' },
    After: task({ Parameters: { step: 'after', 'seconds.$': '$.seconds' }, End: true }),
  },
};

/** The template of one workflow. */
export function workflowTemplate(
  definition: object,
  properties: Readonly<Record<string, unknown>> = {},
) {
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'workflow',
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { Service: 'states.amazonaws.com' },
                Condition: {
                  ArnLike: {
                    'aws:SourceArn': 'arn:aws:states:eu-central-1:*:stateMachine:flow',
                  },
                },
              },
            ],
          },
        },
      },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'flow',
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          DefinitionString: JSON.stringify(definition),
          ...properties,
        },
      },
    },
  };
}

/** Functions as the gateway would answer for them. */
export function functionsThat(work: Work): RoleClient {
  return async (_, { body }) => {
    try {
      const result = await work(JSON.parse(body));
      return { status: 200, headers: new Headers(), body: JSON.stringify(result ?? null) };
    } catch (error) {
      if (!(error instanceof WorkError)) throw error;
      if (error.type === 'cut') return { status: undefined };
      const headers = new Headers({ 'x-amz-function-error': 'Unhandled' });
      const failure = { errorType: error.type, errorMessage: 'as the test wants it' };
      return { status: 200, headers, body: JSON.stringify(failure) };
    }
  };
}

/** One workflow over the real SDK client, with a clock to move. */
export async function startFixture(
  definition: object,
  work: Work,
  options: Partial<StatesOptions> & { readonly properties?: Record<string, unknown> } = {},
) {
  const clock = createClock();
  const logs = createFunctionLogs(clock.nowMs);
  const asked: Array<AuthorizationQuery> = [];
  const { properties, ...rest } = options;
  const deployment = deploy([stackOf(workflowTemplate(definition, properties))]);
  const service = await createStatesService({
    region: REGION,
    deployment,
    clock,
    logs,
    callAs: functionsThat(work),
    isAllowed: (query) => {
      asked.push(query);
      return true;
    },
    ...rest,
  });
  service.resume();
  const endpoint = await serve(service);
  const client = new SFNClient(endpoint.client);
  const stateMachineArn = deployment.byType('AWS::StepFunctions::StateMachine')[0]?.physicalId;

  const describe = (executionArn: string | undefined): Promise<DescribeExecutionCommandOutput> =>
    client.send(new DescribeExecutionCommand({ executionArn }));
  return {
    client,
    clock,
    logs,
    asked,
    service,
    stateMachineArn,
    describe,
    /** Starts, and lets it come to rest. */
    async run(input: unknown = {}, name?: string) {
      const start = new StartExecutionCommand({
        stateMachineArn,
        input: JSON.stringify(input),
        name,
      });
      const { executionArn } = await client.send(start);
      await service.clockMoved();
      return describe(executionArn);
    },
    async redrive(executionArn: string | undefined) {
      await client.send(new RedriveExecutionCommand({ executionArn }));
      await service.clockMoved();
      return describe(executionArn);
    },
    async history(executionArn: string | undefined) {
      const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
      return (events ?? []).map(({ type }) => type);
    },
    async advance(seconds: number) {
      clock.advance(seconds);
      await service.clockMoved();
    },
    async close() {
      client.destroy();
      await endpoint.close();
      await service.close();
    },
  };
}

export type StatesFixture = Awaited<ReturnType<typeof startFixture>>;

/** As `startFixture`; whatever a test has started is closed after it. To be called once by a file. */
export function startedPerTest(): typeof startFixture {
  const open: Array<StatesFixture> = [];
  afterEach(async () => {
    for (const fixture of open.splice(0)) await fixture.close();
  });
  return async (...parameters) => {
    const fixture = await startFixture(...parameters);
    open.push(fixture);
    return fixture;
  };
}
