import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { createDynamoDbService } from '../../local/dynamodb/service.ts';
import { createFunctionLogs } from '../../local/lambda/function-logs.ts';
import type { FunctionPool } from '../../local/lambda/function-pool.ts';
import type { RoleClient } from '../../local/states/role-client.ts';
import { openStreams, type StreamMode } from '../../local/streams/streams.ts';
import { deploy } from '../../local/template/deployment.ts';
import { type AuthorizationQuery, AwsError, type AwsService } from '../../local/types.ts';
import { requestOf } from './dynamodb-fixtures.ts';
import { createFixture } from './lambda-fixtures.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';
import { stackOf } from './template-fixtures.ts';

const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:lost`;
const SCHEMA = [{ AttributeName: 'pk', KeyType: 'HASH' }];

function deployMapping(properties: object = {}) {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'x' } };
  return deploy([
    stackOf({
      Resources: {
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            TableName: 'things',
            KeySchema: SCHEMA,
            AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
            StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
          },
        },
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'listener',
            AssumeRolePolicyDocument: { Statement: [statement] },
          },
        },
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: { FunctionName: 'fixture', Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        },
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
            FunctionName: { Ref: 'Function' },
            StartingPosition: 'TRIM_HORIZON',
            MaximumRetryAttempts: 1,
            ...properties,
          },
        },
      },
    }),
  ]);
}

let dataDirectory = '';
const closers: Array<() => Promise<unknown>> = [];
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'domicile-streams-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await rm(dataDirectory, { recursive: true });
});

/** The service answers as the gateway would for it; other services are told of. */
function callsTo(service: AwsService, told: Array<unknown>): RoleClient {
  return async (principal, { service: name, headers, body }) => {
    const operation = headers?.['x-amz-target']?.split('.')[1] ?? '';
    if (name !== 'dynamodb') {
      told.push({ role: principal.roleArn, operation, ...JSON.parse(body) });
      return { status: 200, headers: new Headers(), body: '{}' };
    }
    try {
      const answer = await service.handle(requestOf(operation, JSON.parse(body)));
      return { status: answer.status, headers: new Headers(), body: answer.body };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: error.status, headers: new Headers(), body: error.code };
    }
  };
}

interface Opened {
  readonly mode?: StreamMode;
  readonly properties?: object;
  readonly fails?: (pks: ReadonlyArray<string>) => boolean;
}

/** A table, and a function that is told the partition keys of what is written to it. */
async function open({ mode = 'on-demand', properties, fails = () => false }: Opened = {}) {
  const deployment = deployMapping(properties);
  const clock = createClock();
  const tables = deployment.byType('AWS::DynamoDB::Table');
  const service = await createDynamoDbService({
    ...{ region: REGION, account: ACCOUNT, tables, clock, engine: 'dynalite' },
    dataDirectory: join(dataDirectory, 'dynamodb'),
  });
  const seen: Array<ReadonlyArray<string>> = [];
  const told: Array<unknown> = [];
  const { pool: real } = createFixture('export const handler = async () => null;');
  const pool: FunctionPool = {
    ...real,
    invoke: async (payload) => {
      const { Records }: { Records: ReadonlyArray<{ dynamodb: { Keys: { pk: { S: string } } } }> } =
        JSON.parse(payload);
      const pks = Records.map(({ dynamodb }) => dynamodb.Keys.pk.S);
      seen.push(pks);
      return fails(pks)
        ? { payload: '{"errorType":"Broken"}', functionError: 'Unhandled' }
        : { payload: 'null' };
    },
  };
  const streams = await openStreams({
    region: REGION,
    deployment,
    mode,
    clock,
    callAs: callsTo(service, told),
    isAllowed: () => true,
    logs: createFunctionLogs(clock.nowMs),
    findPool: () => pool,
    isDown: () => false,
    arePolled: false,
    dataDirectory: join(dataDirectory, 'streams'),
  });
  service.onStreamed(streams.wake);
  const put = (pk: string, more: object = {}) =>
    service.handle(requestOf('PutItem', { TableName: 'things', Item: { pk: { S: pk }, ...more } }));
  const close = async () => {
    await streams.halt();
    await service.close();
  };
  closers.push(close);
  await streams.start();
  return {
    ...{ streams, service, seen, told, put },
    close: async () => {
      closers.splice(closers.indexOf(close), 1);
      await close();
    },
  };
}

describe('an event source mapping', () => {
  it('hands over what is written, and begins anew when the tables are emptied', async () => {
    const { streams, seen, put, service } = await open();
    await put('a');
    await put('b');
    expect(await streams.deliver()).toBe(true);
    expect(seen).toEqual([['a', 'b']]);
    await service.reset();
    await streams.halt();
    await streams.reset();
    await put('c');
    await streams.deliver();
    expect(seen.at(-1)).toEqual(['c']);
  });

  it('begins with what comes next, if the template says so', async () => {
    const { streams, seen, put } = await open({ properties: { StartingPosition: 'LATEST' } });
    await put('a');
    await streams.deliver();
    expect(seen).toEqual([['a']]);
  });

  it('goes on after a restart where it stood, with what was written meanwhile', async () => {
    const first = await open();
    await first.put('a');
    await first.streams.deliver();
    await first.put('b');
    await first.close();
    const second = await open();
    await second.put('c');
    await second.streams.deliver();
    expect(second.seen).toEqual([['b', 'c']]);
  });

  it('runs by itself when it is live', async () => {
    const { seen, put } = await open({ mode: 'live' });
    await put('a');
    await expect.poll(() => seen).toEqual([['a']]);
  });

  it('filters by what an item holds', async () => {
    const Pattern = JSON.stringify({ dynamodb: { NewImage: { act: { S: [{ exists: true }] } } } });
    const properties = { FilterCriteria: { Filters: [{ Pattern }] } };
    const { streams, seen, put } = await open({ properties });
    await put('a');
    await put('b', { act: { S: 'x' } });
    await streams.deliver();
    expect(seen).toEqual([['b']]);
  });

  it('tells its queue, as the function, where the records stand that it gave up', async () => {
    const properties = { DestinationConfig: { OnFailure: { Destination: QUEUE } } };
    const { streams, seen, told, put } = await open({ properties, fails: () => true });
    await put('a');
    expect(await streams.deliver()).toBe(true);
    expect(seen).toEqual([['a'], ['a']]);
    expect(told).toMatchObject([
      {
        role: `arn:aws:iam::${ACCOUNT}:role/listener`,
        operation: 'SendMessage',
        QueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/lost`,
      },
    ]);
    const { MessageBody } = Object(told[0]);
    expect(JSON.parse(MessageBody)).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { batchSize: 1 },
    });
  });
});

