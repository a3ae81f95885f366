import {
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enginesHere, key, NAMES, openDynamoDb, type TestDynamoDb } from './dynamodb-fixtures.ts';

describe.each(enginesHere())('transactions on %s', { timeout: 30_000 }, (engine) => {
  let db: TestDynamoDb;

  beforeAll(async () => {
    db = await openDynamoDb(engine);
  }, 60_000);

  beforeEach(() => db.service.reset());

  afterAll(() => db.close());

  test('write to several tables, all of them', async () => {
    await db.put('CHALLENGE');
    await db.client.send(
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
    expect(await db.get('ACCOUNT')).toBeDefined();
    expect(await db.get('ACCOUNT', NAMES.keys)).toBeDefined();
    expect(await db.get('CHALLENGE')).toBeUndefined();
  });

  test('one failed condition undoes all, with the reasons in order and the old item', async () => {
    await db.put('TAKEN', { owner: { S: 'first' } });
    const attempt = db.client.send(
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
    expect(await db.get('FREE')).toBeUndefined();
    expect(await db.get('TAKEN')).toMatchObject({ owner: { S: 'first' } });
  });

  test('a condition check alone changes nothing', async () => {
    await db.put('CHECKED');
    await db.client.send(
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
    expect(await db.get('CHECKED')).toEqual(key('CHECKED'));
  });

  test.each([
    ['no item', []],
    ['more than 100 items', Array.from({ length: 101 }, (_, index) => `K${index}`)],
    ['the same item twice', ['SAME', 'SAME']],
  ])('refuse %s', async (_, keys) => {
    const attempt = db.client.send(
      new TransactWriteItemsCommand({
        TransactItems: keys.map((pk) => ({ Put: { TableName: NAMES.data, Item: key(pk) } })),
      }),
    );
    await expect(attempt).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('the same client token does nothing twice, and refuses other parameters', async () => {
    await count(db, '1');
    await count(db, '1');
    expect(await db.get('COUNTER')).toMatchObject({ count: { N: '1' } });
    await expect(count(db, '2')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  });

  test('100 concurrent transactions on two counters lose no update', async () => {
    const move = () =>
      db.client.send(
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
    expect(await db.get('LEFT')).toMatchObject({ count: { N: '100' } });
    expect(await db.get('RIGHT')).toMatchObject({ count: { N: '100' } });
  });

  test('TransactGetItems answers in order, with nothing for what is absent', async () => {
    await db.put('B');
    const { Responses } = await db.client.send(
      new TransactGetItemsCommand({
        TransactItems: ['A', 'B'].map((pk) => ({ Get: { TableName: NAMES.data, Key: key(pk) } })),
      }),
    );
    expect(Responses).toEqual([{}, { Item: key('B') }]);
  });
});

// DynamoDB Local has a clock of its own, which cannot be moved.
test('a client token is forgotten after ten minutes', async () => {
  const db = await openDynamoDb('dynalite');
  await count(db, '1');
  db.clock.advance(601);
  await count(db, '1');
  expect(await db.get('COUNTER')).toMatchObject({ count: { N: '2' } });
  await db.close();
});

async function count(db: TestDynamoDb, by: string): Promise<void> {
  const Update = {
    TableName: NAMES.data,
    Key: key('COUNTER'),
    UpdateExpression: 'ADD #c :by',
    ExpressionAttributeNames: { '#c': 'count' },
    ExpressionAttributeValues: { ':by': { N: by } },
  };
  const token = { ClientRequestToken: 'token-1' };
  await db.client.send(new TransactWriteItemsCommand({ ...token, TransactItems: [{ Update }] }));
}
