import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDynamoDbService, type DynamoDbService } from '../../local/dynamodb/service.ts';
import { dataTable, key, movableClock, NAMES, requestOf } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';

const COPY = `${NAMES.data}-restored`;

let dataDirectory = '';
const clock = movableClock();

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'domicile-dynamodb-'));
});
afterEach(async () => {
  await rm(dataDirectory, { recursive: true });
});

async function withService(work: (service: DynamoDbService) => Promise<void>): Promise<void> {
  const service = await createDynamoDbService({
    region: REGION,
    account: ACCOUNT,
    tables: [dataTable],
    clock,
    engine: 'dynalite',
    dataDirectory,
  });
  await work(service);
  await service.close();
}

const call = async (service: DynamoDbService, operation: string, input: Record<string, unknown>) =>
  JSON.parse((await service.handle(requestOf(operation, input))).body);
const put = (service: DynamoDbService, pk: string) =>
  call(service, 'PutItem', { TableName: NAMES.data, Item: key(pk) });

/** Partition keys and sequence numbers, as the stream tells them. */
async function readStream(service: DynamoDbService): Promise<ReadonlyArray<[string, string]>> {
  const StreamArn = String(dataTable.attributes['StreamArn']);
  const { StreamDescription } = await call(service, 'DescribeStream', { StreamArn });
  const [{ ShardId }] = StreamDescription.Shards;
  const place = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await call(service, 'GetShardIterator', place);
  const { Records } = await call(service, 'GetRecords', { ShardIterator });
  const records: ReadonlyArray<{
    readonly dynamodb: { readonly Keys: { readonly pk: { S: string } }; SequenceNumber: string };
  }> = Records;
  return records.map(({ dynamodb }) => [dynamodb.Keys.pk.S, dynamodb.SequenceNumber]);
}

test('a restart on the same directory keeps the items', async () => {
  await withService(async (first) => {
    await put(first, 'KEPT');
  });
  await withService(async (second) => {
    expect(await second.items(NAMES.data)).toEqual([{ pk: 'KEPT', sk: 'ITEM' }]);
    await second.reset();
    expect(await second.items(NAMES.data)).toEqual([]);
  });
});

test('a restart keeps the streams, and what is written then comes after it', async () => {
  let before: ReadonlyArray<[string, string]> = [];
  await withService(async (first) => {
    await put(first, 'ONE');
    await put(first, 'TWO');
    before = await readStream(first);
    expect(before.map(([pk]) => pk)).toEqual(['ONE', 'TWO']);
  });
  await withService(async (second) => {
    expect(await readStream(second)).toEqual(before);
    await put(second, 'THREE');
    const sequences = (await readStream(second)).map(([, sequence]) => BigInt(sequence));
    expect(sequences).toHaveLength(3);
    expect(sequences).toEqual(sequences.toSorted((a, b) => (a < b ? -1 : 1)));
    await second.reset();
    expect(await readStream(second)).toEqual([]);
  });
});

test('a restart keeps the way back in time, and the copies that were made of a table', async () => {
  await withService((first) => put(first, 'ONE'));
  const then = clock.nowSeconds();
  clock.advance(3600);
  await withService(async (second) => {
    await put(second, 'TWO');
    clock.advance(3600);
    const names = { SourceTableName: NAMES.data, TargetTableName: COPY };
    await call(second, 'RestoreTableToPointInTime', { ...names, RestoreDateTime: then });
  });
  await withService(async (third) => {
    expect(await third.items(COPY)).toEqual([{ pk: 'ONE', sk: 'ITEM' }]);
    await call(third, 'DeleteTable', { TableName: COPY });
  });
  await withService(async (fourth) => {
    expect(fourth.tables()).toEqual([NAMES.data]);
  });
});
