import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isObject, readObject, readObjects } from '../../local/dynamodb/json-object.ts';
import {
  dataTable,
  enginesHere,
  key,
  NAMES,
  openDynamoDb,
  requestOf,
  type TestDynamoDb,
} from './dynamodb-fixtures.ts';

const StreamArn = dataTable.attributes['StreamArn'] ?? '';

async function call(db: TestDynamoDb, operation: string, input: Record<string, unknown>) {
  const { body } = await db.service.handle(requestOf(operation, input));
  const output: unknown = JSON.parse(body);
  return isObject(output) ? output : {};
}

/** Every record since the stream began, in order. */
async function records(db: TestDynamoDb) {
  const description = await call(db, 'DescribeStream', { StreamArn });
  const shards = readObjects(readObject(description, 'StreamDescription'), 'Shards');
  const found = [];
  for (const { ShardId } of shards) {
    const from = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = await call(db, 'GetShardIterator', from);
    found.push(...readObjects(await call(db, 'GetRecords', { ShardIterator }), 'Records'));
  }
  return found;
}

async function change(db: TestDynamoDb) {
  const TableName = NAMES.data;
  await db.put('A', { state: { S: 'open' } });
  await db.put('A', { state: { S: 'closed' } });
  // Neither changes anything, so neither leaves a record.
  await db.put('A', { state: { S: 'closed' } });
  await call(db, 'DeleteItem', { TableName, Key: key('NOTHING') });
  await call(db, 'TransactWriteItems', {
    TransactItems: [{ Delete: { TableName, Key: key('A') } }],
  });
}

describe.each(enginesHere())('streams on %s', { timeout: 30_000 }, (engine) => {
  let db: TestDynamoDb;

  beforeAll(async () => {
    db = await openDynamoDb(engine);
  }, 60_000);

  beforeEach(() => db.service.reset());

  afterAll(() => db.close());

  test('records every change with both images, in order', async () => {
    await change(db);
    expect(await records(db)).toMatchObject([
      {
        eventName: 'INSERT',
        dynamodb: { Keys: key('A'), NewImage: { ...key('A'), state: { S: 'open' } } },
      },
      {
        eventName: 'MODIFY',
        dynamodb: { OldImage: { state: { S: 'open' } }, NewImage: { state: { S: 'closed' } } },
      },
      { eventName: 'REMOVE', dynamodb: { OldImage: { state: { S: 'closed' } } } },
    ]);
  });

  test('are listed by the name that the template gives', async () => {
    const streams = readObjects(await call(db, 'ListStreams', {}), 'Streams');
    expect(streams).toMatchObject([{ StreamArn, TableName: NAMES.data }]);
  });
});

describe('streams of the journal', () => {
  let db: TestDynamoDb;

  beforeAll(async () => {
    db = await openDynamoDb('dynalite');
  });

  beforeEach(() => db.service.reset());

  afterAll(() => db.close());

  test('tell a deletion by TTL from one by a caller', async () => {
    await db.put('SHORT', { expiresAt: { N: String(db.clock.nowSeconds() - 1) } });
    await db.service.sweepExpired();
    expect((await records(db)).at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
    });
  });

  test('an iterator goes on where the last answer ended', async () => {
    await db.put('A');
    const from = { StreamArn, ShardId: 'shardId-00000000000000000000-00000000' };
    const { ShardIterator } = await call(db, 'GetShardIterator', {
      ...from,
      ShardIteratorType: 'LATEST',
    });
    await db.put('B');
    const first = await call(db, 'GetRecords', { ShardIterator });
    expect(readObjects(first, 'Records')).toMatchObject([{ dynamodb: { Keys: key('B') } }]);
    await db.put('C');
    const next = await call(db, 'GetRecords', { ShardIterator: first['NextShardIterator'] });
    expect(readObjects(next, 'Records')).toMatchObject([{ dynamodb: { Keys: key('C') } }]);
  });

  test('records are trimmed after 24 hours', async () => {
    await db.put('OLD');
    db.clock.advance(86_400);
    await db.put('NEW');
    expect(await records(db)).toMatchObject([{ dynamodb: { Keys: key('NEW') } }]);
  });

  test.each([
    ['an unknown stream', 'DescribeStream', { StreamArn: 'arn:none' }, 'ResourceNotFoundException'],
    ['a made-up iterator', 'GetRecords', { ShardIterator: 'x' }, 'ValidationException'],
  ])('%s is refused', async (_, operation, input, code) => {
    await expect(call(db, operation, input)).rejects.toMatchObject({ code });
  });
});
