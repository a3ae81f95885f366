/** Backups of somebody who was erased: what they still tell, and what a restore brings back. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAdmin } from '../../bin/admin/run.ts';
import { createAges } from '../../functions/adapters/dynamodb/ages.ts';
import { createHolds } from '../../functions/adapters/dynamodb/holds.ts';
import type { IdentifierHash } from '../../functions/core/ids.ts';
import type { HoldId } from '../../functions/core/ports/holds.ts';
import { toEpochSeconds } from '../../functions/core/time.ts';
import { createErasures, DAY, type Erasures } from '../flows/erasures.ts';
import { createPlanting, type Planted } from '../flows/planted-people.ts';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import type { RestoredTable } from '../harness/cloud-stores.ts';
import { askRecovery, confirmByCode, newPerson, signUp } from '../harness/journeys.ts';
import { MarkerFinder, newMark } from '../harness/markers.ts';
import { collectKeys, keyringsOf, keysOfPeople, type SecretKey } from '../harness/markers-keys.ts';
import { newestSub } from '../harness/newest-person.ts';

let cloud: TestCloud;
let erasures: Erasures;
let erased: Planted;
/** Whose erasure began when the other's was over, and was not forgotten by a copy from before both. */
let erasedLater: Planted;
let bystander: Planted;

/** What is known of the erased, and by what each of it would be found. */
const MARKS = {
  address: newMark(),
  birthdate: '1907-11-23',
  browser: 'Samsung Internet on ChromeOS',
  'reason of a hold': newMark(),
};
const USER_AGENT = 'Mozilla/5.0 (X11; CrOS x86_64) SamsungBrowser/28.0 Chrome/130.0';
const HOLD = 'hold' as HoldId;

/**
 * When a sign-up waited for its code; when nothing had gone yet, and a recovery waited for its own;
 * and when the address for the last mail was kept beside the request.
 */
const moments = { signingUp: 0, whole: 0, erasing: 0 };
const secondsSince = (moment: keyof typeof moments) =>
  Math.ceil((cloud.cloud.clock.nowMs() - moments[moment]) / 1000);

beforeAll(async () => {
  cloud = await startTestCloud();
  erasures = createErasures(cloud);
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  erased = await arrive();
  erasedLater = await plant();
  bystander = await plant();
  await cloud.advance(1);
  moments.whole = cloud.cloud.clock.nowMs();
  await cloud.advance(600);
  await operator().holds.release(erased.sub, HOLD, acting());
  const requestId = await erasures.ask(erased.sub, 0);
  await erasures.finish(requestId, 'WaitCodes');
  // Processors take their time.
  await cloud.advance(3 * 3600);
  await cloud.advance(5);
  moments.erasing = cloud.cloud.clock.nowMs();
  await cloud.advance(600);
  await erasures.finish(requestId, 'WaitQuarantine');
  await erasures.finish(await erasures.ask(erasedLater.sub, 0), 'WaitQuarantine');
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

const acting = () => ({
  actor: { type: 'system', name: 'test' } as const,
  at: toEpochSeconds(cloud.cloud.clock.nowMs()),
});

/** What people tell and operators note, without the pages for it. */
function operator() {
  const tables = { dataTable: 'domicile-data-eu', keyTable: 'domicile-keys-eu' };
  const { loadCell: loadKeyring } = keyringsOf(cloud, 'eu');
  const deps = { ...tables, dynamo: erasures.dynamo, loadKeyring };
  return { ages: createAges(deps), holds: createHolds(deps) };
}

/** By the pages: codes are mailed, and what they are for is kept until they are typed. */
async function arrive(): Promise<Planted> {
  const person = { ...newPerson(), email: `${MARKS.address}@example.com` };
  const frontHeaders = { 'user-agent': USER_AGENT };
  const agent = createAgent({ issuer: cloud.issuer, frontHeaders });
  const verifyPage = await signUp(agent, await agent.get('/sign-up'), person);
  await cloud.advance(1);
  moments.signingUp = cloud.cloud.clock.nowMs();
  await cloud.advance(1);
  await confirmByCode(cloud, agent, verifyPage, person);
  await askRecovery(createAgent(cloud), person.email);
  const sub = await newestSub(cloud);
  const { ages, holds } = operator();
  await ages.tell(sub, { birthdate: MARKS.birthdate, country: 'DE' }, acting());
  const reason = `a letter of ${MARKS['reason of a hold']}`;
  await holds.place(sub, { holdId: HOLD, reason }, acting());
  const account = (await cloud.items('data')).find(
    ({ pk, sk }) => pk === `USER#${sub}` && sk === 'ACCOUNT',
  );
  const identifier = String(account?.['identifier']) as IdentifierHash;
  return { sub, identifier, email: person.email, traces: [sub, person.email, identifier] };
}

async function challengesIn(table: RestoredTable): Promise<number> {
  return (await cloud.items(table)).filter(({ sk }) => sk === 'CHALLENGE').length;
}

/** What of the person can be read, and where: with every key of all cells, and of the copies given. */
async function readableIn(
  tables: ReadonlyArray<RestoredTable>,
  copiesOfKeys: ReadonlyArray<RestoredTable>,
): Promise<ReadonlyArray<string>> {
  const texts = await Promise.all(
    tables.map(async (table) =>
      (await cloud.items(table)).map((item) => ({
        ...{ region: cloud.region, store: table, text: JSON.stringify(item) },
      })),
    ),
  );
  const copied = await Promise.all(copiesOfKeys.map((copy) => keysIn(copy, tables)));
  // Whatever stands in the copies might be the id of a challenge.
  const challenges = texts.flat().flatMap(({ text }) => text.match(/[\w-]{22,64}/g) ?? []);
  const keys = [...(await collectKeys(cloud, { challenges })), ...copied.flat()];
  const markers = Object.entries(MARKS).map(([cell, value]) => ({ cell, values: [value] }));
  const found = new MarkerFinder(markers, keys).findAll(texts.flat());
  return found.map(({ store, cell: what }) => `${store}: ${what}`).sort();
}

/** Data keys of a copied key table, and what they open of the accounts in the other copies. */
async function keysIn(
  table: RestoredTable,
  others: ReadonlyArray<RestoredTable>,
): Promise<ReadonlyArray<SecretKey>> {
  const ring = await keyringsOf(cloud, 'eu').loadCell();
  const data = (await Promise.all(others.map((other) => cloud.items(other)))).flat();
  return keysOfPeople(ring, { keys: await cloud.items(table), data }, 'somebody in a copy');
}

async function itemsOf(table: RestoredTable, { traces }: Planted) {
  const items = await cloud.items(table);
  return items.filter((item) => traces.some((trace) => JSON.stringify(item).includes(trace)));
}

/** `npm run admin -- erasure replay`, as the runbook says. */
async function replay(...args: ReadonlyArray<string>) {
  const command = ['erasure', 'replay', '--local', cloud.issuer, ...args];
  const { code, text: out } = await runAdmin(command, () => undefined);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Done\. /) });
  return { out };
}

