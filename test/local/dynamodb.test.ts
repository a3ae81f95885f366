import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoDbService, type DynamoDbService } from '../../local/dynamodb/service.ts';
import { dataTable, keyTable, movableClock, NAMES } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION, type ServiceEndpoint, serve } from './service-endpoint.ts';

let service: DynamoDbService;
let endpoint: ServiceEndpoint;
let client: DynamoDBClient;
const clock = movableClock();

beforeEach(async () => {
  service = await createDynamoDbService({
    region: REGION,
    account: ACCOUNT,
    tables: [dataTable, keyTable],
    clock,
    engine: 'dynalite',
  });
  endpoint = await serve(service);
  client = new DynamoDBClient(endpoint.client);
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
  await service.close();
});

function key(pk: string, sk = 'ITEM') {
  return { pk: { S: pk }, sk: { S: sk } };
}

async function put(pk: string, attributes: Record<string, { S: string } | { N: string }> = {}) {
  await client.send(
    new PutItemCommand({ TableName: NAMES.data, Item: { ...key(pk), ...attributes } }),
  );
}

async function get(pk: string, table: string = NAMES.data) {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key(pk) }));
  return Item;
}

describe('single writes', () => {
  test('a failed condition returns the item when asked for it', async () => {
    await put('A', { state: { S: 'open' } });
    const attempt = client.send(
      new UpdateItemCommand({
        TableName: NAMES.data,
        Key: key('A'),
        UpdateExpression: 'SET #s = :revoked',
        ConditionExpression: '#s = :issued',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':revoked': { S: 'revoked' }, ':issued': { S: 'issued' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    const error = await attempt.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toMatchObject({
      message: 'The conditional request failed',
      Item: { ...key('A'), state: { S: 'open' } },
    });
  });

  test('a failed condition returns no item unless asked', async () => {
    await put('A');
    const attempt = client.send(
      new PutItemCommand({
        TableName: NAMES.data,
        Item: key('A'),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    const error = await attempt.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toHaveProperty('Item', undefined);
  });

  test('200 concurrent conditional updates of one item: exactly one succeeds', async () => {
    await put('CODE', { state: { S: 'issued' } });
    const attempts = await Promise.allSettled(
      Array.from({ length: 200 }, () =>
        client.send(
          new UpdateItemCommand({
            TableName: NAMES.data,
            Key: key('CODE'),
            UpdateExpression: 'SET #s = :open',
            ConditionExpression: '#s = :issued',
            ExpressionAttributeNames: { '#s': 'state' },
            ExpressionAttributeValues: { ':open': { S: 'open' }, ':issued': { S: 'issued' } },
          }),
        ),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a table that no template declares is not found', async () => {
    await expect(get('A', 'nothing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('batches', () => {
  test('BatchGetItem reads several tables at once, consistently when asked', async () => {
    await put('U', { phc: { S: 'x' } });
    await client.send(new PutItemCommand({ TableName: NAMES.keys, Item: key('U', 'KEY') }));
    const { Responses } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [NAMES.data]: { Keys: [key('U')], ConsistentRead: true },
          [NAMES.keys]: { Keys: [key('U', 'KEY')] },
        },
      }),
    );
    expect(Responses?.[NAMES.data]).toEqual([{ ...key('U'), phc: { S: 'x' } }]);
    expect(Responses?.[NAMES.keys]).toEqual([key('U', 'KEY')]);
  });

  test('BatchWriteItem puts and deletes, and refuses the same key twice', async () => {
    await put('GONE');
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [NAMES.data]: [
            { PutRequest: { Item: key('NEW') } },
            { DeleteRequest: { Key: key('GONE') } },
          ],
        },
      }),
    );
    expect(await get('NEW')).toEqual(key('NEW'));
    expect(await get('GONE')).toBeUndefined();
    const twice = client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [NAMES.data]: [
            { PutRequest: { Item: key('TWICE') } },
            { DeleteRequest: { Key: key('TWICE') } },
          ],
        },
      }),
    );
    await expect(twice).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('transactions', () => {
  test('write to several tables, all of them', async () => {
    await put('CHALLENGE');
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: NAMES.data, Item: key('ACCOUNT') } },
          { Put: { TableName: NAMES.keys, Item: key('ACCOUNT') } },
          {
            Delete: {
              TableName: NAMES.data,
              Key: key('CHALLENGE'),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
        ],
      }),
    );
    expect(await get('ACCOUNT')).toBeDefined();
    expect(await get('ACCOUNT', NAMES.keys)).toBeDefined();
    expect(await get('CHALLENGE')).toBeUndefined();
  });

  test('one failed condition undoes all, with the reasons in order and the old item', async () => {
    await put('TAKEN', { owner: { S: 'first' } });
    const attempt = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: NAMES.data, Item: key('FREE') } },
          {
            Put: {
              TableName: NAMES.data,
              Item: { ...key('TAKEN'), owner: { S: 'second' } },
              ConditionExpression: 'attribute_not_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          {
            ConditionCheck: {
              TableName: NAMES.data,
              Key: key('ABSENT'),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
        ],
      }),
    );
    const error = await attempt.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { ...key('TAKEN'), owner: { S: 'first' } } },
        { Code: 'ConditionalCheckFailed' },
      ],
    });
    expect(await get('FREE')).toBeUndefined();
    expect(await get('TAKEN')).toMatchObject({ owner: { S: 'first' } });
  });

  test('a condition check alone changes nothing', async () => {
    await put('CHECKED');
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          {
            ConditionCheck: {
              TableName: NAMES.data,
              Key: key('CHECKED'),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
        ],
      }),
    );
    expect(await get('CHECKED')).toEqual(key('CHECKED'));
  });

  test.each([
    ['no item', []],
    ['more than 100 items', Array.from({ length: 101 }, (_, index) => `K${index}`)],
    ['the same item twice', ['SAME', 'SAME']],
  ])('refuse %s', async (_, keys) => {
    const attempt = client.send(
      new TransactWriteItemsCommand({
        TransactItems: keys.map((pk) => ({ Put: { TableName: NAMES.data, Item: key(pk) } })),
      }),
    );
    await expect(attempt).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('the same client token does nothing twice, and refuses other parameters', async () => {
    const count = (by: string) =>
      client.send(
        new TransactWriteItemsCommand({
          ClientRequestToken: 'token-1',
          TransactItems: [
            {
              Update: {
                TableName: NAMES.data,
                Key: key('COUNTER'),
                UpdateExpression: 'ADD #c :by',
                ExpressionAttributeNames: { '#c': 'count' },
                ExpressionAttributeValues: { ':by': { N: by } },
              },
            },
          ],
        }),
      );
    await count('1');
    await count('1');
    expect(await get('COUNTER')).toMatchObject({ count: { N: '1' } });
    await expect(count('2')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    clock.advance(601);
    await count('1');
    expect(await get('COUNTER')).toMatchObject({ count: { N: '2' } });
  });

  test('100 concurrent transactions on two counters lose no update', async () => {
    const move = () =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: ['LEFT', 'RIGHT'].map((pk) => ({
            Update: {
              TableName: NAMES.data,
              Key: key(pk),
              UpdateExpression: 'ADD #c :one',
              ExpressionAttributeNames: { '#c': 'count' },
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          })),
        }),
      );
    await Promise.all(Array.from({ length: 100 }, move));
    expect(await get('LEFT')).toMatchObject({ count: { N: '100' } });
    expect(await get('RIGHT')).toMatchObject({ count: { N: '100' } });
  });

  test('TransactGetItems answers in order, with nothing for what is absent', async () => {
    await put('B');
    const { Responses } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: ['A', 'B'].map((pk) => ({ Get: { TableName: NAMES.data, Key: key(pk) } })),
      }),
    );
    expect(Responses).toEqual([{}, { Item: key('B') }]);
  });
});

