import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enginesHere, key } from './dynamodb-fixtures.ts';
import {
  CELLS,
  DATA,
  DIRECTORY,
  openCells,
  REGIONS,
  type TestCells,
} from './dynamodb-replication-fixtures.ts';

const NOWHERE = [undefined, undefined, undefined];

describe.each(enginesHere())('a global table on %s', { timeout: 30_000 }, (engine) => {
  let cells: TestCells;

  beforeAll(async () => {
    cells = await openCells(engine);
  }, 60_000);

  beforeEach(async () => {
    for (const cell of CELLS) await cells.service(cell).reset();
    cells.replication.pause();
  });

  afterEach(async () => {
    for (const region of Object.values(REGIONS)) cells.replication.release(region);
    await cells.replication.flush();
  });

  afterAll(() => cells.close());

  test('a write is seen where it was made, and elsewhere once it has arrived', async () => {
    await cells.write('eu', 'A', 'one');
    expect(await cells.values('A')).toEqual(['one', undefined, undefined]);
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['one', 'one', 'one']);
  });

  test('updates, deletions and batches arrive as well as puts', async () => {
    await cells.write('eu', 'A', 'one');
    await cells.replication.flush();
    await cells.call('us', 'UpdateItem', {
      TableName: DIRECTORY,
      Key: key('A'),
      UpdateExpression: 'SET #v = :v',
      ExpressionAttributeNames: { '#v': 'value' },
      ExpressionAttributeValues: { ':v': { S: 'two' } },
    });
    await cells.call('ap', 'BatchWriteItem', {
      RequestItems: {
        [DIRECTORY]: [{ PutRequest: { Item: { ...key('B'), value: { S: 'batch' } } } }],
      },
    });
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['two', 'two', 'two']);
    expect(await cells.values('B')).toEqual(['batch', 'batch', 'batch']);
    await cells.write('ap', 'A');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(NOWHERE);
  });

  test('a table with one replica stays in its region', async () => {
    await cells.call('eu', 'PutItem', { TableName: DATA, Item: key('PERSON') });
    await cells.replication.flush();
    expect(CELLS.map((cell) => cells.service(cell).tables())).toEqual([
      [DIRECTORY, DATA],
      [DIRECTORY],
      [DIRECTORY],
    ]);
  });

  test('the later of two writes wins everywhere, whichever arrives first', async () => {
    await cells.write('us', 'A', 'earlier');
    cells.clock.advance(1);
    await cells.write('eu', 'A', 'later');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['later', 'later', 'later']);
  });

  test('of two writes at the same instant one wins, and the same one everywhere', async () => {
    await cells.write('eu', 'A', 'from eu');
    await cells.write('us', 'A', 'from us');
    await cells.write('ap', 'A', 'from ap');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['from us', 'from us', 'from us']);
  });

  test('a later deletion beats an update elsewhere, and a later update beats a deletion', async () => {
    await cells.write('eu', 'GONE', 'old');
    await cells.write('eu', 'KEPT', 'old');
    await cells.replication.flush();
    cells.clock.advance(1);
    await cells.write('us', 'GONE', 'update');
    await cells.write('eu', 'KEPT');
    cells.clock.advance(1);
    await cells.write('eu', 'GONE');
    await cells.write('us', 'KEPT', 'update');
    await cells.replication.flush();
    expect(await cells.values('GONE')).toEqual(NOWHERE);
    expect(await cells.values('KEPT')).toEqual(['update', 'update', 'update']);
  });

  test('a write over one that has just arrived wins, though the clock stands still', async () => {
    await cells.write('us', 'A', 'first');
    // It arrives in eu, while ap has yet to learn of it.
    cells.replication.hold('ap-southeast-2');
    await cells.replication.flush();
    await cells.write('eu', 'A', 'second');
    cells.replication.release('ap-southeast-2');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['second', 'second', 'second']);
  });

  test('a transaction is whole where it was made, and arrives item by item elsewhere', async () => {
    const put = (pk: string, value: string) => ({
      Put: { TableName: DIRECTORY, Item: { ...key(pk), value: { S: value } } },
    });
    await cells.call('eu', 'TransactWriteItems', {
      TransactItems: [put('A', 'tx'), put('B', 'tx')],
    });
    cells.clock.advance(1);
    await cells.write('us', 'B', 'later');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['tx', 'tx', 'tx']);
    expect(await cells.values('B')).toEqual(['later', 'later', 'later']);
  });

  test('what a condition refuses is not replicated', async () => {
    await cells.write('eu', 'A', 'one');
    const refused = cells.call('eu', 'PutItem', {
      TableName: DIRECTORY,
      Item: { ...key('A'), value: { S: 'two' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await expect(refused).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['one', 'one', 'one']);
  });

  test('two regions may both claim an item before they hear of each other', async () => {
    const claim = (cell: 'eu' | 'us') =>
      cells.call(cell, 'PutItem', {
        TableName: DIRECTORY,
        Item: { ...key('CLAIM'), value: { S: cell } },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
    await claim('eu');
    cells.clock.advance(1);
    await claim('us');
    await cells.replication.flush();
    expect(await cells.values('CLAIM')).toEqual(['us', 'us', 'us']);
  });

  test('what TTL deletes in one region goes from all', async () => {
    const expiresAt = { N: String(cells.clock.nowSeconds() - 1) };
    await cells.call('eu', 'PutItem', {
      TableName: DIRECTORY,
      Item: { ...key('SHORT'), value: { S: 'soon gone' }, expiresAt },
    });
    await cells.replication.flush();
    expect(await cells.service('us').sweepExpired()).toBe(1);
    await cells.replication.flush();
    expect(await cells.values('SHORT')).toEqual(NOWHERE);
  });

  test('a region that is away misses nothing, and the others go on without it', async () => {
    await cells.write('ap', 'B', 'written just before');
    cells.replication.hold('ap-southeast-2');
    await cells.write('eu', 'A', 'one');
    await cells.write('eu', 'A', 'two');
    await cells.write('eu', 'C', 'deleted meanwhile');
    await cells.write('us', 'C');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['two', 'two', undefined]);
    expect(await cells.values('B')).toEqual([undefined, undefined, 'written just before']);
    cells.replication.release('ap-southeast-2');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(['two', 'two', 'two']);
    expect(await cells.values('B')).toEqual(Array(3).fill('written just before'));
  });

  test('nothing that was underway when the cells were emptied arrives afterwards', async () => {
    await cells.write('eu', 'A', 'before');
    for (const cell of CELLS) await cells.service(cell).reset();
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(NOWHERE);
  });
});