test('within the window of the key table a restore brings a person back, and the replay erases them again', async () => {
  const data = await cloud.restore({ table: 'data', secondsAgo: secondsSince('whole') });
  const keys = await cloud.restore({ table: 'keys', secondsAgo: secondsSince('whole') });
  // Nobody has replayed anything yet: the search finds what there is.
  const everything = Object.keys(MARKS).map((what) => `${data}: ${what}`);
  expect(await readableIn([data], [keys])).toEqual(everything);
  const before = await Promise.all([itemsOf(data, bystander), itemsOf(keys, bystander)]);

  const replayed = await replay('--table', data, '--keys-table', keys);
  expect(replayed.out).toContain('2 erasures replayed');
  expect(replayed.out).toContain('2 keys erased again');
  for (const person of [erased, erasedLater]) {
    expect(await itemsOf(keys, person)).toEqual([]);
    // Counters know a person by an id alone, and are over long before a copy is in use.
    const left = (await itemsOf(data, person)).map(({ pk }) => String(pk).split('#')[0]);
    expect(left.filter((kind) => kind !== 'ATTEMPTS')).toEqual([]);
  }
  expect(await readableIn([data, keys], [keys])).toEqual([]);
  expect(await Promise.all([itemsOf(data, bystander), itemsOf(keys, bystander)])).toEqual(before);

  const again = await replay('--table', data, '--keys-table', keys);
  expect(again.out).toMatch(/2 erasures replayed .*: 0 items and 0 keys/);
  expect(await Promise.all([itemsOf(data, bystander), itemsOf(keys, bystander)])).toEqual(before);
});

test('a copy from between two erasures is replayed for both, and has but the later one to erase', async () => {
  const copy = { secondsAgo: secondsSince('erasing') } as const;
  const data = await cloud.restore({
    ...{ ...copy, table: 'data', target: 'domicile-data-eu-restored-between' },
  });
  const keys = await cloud.restore({
    ...{ ...copy, table: 'keys', target: 'domicile-keys-eu-restored-between' },
  });
  expect(await itemsOf(keys, erased)).toEqual([]);
  expect(await itemsOf(keys, erasedLater)).toHaveLength(1);
  const { out } = await replay('--table', data, '--keys-table', keys);
  expect(out).toMatch(/2 erasures replayed .* and 1 keys/);
  expect(await itemsOf(keys, erasedLater)).toEqual([]);
  expect(await itemsOf(keys, bystander)).toHaveLength(1);
});

