/** A directory that was restored: the replay erases there as well, for every cell from its own ledger. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import type { RestoredTable } from '../harness/cloud-stores.ts';
import { withoutRetries } from './cut-off-workflows.ts';
import { createErasures, type Erasures } from './erasures.ts';
import { createPlanting, type Planted } from './planted-people.ts';

let cloud: TestCloud;
const cells = ['eu', 'us'] as const;
const worlds = new Map<string, { erasures: Erasures; erased: Planted; bystander: Planted }>();
let wholeMs = 0;

beforeAll(async () => {
  cloud = await startTestCloud({ cells, transformTemplate: withoutRetries });
  for (const cell of cells) {
    const erasures = createErasures(cloud, cell);
    const { plant } = createPlanting(cloud, erasures.dynamo, cell);
    worlds.set(cell, { erasures, erased: await plant(), bystander: await plant() });
  }
  await cloud.flushReplication();
  await cloud.advance(1);
  wholeMs = cloud.cloud.clock.nowMs();
  await cloud.advance(600);
  for (const { erasures, erased } of worlds.values()) {
    await erasures.finish(await erasures.ask(erased.sub, 0), 'WaitQuarantine');
  }
});
afterAll(async () => {
  for (const { erasures } of worlds.values()) erasures.close();
  await cloud?.close();
});

function world(cell: string) {
  const found = worlds.get(cell);
  if (found === undefined) throw new Error(`nobody lives in ${cell}`);
  return found;
}

function restore(target: RestoredTable): Promise<RestoredTable> {
  const secondsAgo = Math.ceil((cloud.cloud.clock.nowMs() - wholeMs) / 1000);
  return cloud.restore({ table: 'directory', secondsAgo, target });
}

/** `npm run admin -- erasure replay`, as the runbook says. */
async function replay(cell: string, copy: string): Promise<string> {
  const where = ['--local', cloud.issuer, '--cell', cell];
  const command = ['bin/admin.ts', 'erasure', 'replay', ...where, '--directory-table', copy];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return stdout;
}

/** Entries of the copy that lead to somebody, as their keys. */
async function entriesOf(table: RestoredTable, { sub }: Planted): Promise<ReadonlyArray<string>> {
  const entries = await cloud.items(table);
  return entries.filter((entry) => entry['sub'] === sub).map(({ sk }) => String(sk));
}

test('a replay frees the copy of whoever was erased in its cell, in any region, and of nobody else', async () => {
  const copy = await restore('domicile-directory-restored');
  const both = ['IDENTIFIER', 'SUB'];
  for (const cell of cells) {
    expect((await entriesOf(copy, world(cell).erased)).toSorted()).toEqual(both);
  }
  const others = (await cloud.items(copy)).length - 4;

  expect(await replay('us', copy)).toContain('1 erasures replayed');
  expect(await entriesOf(copy, world('us').erased)).toEqual([]);
  expect((await entriesOf(copy, world('eu').erased)).toSorted()).toEqual(both);
  expect(await replay('eu', copy)).toContain('2 items and 0 keys erased again');
  expect(await entriesOf(copy, world('eu').erased)).toEqual([]);

  for (const cell of cells) {
    expect((await entriesOf(copy, world(cell).bystander)).toSorted()).toEqual(both);
  }
  expect(await cloud.items(copy)).toHaveLength(others);
  // What has been done is not done again.
  expect(await replay('us', copy)).toContain('0 items and 0 keys erased again');
});

test('a replay that was cut off after a deletion goes on when it is redriven', async () => {
  const directoryTable = await restore('domicile-directory-restored-again');
  const { erasures, erased, bystander } = world('us');
  const name = 'cut-off';
  cloud.fault({
    ...{ service: 'dynamodb', operation: 'DeleteItem', resource: directoryTable },
    ...{ kind: 'crash-after', times: 1 },
  });
  await erasures.start('domicile-erasure-replay', { directoryTable }, name);
  await cloud.advance(1);
  cloud.clearFaults();
  expect(erasures.view(name).status).toBe('FAILED');
  await erasures.finishAll([name]);
  expect(erasures.view(name)).toMatchObject({ status: 'SUCCEEDED', redrives: 1 });
  expect(await entriesOf(directoryTable, erased)).toEqual([]);
  expect(await entriesOf(directoryTable, bystander)).toHaveLength(2);
});
