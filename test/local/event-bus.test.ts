import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { createEventArchive } from '../../local/events/event-archive.ts';
import { startEventBridge } from '../../local/events/event-bridge.ts';
import { createAuthorizer } from '../../local/iam/authorizer.ts';
import { createFunctionLogs } from '../../local/lambda/function-logs.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { AwsRequest, Principal } from '../../local/types.ts';
import { REGION, serve } from './service-endpoint.ts';
import { refusalOf, stackOf } from './template-fixtures.ts';

const ACCOUNT = '111122223333';
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:listener`;
const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:flow`;
const TRUST = {
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: {
        ArnLike: { 'aws:SourceArn': `arn:aws:events:${REGION}:${ACCOUNT}:rule/privacy/*` },
      },
    },
  ],
};

const resources = (rule: object = {}) => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'starter', AssumeRolePolicyDocument: TRUST },
  },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'privacy' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: 'erasures',
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['domicile'], 'detail-type': [{ prefix: 'Erasure' }] },
      Targets: [
        { Id: 'F', Arn: FUNCTION },
        { Id: 'W', Arn: MACHINE, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
      ],
      ...rule,
    },
  },
});
const deployRule = (rule?: object) => deploy([stackOf({ Resources: resources(rule) })]);

interface Called {
  readonly principal: Principal;
  readonly path: string;
  readonly source: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

const clock = createClock();
const archive = createEventArchive(clock.nowMs);
const called: Array<Called> = [];
const bridge = startEventBridge({
  region: REGION,
  deployment: deployRule(),
  clock,
  logs: createFunctionLogs(clock.nowMs),
  archive,
  disabledRules: [],
  callAs: async (principal, { path, headers, body }) => {
    called.push({
      principal,
      path: decodeURIComponent(path),
      source: headers?.['x-local-source-arn'],
      body: JSON.parse(body),
    });
    return { status: 202, headers: new Headers(), body: '' };
  },
});
const endpoint = await serve(bridge.service);
const client = new EventBridgeClient(endpoint.client);

afterAll(async () => {
  client.destroy();
  bridge.close();
  await endpoint.close();
});
beforeEach(() => {
  archive.clear();
  called.length = 0;
});

const ENTRY: PutEventsRequestEntry = {
  EventBusName: 'privacy',
  Source: 'domicile',
  DetailType: 'ErasureRequested',
  Detail: '{"requestId":"r-1"}',
};

async function put(...entries: ReadonlyArray<PutEventsRequestEntry>) {
  const answer = await client.send(new PutEventsCommand({ Entries: [...entries] }));
  await bridge.settled();
  return answer;
}

describe('a bus', () => {
  it('gives each event an id, keeps it to be looked at, and hands it to the targets of rules that want it', async () => {
    const { FailedEntryCount, Entries = [] } = await put(ENTRY);
    expect(FailedEntryCount).toBe(0);
    expect(archive.since(0)).toMatchObject([
      {
        region: REGION,
        bus: 'privacy',
        source: 'domicile',
        detailType: 'ErasureRequested',
        detail: { requestId: 'r-1' },
      },
    ]);
    const event = {
      version: '0',
      id: Entries[0]?.EventId,
      'detail-type': 'ErasureRequested',
      source: 'domicile',
      account: ACCOUNT,
      region: REGION,
      detail: { requestId: 'r-1' },
    };
    const [toFunction, toWorkflow] = called;
    expect(toFunction).toMatchObject({
      principal: { roleArn: 'events.amazonaws.com', region: REGION },
      path: `/2015-03-31/functions/${FUNCTION}/invocations`,
      source: `arn:aws:events:${REGION}:${ACCOUNT}:rule/privacy/erasures`,
      body: event,
    });
    expect(toWorkflow?.principal.roleArn).toBe(`arn:aws:iam::${ACCOUNT}:role/starter`);
    expect(toWorkflow?.body['stateMachineArn']).toBe(MACHINE);
    expect(JSON.parse(String(toWorkflow?.body['input']))).toMatchObject(event);
  });

  it('hands nothing on that no rule wants, or that was put on another bus', async () => {
    const { FailedEntryCount } = await put(
      { ...ENTRY, DetailType: 'ExportRequested' },
      { ...ENTRY, EventBusName: 'default' },
    );
    expect(FailedEntryCount).toBe(0);
    expect(archive.since(0)).toHaveLength(2);
    expect(called).toEqual([]);
  });

  it('tells for each entry of a request whether it was taken', async () => {
    const { FailedEntryCount, Entries } = await put(
      ENTRY,
      { ...ENTRY, DetailType: '' },
      { ...ENTRY, Detail: '{' },
      { ...ENTRY, Detail: '[]' },
      { ...ENTRY, Source: 'aws.ec2' },
      { ...ENTRY, EventBusName: 'nowhere' },
    );
    expect(FailedEntryCount).toBe(5);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
    expect(archive.since(0)).toHaveLength(1);
  });

  it.each<[string, ReadonlyArray<PutEventsRequestEntry>]>([
    ['more than ten entries', Array.from({ length: 11 }, () => ENTRY)],
    ['no entry', []],
    ['more than 256 kB', [{ ...ENTRY, Detail: JSON.stringify({ text: 'x'.repeat(262_200) }) }]],
  ])('refuses a request of %s as a whole', async (_, entries) => {
    await expect(put(...entries)).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
    expect(archive.since(0)).toEqual([]);
  });
});

describe('the right to put events', () => {
  const allowed = {
    Effect: 'Allow',
    Action: 'events:PutEvents',
    Resource: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/privacy`,
    Condition: {
      StringEquals: { 'events:source': 'domicile' },
      StringLike: { 'events:detail-type': 'Erasure*' },
    },
  };
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'teller',
      AssumeRolePolicyDocument: TRUST,
      Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [allowed] } }],
    },
  };
  const iam = createAuthorizer(deploy([stackOf({ Resources: { ...resources(), Teller: role } })]));
  const principal = { roleArn: `arn:aws:iam::${ACCOUNT}:role/teller`, name: 'teller' };

  it.each<[string, object, boolean]>([
    ['of its own source and kind', {}, true],
    ['under the ARN of the bus', { EventBusName: allowed.Resource }, true],
    ['on another bus', { EventBusName: 'default' }, false],
    ['of another source', { Source: 'other' }, false],
    ['of another kind', { DetailType: 'ExportRequested' }, false],
  ])('is asked for each entry: %s', (_, change, isAllowed) => {
    const request: AwsRequest = {
      service: 'events',
      region: REGION,
      operation: 'PutEvents',
      principal,
      headers: {},
      input: { Entries: [ENTRY, { ...ENTRY, ...change }] },
    };
    const decisions = bridge.service
      .authorizations(request)
      .map((query) => iam.authorize({ ...query, principal, region: REGION }).allowed);
    expect(decisions).toEqual([true, isAllowed]);
  });
});

describe('a rule for events', () => {
  it('is refused at the start when its pattern is wrong', () => {
    const start = () =>
      startEventBridge({
        region: REGION,
        deployment: deployRule({ EventPattern: { source: [{ like: 'x' }] } }),
        clock,
        logs: createFunctionLogs(clock.nowMs),
        archive,
        disabledRules: [],
        callAs: async () => ({ status: undefined }),
      });
    expect(refusalOf(start)).toContain('is not spoken here');
  });
});
