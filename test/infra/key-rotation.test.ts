/** The workflow that rotates signing keys, as it is deployed (ADR 0015). */
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ROTATION_STEPS } from '../../functions/core/key-rotation.ts';
import { failedRotations, KeyRotation } from '../../lib/constructs/key-rotation.ts';

const StateSchema = z.looseObject({
  Type: z.string(),
  Parameters: z.record(z.string(), z.string()).optional(),
  Retry: z.array(z.looseObject({ ErrorEquals: z.array(z.string()) })).optional(),
  TimeoutSeconds: z.int().optional(),
});
const DefinitionSchema = z.object({
  States: z.record(z.string(), StateSchema),
  TimeoutSeconds: z.int(),
});

const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-central-1' } });
new KeyRotation(stack, 'KeyRotation', {
  rotationFunction: new LambdaFunction(stack, 'Rotation', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => ({});'),
  }),
  rotationDays: '90',
  logRetention: RetentionDays.THREE_MONTHS,
});
const template = Template.fromStack(stack);
const { States, TimeoutSeconds } = readDefinition();
const tasks = Object.entries(States).filter(([, { Type }]) => Type === 'Task');

describe('every task of the workflow', () => {
  test.each(tasks)(
    '%s hands over its step, the mode and the name of its execution alone',
    (_, task) => {
      expect(task.Parameters).toEqual({
        step: expect.toBeOneOf([...ROTATION_STEPS]),
        'mode.$': '$.mode',
        'executionId.$': '$$.Execution.Name',
      });
    },
  );

  test.each(tasks)(
    '%s is tried again after any error, later each time and not in step',
    (_, task) => {
      expect(task.Retry).toEqual([
        expect.objectContaining({
          ErrorEquals: ['States.ALL'],
          BackoffRate: 2,
          JitterStrategy: 'FULL',
          MaxDelaySeconds: 60,
        }),
      ]);
      expect(task.TimeoutSeconds).toBeLessThanOrEqual(120);
    },
  );

  test.each(tasks)('%s fails where it is, so that a redrive begins there', (_, task) => {
    expect(task).not.toHaveProperty('Catch');
  });
});

test('each step of the function has its state', () => {
  const steps = tasks.map(([, { Parameters }]) => Parameters?.['step']);
  expect(new Set(steps)).toEqual(new Set(ROTATION_STEPS));
});

test('an emergency that finds another one at work ends as a failure', () => {
  expect(States['HasBegun']).toMatchObject({
    Choices: [{ Next: 'EmergencyRunning' }, { Next: 'AlreadyRunning' }],
  });
  expect(States['EmergencyRunning']).toMatchObject({ Type: 'Fail' });
});

test('a run may take longer than the longest waits that operators can choose', () => {
  const longestHours = 168 + 720;
  expect(TimeoutSeconds).toBeGreaterThan(longestHours * 3600);
});

test('its role may invoke the one function and deliver logs', () => {
  const [role] = Object.values(
    template.findResources('AWS::IAM::Role', {
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [Match.objectLike({ Principal: { Service: 'states.amazonaws.com' } })],
        },
      },
    }),
  );
  const [policy] = role?.['Properties'].Policies ?? [];
  const statements: ReadonlyArray<Record<string, unknown>> = policy.PolicyDocument.Statement;
  expect(statements.map(({ Sid }) => Sid)).toEqual(['InvokeTasks', 'DeliverLogs']);
  expect(statements[0]).toMatchObject({
    Action: 'lambda:InvokeFunction',
    Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Rotation/), 'Arn'] },
  });
});

test('its log has every event and no data', () => {
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    StateMachineType: 'STANDARD',
  });
});

test('the schedule says that it is one, and nothing else', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(90 days)',
    State: 'ENABLED',
    Targets: [Match.objectLike({ Input: '{"mode":"scheduled"}' })],
  });
});

test('runs that fail, time out or are aborted make one metric', () => {
  const { usingMetrics } = z
    .looseObject({ usingMetrics: z.record(z.string(), z.looseObject({ metricName: z.string() })) })
    .parse(failedRotations(stack));
  expect(Object.values(usingMetrics).map(({ metricName }) => metricName)).toEqual([
    'ExecutionsFailed',
    'ExecutionsTimedOut',
    'ExecutionsAborted',
  ]);
});

/** The definition is text around references; those stand for nothing that is asked here. */
function readDefinition(): z.infer<typeof DefinitionSchema> {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const parts: ReadonlyArray<unknown> = machine?.['Properties'].DefinitionString['Fn::Join'][1];
  return DefinitionSchema.parse(
    JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'arn')).join('')),
  );
}