test('after the window of the key table nothing in any backup can be read with any key that exists', async () => {
  await cloud.advance(DAY + 60);
  const sources = [
    ['data', 'domicile-data-eu-restored-late'],
    ['records', 'domicile-records-eu-restored-late'],
    ['directory', 'domicile-directory-restored-late'],
  ] as const;
  const secondsAgo = secondsSince('whole');
  const copies = await Promise.all(
    sources.map(([table, target]) => cloud.restore({ table, secondsAgo, target })),
  );
  const signingUp = await cloud.restore({
    ...{ table: 'data', secondsAgo: secondsSince('signingUp') },
    target: 'domicile-data-eu-restored-signing-up',
  });
  for (const table of [signingUp, copies[0]]) {
    expect(table === undefined ? 0 : await challengesIn(table)).toBe(1);
  }
  const erasing = await cloud.restore({
    ...{ table: 'records', secondsAgo: secondsSince('erasing') },
    target: 'domicile-records-eu-restored-erasing',
  });
  expect(JSON.stringify(await cloud.items(erasing))).toContain('CONTACT');
  const keys = await cloud.restore({
    ...{ table: 'keys', secondsAgo: DAY - 60 },
    target: 'domicile-keys-eu-restored-late',
  });
  await expect(
    cloud.restore({
      table: 'keys',
      secondsAgo: secondsSince('whole'),
      target: 'domicile-keys-eu-restored-old',
    }),
  ).rejects.toThrow();
  expect(await itemsOf(keys, erased)).toEqual([]);
  expect(await readableIn([signingUp, ...copies, erasing, keys], [keys])).toEqual([]);
});

test('a replay of the live tables finds nothing to do, and says so', async () => {
  const where = ['--local', cloud.issuer, '--cell', 'eu'];
  const command = ['bin/admin.ts', 'erasure', 'replay', ...where, '--since', '60d'];
  const { stdout: out } = await promisify(execFile)(process.execPath, command);
  expect(out).toMatch(/^Done\. 2 erasures replayed up to \d{4}-\d{2}: 0 items and 0 keys/);
});

test('no replay writes to a table that is no restored copy', async () => {
  await erasures.start('domicile-erasure-replay', { table: 'domicile-records-eu' }, 'elsewhere');
  await cloud.advance(60);
  expect(erasures.view('elsewhere')).toMatchObject({
    status: 'FAILED',
    error: 'AccessDeniedException',
  });
});

test('whoever asked after the moment that is restored stays, until they are asked for again', async () => {
  await cloud.advance(1);
  const beforeMs = cloud.cloud.clock.nowMs();
  await cloud.advance(600);
  const first = await erasures.ask(bystander.sub);
  const data = await cloud.restore({
    ...{ table: 'data', target: 'domicile-data-eu-restored-grace' },
    secondsAgo: Math.ceil((cloud.cloud.clock.nowMs() - beforeMs) / 1000),
  });
  await copyBack(data, bystander);
  const { states } = await erasures.finish(first);
  expect(states.at(-1)?.name).toBe('Undone');
  expect((await erasures.requests.load(first)).state).toBe('undone');
  expect(await itemsOf('domicile-keys-eu', bystander)).toHaveLength(1);

  const again = await erasures.ask(bystander.sub);
  expect(await erasures.finish(again)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await itemsOf('domicile-keys-eu', bystander)).toEqual([]);
});

/** Everything of a person as it was: what came later goes. */
async function copyBack(copy: RestoredTable, { sub }: Planted): Promise<void> {
  const ofPerson = async (table: 'data' | RestoredTable) =>
    (await cloud.items(table)).filter(({ pk }) => pk === `USER#${sub}`);
  const [then, now] = [await ofPerson(copy), await ofPerson('data')];
  const since = now.filter(({ sk }) => !then.some((item) => item['sk'] === sk));
  for (const { pk, sk } of since) {
    await erasures.dynamo.send(
      new DeleteItemCommand({ TableName: 'domicile-data-eu', Key: marshall({ pk, sk }) }),
    );
  }
  const account = then.find(({ sk }) => sk === 'ACCOUNT');
  await erasures.dynamo.send(
    new UpdateItemCommand({
      TableName: 'domicile-data-eu',
      Key: marshall({ pk: account?.['pk'], sk: account?.['sk'] }),
      UpdateExpression: 'SET #status = :status REMOVE erasure',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: marshall({ ':status': account?.['status'] }),
    }),
  );
}
