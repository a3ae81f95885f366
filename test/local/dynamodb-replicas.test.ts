import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { authorizationsOf } from '../../local/dynamodb/authorizations.ts';
import { readRegionTables } from '../../local/dynamodb/region-tables.ts';
import { createReplicationLink, type Underway } from '../../local/dynamodb/replication-link.ts';
import type { DeployedResource } from '../../local/types.ts';
import { key } from './dynamodb-fixtures.ts';
import {
  CELLS,
  type CellName,
  DIRECTORY,
  globalTable,
  openCells,
  REGIONS,
  type TestCells,
} from './dynamodb-replication-fixtures.ts';
import { ACCOUNT } from './service-endpoint.ts';

const SHARD_ID = 'shardId-00000000000000000000-00000000';
const NOWHERE = [undefined, undefined, undefined];

describe('replicas', () => {
  let cells: TestCells;

  beforeEach(async () => {
    cells = await openCells('dynalite');
  });

  afterEach(() => cells.close());

  async function records(cell: CellName) {
    const { LatestStreamArn: StreamArn } = await tableOf(cell);
    const input = { StreamArn, ShardId: SHARD_ID, ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = Object(await cells.call(cell, 'GetShardIterator', input));
    return Object(await cells.call(cell, 'GetRecords', { ShardIterator })).Records;
  }

  const tableOf = async (cell: CellName) =>
    Object(await cells.call(cell, 'DescribeTable', { TableName: DIRECTORY })).Table;

  test('are named by the ARN of their own region, and name each other', async () => {
    expect(await tableOf('us')).toMatchObject({
      TableArn: `arn:aws:dynamodb:us-east-1:111122223333:table/${DIRECTORY}`,
      LatestStreamArn: expect.stringContaining(':us-east-1:'),
      GlobalTableVersion: '2019.11.21',
      Replicas: Object.values(REGIONS).map((RegionName) => ({ RegionName })),
    });
  });

  test('have a stream each, which tells of what arrives as of what is written there', async () => {
    await cells.write('eu', 'A', 'one');
    await cells.replication.flush();
    await cells.write('us', 'A');
    await cells.replication.flush();
    for (const cell of CELLS) {
      expect(await records(cell)).toMatchObject([
        {
          eventName: 'INSERT',
          awsRegion: REGIONS[cell],
          dynamodb: { NewImage: { ...key('A'), value: { S: 'one' } } },
        },
        { eventName: 'REMOVE', dynamodb: { OldImage: { value: { S: 'one' } } } },
      ]);
    }
  });

  test('only where TTL deleted an item does the stream say that it was TTL', async () => {
    const expiresAt = { N: String(cells.clock.nowSeconds() - 1) };
    const Item = { ...key('SHORT'), expiresAt };
    await cells.call('eu', 'PutItem', { TableName: DIRECTORY, Item });
    await cells.replication.flush();
    await cells.service('us').sweepExpired();
    await cells.replication.flush();
    const last = async (cell: CellName) => (await records(cell)).at(-1);
    const userIdentity = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' };
    expect(await last('us')).toMatchObject({ eventName: 'REMOVE', userIdentity });
    expect(await last('eu')).toMatchObject({ eventName: 'REMOVE' });
    expect(await last('eu')).not.toHaveProperty('userIdentity');
  });

  test('a write that loses leaves no record where it arrives too late', async () => {
    await cells.write('us', 'A', 'earlier');
    cells.clock.advance(1);
    await cells.write('eu', 'A', 'later');
    await cells.replication.flush();
    expect(await records('eu')).toHaveLength(1);
    expect(await records('us')).toHaveLength(2);
  });

  test('what is underway when the cloud ends is there when it starts again', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'domicile-replication-'));
    await cells.close();
    cells = await openCells('dynalite', { dataDirectory });
    cells.replication.hold('us-east-1');
    await cells.write('eu', 'A', 'one');
    await cells.close();
    cells = await openCells('dynalite', { dataDirectory });
    expect(await cells.values('A')).toEqual(['one', 'one', 'one']);
    await cells.write('us', 'A');
    await cells.replication.flush();
    expect(await cells.values('A')).toEqual(NOWHERE);
    await cells.close();
    cells = await openCells('dynalite');
    await rm(dataDirectory, { recursive: true });
  });
});