describe('queries', () => {
  test('by prefix, backwards, page by page, with a projection', async () => {
    for (const sk of ['A#1', 'A#2', 'A#3', 'B#1']) {
      const Item = { ...key('P', sk), big: { S: 'x' } };
      await client.send(new PutItemCommand({ TableName: NAMES.data, Item }));
    }
    const page = (start?: Record<string, { S: string }>) =>
      client.send(
        new QueryCommand({
          TableName: NAMES.data,
          KeyConditionExpression: 'pk = :p AND begins_with(sk, :a)',
          ExpressionAttributeValues: { ':p': { S: 'P' }, ':a': { S: 'A#' } },
          ProjectionExpression: 'sk',
          ScanIndexForward: false,
          Limit: 2,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
    const first = await page();
    expect(first.Items).toEqual([{ sk: { S: 'A#3' } }, { sk: { S: 'A#2' } }]);
    const second = await page(key('P', 'A#2'));
    expect(second.Items).toEqual([{ sk: { S: 'A#1' } }]);
  });
});

describe('the control plane', () => {
  test('describes a table as its template declares it', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: NAMES.data }));
    expect(Table).toMatchObject({
      TableArn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${NAMES.data}`,
      DeletionProtectionEnabled: true,
      SSEDescription: { SSEType: 'KMS' },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  test('tells how far back recovery reaches', async () => {
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: NAMES.keys }),
    );
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 1,
    });
  });

  test('honours deletion protection', async () => {
    const attempt = client.send(new DeleteTableCommand({ TableName: NAMES.data }));
    await expect(attempt).rejects.toThrow('currently protected against deletion');
  });
});

describe('time to live', () => {
  test('an expired item is readable until the sweep, and gone after', async () => {
    const expiresAt = { N: String(clock.nowSeconds() + 60) };
    await put('SHORT', { expiresAt });
    await put('WORDY', { expiresAt: { S: 'soon' } });
    clock.advance(61);
    expect(await get('SHORT')).toBeDefined();
    expect(await service.sweepExpired()).toBe(1);
    expect(await get('SHORT')).toBeUndefined();
    expect(await get('WORDY')).toBeDefined();
  });
});

describe('persistence', () => {
  test('a restart on the same directory keeps the items', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'domicile-dynamodb-'));
    const start = () =>
      createDynamoDbService({
        region: REGION,
        account: ACCOUNT,
        tables: [dataTable],
        clock,
        engine: 'dynalite',
        dataDirectory,
      });
    const request = {
      service: 'dynamodb',
      region: REGION,
      principal: { roleArn: 'arn:aws:iam::111122223333:role/test', name: 'test' },
      headers: {},
    };
    const first = await start();
    const input = { TableName: NAMES.data, Item: key('KEPT') };
    await first.handle({ ...request, operation: 'PutItem', input });
    await first.close();
    const second = await start();
    expect(await second.items(NAMES.data)).toEqual([{ pk: 'KEPT', sk: 'ITEM' }]);
    await second.reset();
    expect(await second.items(NAMES.data)).toEqual([]);
    await second.close();
    await rm(dataDirectory, { recursive: true });
  });
});

test('a deleted item is gone', async () => {
  await put('A');
  await client.send(new DeleteItemCommand({ TableName: NAMES.data, Key: key('A') }));
  expect(await get('A')).toBeUndefined();
});
