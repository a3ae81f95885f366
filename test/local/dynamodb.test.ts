import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enginesHere, key, NAMES, openDynamoDb, type TestDynamoDb } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';

describe.each(enginesHere())('%s', { timeout: 30_000 }, (engine) => {
  let db: TestDynamoDb;

  beforeAll(async () => {
    db = await openDynamoDb(engine);
  }, 60_000);

  beforeEach(() => db.service.reset());

  afterAll(() => db.close());

  describe('single writes', () => {
    test('a failed condition returns the item when asked for it', async () => {
      await db.put('A', { state: { S: 'open' } });
      const attempt = db.client.send(
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
      await db.put('A');
      const attempt = db.client.send(
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
      await db.put('CODE', { state: { S: 'issued' } });
      const attempts = await Promise.allSettled(
        Array.from({ length: 200 }, () =>
          db.client.send(
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
      await expect(db.get('A', 'nothing')).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    });
  });

  describe('batches', () => {
    test('BatchGetItem reads several tables at once, consistently when asked', async () => {
      await db.put('U', { phc: { S: 'x' } });
      await db.client.send(new PutItemCommand({ TableName: NAMES.keys, Item: key('U', 'KEY') }));
      const { Responses } = await db.client.send(
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
      await db.put('GONE');
      await db.client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [NAMES.data]: [
              { PutRequest: { Item: key('NEW') } },
              { DeleteRequest: { Key: key('GONE') } },
            ],
          },
        }),
      );
      expect(await db.get('NEW')).toEqual(key('NEW'));
      expect(await db.get('GONE')).toBeUndefined();
      const twice = db.client.send(
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

  describe('queries', () => {
    test('by prefix, backwards, page by page, with a projection', async () => {
      for (const sk of ['A#1', 'A#2', 'A#3', 'B#1']) {
        const Item = { ...key('P', sk), big: { S: 'x' } };
        await db.client.send(new PutItemCommand({ TableName: NAMES.data, Item }));
      }
      const page = (start?: Record<string, { S: string }>) =>
        db.client.send(
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
      const { Table } = await db.client.send(new DescribeTableCommand({ TableName: NAMES.data }));
      expect(Table).toMatchObject({
        TableArn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${NAMES.data}`,
        DeletionProtectionEnabled: true,
        SSEDescription: { SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      });
    });

    test('tells how far back recovery reaches', async () => {
      const { ContinuousBackupsDescription } = await db.client.send(
        new DescribeContinuousBackupsCommand({ TableName: NAMES.keys }),
      );
      expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
        PointInTimeRecoveryStatus: 'ENABLED',
        RecoveryPeriodInDays: 1,
      });
    });

    test('honours deletion protection', async () => {
      const attempt = db.client.send(new DeleteTableCommand({ TableName: NAMES.data }));
      await expect(attempt).rejects.toThrow('currently protected against deletion');
    });
  });

  describe('time to live', () => {
    test('an expired item is readable until the sweep, and gone after', async () => {
      const expiresAt = { N: String(db.clock.nowSeconds() + 60) };
      await db.put('SHORT', { expiresAt });
      await db.put('WORDY', { expiresAt: { S: 'soon' } });
      db.clock.advance(61);
      expect(await db.get('SHORT')).toBeDefined();
      expect(await db.service.sweepExpired()).toBe(1);
      expect(await db.get('SHORT')).toBeUndefined();
      expect(await db.get('WORDY')).toBeDefined();
    });
  });

  test('a deleted item is gone', async () => {
    await db.put('A');
    await db.client.send(new DeleteItemCommand({ TableName: NAMES.data, Key: key('A') }));
    expect(await db.get('A')).toBeUndefined();
  });
});