test('a link to a region that is long away keeps no more than the newest write of each item', async () => {
  const delivered: Array<Underway> = [];
  let dropped = 0;
  const link = createReplicationLink({
    delayMs: () => 0,
    isOpen: () => false,
    deliver: async (underway) => void delivered.push(underway),
    onDropped: () => {
      dropped += 1;
    },
  });
  const WRITES = 25_000;
  for (let ms = 0; ms < WRITES; ms += 1) {
    const item = `ITEM-${ms % 50}`;
    const write = {
      table: DIRECTORY,
      key: key(item),
      item: { ...key(item), at: { N: String(ms) } },
    };
    link.send({ item, write, stamp: { ms, region: REGIONS.eu }, committedAtMs: 0 });
  }
  await link.flush();
  expect(delivered.length).toBeLessThan(10_000);
  expect(delivered.length + dropped).toBe(WRITES);
  expect(delivered.slice(-50).map(({ stamp }) => stamp.ms)).toEqual(
    Array.from({ length: 50 }, (_, index) => WRITES - 50 + index),
  );
});

type Step = readonly [what: string, where: CellName, item: number];

async function take(cells: TestCells, [what, where, item]: Step, index: number): Promise<void> {
  const { replication, clock } = cells;
  switch (what) {
    case 'write':
      return cells.write(where, `ITEM-${item}`, `${index} in ${where}`);
    case 'delete':
      return cells.write(where, `ITEM-${item}`);
    case 'hold':
      return replication.hold(REGIONS[where]);
    case 'release':
      return replication.release(REGIONS[where]);
    case 'arrive':
      return replication.flush();
    default:
      return clock.advance(1);
  }
}

test('any order of writes, arrivals and outages ends with the same items everywhere', async () => {
  const cells = await openCells('dynalite');
  const cell = fc.constantFrom(...CELLS);
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constant('write' as const), cell, fc.nat(2)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('delete' as const), cell, fc.nat(2)) },
    fc.tuple(fc.constantFrom('hold', 'release', 'arrive', 'tick'), cell, fc.constant(0)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      for (const one of CELLS) await cells.service(one).reset();
      for (const [index, taken] of steps.entries()) await take(cells, taken, index);
      for (const one of CELLS) cells.replication.release(REGIONS[one]);
      await cells.replication.flush();
      const held = await Promise.all(CELLS.map((one) => cells.service(one).items(DIRECTORY)));
      const [first, ...others] = held.map((items) =>
        items.map((item) => JSON.stringify(item)).toSorted(),
      );
      for (const other of others) expect(other).toEqual(first);
    }),
    { numRuns: 60 },
  );
  await cells.close();
}, 60_000);

describe('the key of a replica', () => {
  const Replicas = [
    { Region: REGIONS.eu, SSESpecification: { KMSMasterKeyId: 'home-key' } },
    {
      Region: REGIONS.us,
      SSESpecification: { KMSMasterKeyId: 'alias/domicile-directory' },
    },
  ];
  const alias: DeployedResource = {
    stack: 'DirectoryKey',
    region: REGIONS.us,
    logicalId: 'Alias',
    type: 'AWS::KMS::Alias',
    physicalId: 'alias/domicile-directory',
    attributes: {},
    properties: { AliasName: 'alias/domicile-directory', TargetKeyId: 'far-key' },
  };
  const read = (region: string, aliases: ReadonlyArray<DeployedResource>) =>
    readRegionTables({
      region,
      account: ACCOUNT,
      tables: [globalTable(DIRECTORY, Replicas)],
      aliases,
    });

  test.each([
    [REGIONS.eu, 'home-key'],
    [REGIONS.us, 'far-key'],
  ])('in %s, callers need to decrypt with its own', (region, id) => {
    const [, decrypt] = authorizationsOf(
      { region, account: ACCOUNT, tables: read(region, [alias]) },
      'GetItem',
      { TableName: DIRECTORY, Key: key('A') },
    );
    expect(decrypt).toMatchObject({
      action: 'kms:Decrypt',
      resource: `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`,
      context: { 'kms:ViaService': [`dynamodb.${region}.amazonaws.com`] },
    });
  });

  test('must be there when the table is made', () => {
    const elsewhere = { ...alias, region: REGIONS.eu };
    expect(() => read(REGIONS.us, [elsewhere])).toThrow('no such key');
  });
});