describe('a mapping that Lambda would refuse', () => {
  const opening = async (
    properties: object,
    isAllowed: (query: AuthorizationQuery) => boolean = () => true,
  ) => {
    const clock = createClock();
    await openStreams({
      region: REGION,
      deployment: deployMapping(properties),
      mode: 'on-demand',
      clock,
      callAs: async () => ({ status: undefined }),
      isAllowed,
      logs: createFunctionLogs(clock.nowMs),
      findPool: () => undefined,
      isDown: () => false,
      arePolled: false,
    });
  };

  it.each<[string, object, string]>([
    ['of a source that is no stream', { EventSourceArn: QUEUE }, 'is no stream of a table'],
    ['of a function that is not there', { FunctionName: 'nobody' }, 'there is no function nobody'],
    ['with batches that are too large', { BatchSize: 10_001 }, 'BatchSize'],
    [
      'with a filter that is no pattern',
      { FilterCriteria: { Filters: [{ Pattern: '{' }] } },
      'not JSON',
    ],
    [
      'with a destination that is no queue',
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:x:1:t' } } },
      'is no SQS queue',
    ],
  ])('%s stops the start', async (_, properties, words) => {
    await expect(opening(properties)).rejects.toThrow(words);
  });

  it.each(['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'])(
    'for want of the right to %s stops the start',
    async (operation) => {
      const isAllowed = ({ action }: AuthorizationQuery) => action !== `dynamodb:${operation}`;
      await expect(opening({}, isAllowed)).rejects.toThrow(`needs dynamodb:${operation}`);
    },
  );
});
