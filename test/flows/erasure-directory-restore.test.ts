/**
 * Restores: of the directory, in whose copies the replay erases as well, for every cell from its own
 * ledger; and of accounts that the records are ahead of.
 */
import { DeleteItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAdmin } from '../../bin/admin/run.ts';
import { writeBatches } from '../../functions/adapters/dynamodb/batch-write.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import type { RestoredTable } from '../harness/cloud-stores.ts';
import { type Cut, cutsOf } from './cut-off-places.ts';
import { cutOff, someAtATime, withoutRetries } from './cut-off-workflows.ts';
import { createErasures, type Erasures } from './erasures.ts';
import { createPlanting, type Planted } from './planted-people.ts';
import { cutOffReplays } from './replay-cuts.ts';

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
  const command = ['erasure', 'replay', ...where, '--directory-table', copy];
  const { code, text } = await runAdmin(command, () => undefined);
  expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(/^Done\. /) });
  return text;
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

test('so it does at whichever AWS call it crashes, and it tells of whom it has freed', async () => {
  const { erasures, erased, bystander } = world('us');
  const people = [erased];
  // One entry is left of the two: with it goes the last that could be told of.
  const prepare = async (TableName: RestoredTable) => {
    const key = { S: `SUB#${erased.sub}` };
    const removal = new DeleteItemCommand({ TableName, Key: { pk: key, sk: { S: 'SUB' } } });
    await world('eu').erasures.dynamo.send(removal);
  };
  const restored = { cloud, cell: 'us', erasures, people, wholeMs, prepare };
  const { texts } = await cutOffReplays(restored, ['directory']);
  const entriesOf = ({ sub }: Planted) => texts.filter((text) => text.includes(sub));
  expect(entriesOf(erased)).toEqual([]);
  // Those of another cell's are for its own ledger.
  for (const other of [bystander, world('eu').erased]) expect(entriesOf(other)).toHaveLength(2);
}, 240_000);

test('a request that its account knows nothing of ends undone, at whichever AWS call that crashes', async () => {
  const { erasures } = world('eu');
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  const everythingOf = ({ sub }: Planted) => readCollection(erasures.dynamo, sub);
  /** Records go on; the data table is as it was before anybody asked. */
  async function strand(cut?: Cut) {
    const person = await plant();
    const whole = await everythingOf(person);
    const requestId = await erasures.begin(person.sub);
    return { person, requestId, whole, ...(cut !== undefined && { cut }) };
  }
  async function restoreAll(people: ReadonlyArray<Awaited<ReturnType<typeof strand>>>) {
    await cloud.advance(1);
    for (const { requestId, person, whole } of people) {
      expect(erasures.view(requestId).states.at(-1)?.name).toBe('WaitGrace');
      await putBack(erasures.dynamo, whole, await everythingOf(person));
    }
  }

  const undisturbed = await strand();
  await restoreAll([undisturbed]);
  const counted = cutOff(cloud, { functionName: 'domicile-erasure' });
  await erasures.finishAll([undisturbed.requestId]);
  counted.stop();
  const places = counted.placesOf(undisturbed.requestId, ['commit']);

  const cut = await someAtATime(cutsOf(places), strand);
  await restoreAll(cut);
  const plans = new Map(cut.flatMap((one) => (one.cut ? [[one.requestId, [one.cut]]] : [])));
  const watched = cutOff(cloud, { functionName: 'domicile-erasure', plans, places });
  await erasures.finishAll(cut.map(({ requestId }) => requestId));
  watched.stop();
  expect(watched.missed()).toEqual([]);
  for (const { person, requestId, whole } of [undisturbed, ...cut]) {
    expect(erasures.view(requestId).states.at(-1)?.name).toBe('Undone');
    const { state, history } = await erasures.requests.load(requestId);
    expect([state, history.map((entry) => entry.state)]).toEqual(['undone', ['grace', 'undone']]);
    // They have stayed, and all that is theirs; the account alone tells what has ended.
    const [account, ...others] = await everythingOf(person);
    const { act, ...left } = account ?? {};
    expect([left, ...others]).toEqual(whole);
    expect(act?.M?.['kind']?.S).toBe('erasure.undone');
    const keys = await cloud.items('keys');
    expect(keys.filter(({ pk }) => pk === `USER#${person.sub}`)).toHaveLength(1);
  }
}, 120_000);

async function readCollection(dynamo: DynamoDBClient, sub: string) {
  const { Items: items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: 'domicile-data-eu',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `USER#${sub}` } },
    }),
  );
  return items;
}

type Items = Awaited<ReturnType<typeof readCollection>>;

/** As a restore does: what was there is as it was, and what came later is not. */
async function putBack(dynamo: DynamoDBClient, then: Items, now: Items): Promise<void> {
  const later = now.filter(({ sk }) => !then.some((item) => item['sk']?.S === sk?.S));
  await writeBatches(dynamo, 'domicile-data-eu', [
    ...then.map((Item) => ({ PutRequest: { Item } })),
    ...later.map(({ pk = { S: '' }, sk = { S: '' } }) => ({ DeleteRequest: { Key: { pk, sk } } })),
  ]);
}
