import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeBatches } from '../../functions/adapters/dynamodb/batch-write.ts';
import {
  createPersonCollection,
  queryPage,
} from '../../functions/adapters/dynamodb/erasure-collection.ts';
import type { Sub } from '../../functions/core/ids.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const ada = 'ada' as Sub;
const bob = 'bob' as Sub;

let local: LocalDynamo;
const collectionOf = (byPolicy: 'delete' | 'anonymise') =>
  createPersonCollection({
    ...{ dynamo: local.dynamo, dataTable: local.table, recordsTable: local.keyTable, byPolicy },
  });

beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.close());

/** So many grants and choices of somebody. */
async function put(sub: Sub, grants: number, choices: number): Promise<void> {
  const items = [
    ...Array.from({ length: grants }, (_, index) => ({ sk: `GRANT#${index}` })),
    ...Array.from({ length: choices }, (_, index) => ({
      sk: `CONSENT-EVENT#2026-10-03T10:00:00.000Z#${index}`,
      ...{ purposeId: 'product-news', state: 'granted', version: '1', eventId: `of ${sub}` },
    })),
  ].map((item) => ({ PutRequest: { Item: marshall({ pk: `USER#${sub}`, v: 1, ...item }) } }));
  await writeBatches(local.dynamo, local.table, items);
}

async function deleteAll(byPolicy: 'delete' | 'anonymise', sub: Sub, salt = 'salt'): Promise<void> {
  const collection = collectionOf(byPolicy);
  while (!(await collection.deleteSome(sub, salt)));
}

const left = async (sub: Sub) =>
  (await queryPage({ dynamo: local.dynamo, dataTable: local.table }, sub, { keysAlone: false }))
    .items;

const scanned = async () => {
  const { ScanCommand } = await import('@aws-sdk/client-dynamodb');
  return (await local.dynamo.send(new ScanCommand({ TableName: local.keyTable }))).Items ?? [];
};

describe('the collection of a person', () => {
  it('is counted by entity and deleted to the last item; nobody else loses one', async () => {
    await put(ada, 60, 3);
    await put(bob, 2, 1);
    const before = await left(bob);
    const collection = collectionOf('delete');
    expect(await collection.count(ada)).toEqual({ GRANT: 60, 'CONSENT-EVENT': 3 });
    await deleteAll('delete', ada);
    expect(await left(ada)).toEqual([]);
    expect(await left(bob)).toEqual(before);
    expect(await scanned()).toEqual([]);
  });

  it('costs a call for 25 items and one per page, however many there are', async () => {
    const send = vi.spyOn(local.dynamo, 'send');
    const calls: Array<number> = [];
    for (const items of [500, 1000]) {
      await put(ada, items, 0);
      send.mockClear();
      await deleteAll('delete', ada);
      calls.push(send.mock.calls.length);
    }
    send.mockRestore();
    const [some = 0, twice = 0] = calls;
    expect(some).toBeLessThanOrEqual(500 / 25 + 500 / 250 + 1);
    expect(twice).toBeLessThanOrEqual(2 * some);
  });

  it('leaves of a history what names nobody, where the policy says so, once however often it is tried', async () => {
    await put(ada, 1, 2);
    const [first] = (await left(ada)).filter(({ sk }) => sk?.S?.startsWith('CONSENT-EVENT#'));
    await deleteAll('anonymise', ada);
    const kept = await scanned();
    expect(kept).toHaveLength(2);
    expect(JSON.stringify(kept)).not.toMatch(/ada|T10:00/);
    expect(kept[0]).toMatchObject({ month: { S: '2026-10' }, purposeId: { S: 'product-news' } });
    // As if the crash had come between the copy and the deletion.
    await local.dynamo.send(
      new BatchWriteItemCommand({
        RequestItems: { [local.table]: [{ PutRequest: { Item: first ?? {} } }] },
      }),
    );
    await deleteAll('anonymise', ada);
    expect(await scanned()).toHaveLength(2);
    expect(await left(ada)).toEqual([]);
  });

  it('asks again for what DynamoDB left out, and gives up loudly', async () => {
    await put(ada, 1, 0);
    const keepsOut = vi.spyOn(local.dynamo, 'send').mockImplementation(async () => ({
      UnprocessedItems: { [local.table]: [{ DeleteRequest: { Key: {} } }] },
    }));
    // No pause in between.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const writing = writeBatches(local.dynamo, local.table, [{ DeleteRequest: { Key: {} } }]);
    await expect(writing).rejects.toThrow('DynamoDB');
    random.mockRestore();
    keepsOut.mockRestore();
  });
});
