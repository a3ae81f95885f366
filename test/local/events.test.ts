import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { createEventArchive } from '../../local/events/event-archive.ts';
import { startEventBridge } from '../../local/events/event-bridge.ts';
import { parseSchedule, ScheduleError } from '../../local/events/schedule.ts';

import { createFunctionLogs } from '../../local/lambda/function-logs.ts';
import type { RoleAnswer } from '../../local/states/role-client.ts';
import { deploy } from '../../local/template/deployment.ts';
import { refusalOf, stackOf } from './template-fixtures.ts';

const DAY = 24 * 3600;
const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:flow';
const RULE = {
  Name: 'every-month',
  ScheduleExpression: 'rate(30 days)',
  Targets: [
    { Id: 'T', Arn: MACHINE, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, Input: '{"a":1}' },
  ],
};

function deployRule(properties: object, service = 'events.amazonaws.com') {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } };
  return deploy([
    stackOf({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: { RoleName: 'starter', AssumeRolePolicyDocument: { Statement: [statement] } },
        },
        Rule: { Type: 'AWS::Events::Rule', Properties: { ...RULE, ...properties } },
      },
    }),
  ]);
}

const closers: Array<() => void> = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function start(
  properties: object = {},
  answer?: RoleAnswer,
  disabledRules: ReadonlyArray<string> = [],
) {
  const clock = createClock();
  const logs = createFunctionLogs(clock.nowMs);
  const started: Array<{ readonly roleArn: string; readonly body: unknown }> = [];
  const scheduler = startEventBridge({
    region: 'eu-central-1',
    archive: createEventArchive(clock.nowMs),
    disabledRules,
    deployment: deployRule(properties),
    clock,
    logs,
    callAs: async ({ roleArn }, { body }) => {
      started.push({ roleArn, body: JSON.parse(body) });
      return answer ?? { status: 200, headers: new Headers(), body: '{}' };
    },
  });
  closers.push(scheduler.close);
  const advance = async (seconds: number) => {
    clock.advance(seconds);
    await scheduler.clockMoved();
  };
  return { started, logs, advance, clock, scheduler };
}

describe('a rule with a schedule', () => {
  it('starts its workflow one period after the start, as its own role, and then every period', async () => {
    const { started, advance } = start();
    await advance(30 * DAY - 1);
    expect(started).toEqual([]);
    await advance(1);
    expect(started).toEqual([
      {
        roleArn: 'arn:aws:iam::111122223333:role/starter',
        body: { stateMachineArn: MACHINE, input: '{"a":1}' },
      },
    ]);
    await advance(30 * DAY);
    expect(started).toHaveLength(2);
  });

  it('tells a workflow that it gives no input of its own which rule fired, and when', async () => {
    const { started, advance } = start({ Targets: [{ ...RULE.Targets[0], Input: undefined }] });
    await advance(30 * DAY);
    const [{ body } = { body: {} }] = started;
    expect(body).toMatchObject({ stateMachineArn: MACHINE });
    expect(JSON.parse(Object(body).input)).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: ['arn:aws:events:eu-central-1:111122223333:rule/every-month'],
      detail: {},
    });
  });

  it('fires once for periods that a move of the clock leapt over', async () => {
    const { started, advance } = start();
    await advance(365 * DAY);
    expect(started).toHaveLength(1);
  });

  it('begins anew after a reset', async () => {
    const { started, advance, clock, scheduler } = start();
    await advance(29 * DAY);
    clock.setOffsetMs(0);
    scheduler.reset();
    await advance(29 * DAY);
    expect(started).toEqual([]);
    await advance(DAY);
    expect(started).toHaveLength(1);
  });

  it('writes down what came of it', async () => {
    const refusal = {
      status: 400,
      headers: new Headers(),
      body: '{"__type":"AccessDeniedException"}',
    };
    const { logs, advance } = start({}, refusal);
    await advance(30 * DAY);
    expect(logs.list()[0]).toMatchObject({
      function: 'every-month',
      message: { outcome: 'AccessDeniedException', target: MACHINE },
    });
  });

  it('does nothing while it is disabled', async () => {
    const { started, advance } = start({ State: 'DISABLED' });
    await advance(60 * DAY);
    expect(started).toEqual([]);
  });

  it('does nothing while an operator has switched it off', async () => {
    const { started, advance } = start({}, undefined, ['every-month']);
    await advance(60 * DAY);
    expect(started).toEqual([]);
  });

  it.each([
    ['an event pattern besides', { EventPattern: { source: ['x'] } }, 'either a schedule or'],
    [
      'another target',
      { Targets: [{ Id: 'T', Arn: 'arn:aws:sqs:x:1:q', RoleArn: 'r' }] },
      'neither a workflow nor a function',
    ],
    ['a wrong expression', { ScheduleExpression: 'rate(1 days)' }, 'rate(1 days)'],
  ])('with %s is refused at the start', (_, properties, words) => {
    expect(refusalOf(() => start(properties))).toContain(words);
  });

  it('whose role does not trust EventBridge is refused at the start', () => {
    const deployment = deployRule({}, 'lambda.amazonaws.com');
    const clock = createClock();
    const logs = createFunctionLogs(clock.nowMs);
    const callAs = async () => ({ status: undefined });
    const archive = createEventArchive(clock.nowMs);
    const disabledRules: Array<string> = [];
    const options = {
      region: 'eu-central-1',
      deployment,
      clock,
      logs,
      archive,
      disabledRules,
      callAs,
    };
    expect(refusalOf(() => startEventBridge(options))).toContain('cannot be assumed');
  });
});

describe('a schedule', () => {
  const next = (expression: string, at: string) => {
    const dueMs = parseSchedule(expression).nextAfter(Date.parse(at));
    return dueMs === undefined ? undefined : new Date(dueMs).toISOString();
  };

  it.each([
    ['rate(1 minute)', '2026-01-01T00:00:30Z', '2026-01-01T00:01:30.000Z'],
    ['rate(90 days)', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00.000Z'],
    ['cron(15 3 * * ? *)', '2026-01-01T03:15:00Z', '2026-01-02T03:15:00.000Z'],
    ['cron(0/20 * * * ? *)', '2026-01-01T03:19:59Z', '2026-01-01T03:20:00.000Z'],
    ['cron(0 6,18 * * ? *)', '2026-01-01T07:00:00Z', '2026-01-01T18:00:00.000Z'],
  ])('%s after %s is %s', (expression, at, due) => {
    expect(next(expression, at)).toBe(due);
  });

  it.each(['rate(0 days)', 'rate(2 day)', 'every day', 'cron(0 0 1 * ? *)', 'cron(60 * * * ? *)'])(
    '%s is refused',
    (expression) => {
      expect(() => parseSchedule(expression)).toThrow(ScheduleError);
    },
  );
});
