/** Whoever can write to the records table, and to it alone, changes nothing unseen (ADR 0025). */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { CompactSign, decodeJwt, exportJWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { createAuditRecords } from '../../functions/adapters/dynamodb/audit-records.ts';
import { createEvidenceKeys } from '../../functions/adapters/dynamodb/evidence-keys.ts';
import { createEvidenceSigner } from '../../functions/adapters/kms/evidence-signer.ts';
import type { Act } from '../../functions/core/audit/act.ts';
import type { Sub } from '../../functions/core/ids.ts';
import { type Audits, createAudits, HOUR } from '../flows/audits.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';

const RECORDS_PER_HOUR = 5;

let cloud: TestCloud;
let audits: Audits;
let folder: string;
/** As it was sealed: hours with records, one after another. */
let sealed: ReadonlyArray<StoredItem>;
let hours: ReadonlyArray<string>;
let archive: ReadonlyArray<string>;

beforeAll(async () => {
  cloud = await startTestCloud({ parameters: { AuditArchive: 'governance' } });
  audits = createAudits(cloud);
  folder = await mkdtemp(join(tmpdir(), 'tampering-'));
  const { dynamo, table, now } = audits;
  const records = createAuditRecords({ dynamo, recordsTable: table, retentionDays: 30, now });
  await cloud.deliverStreams();
  for (let hour = 0; hour < 4; hour += 1) {
    await records.record(Array.from({ length: RECORDS_PER_HOUR }, newAct));
    await cloud.advance(HOUR);
  }
  await audits.sealAll();
  sealed = await trail();
  hours = sealed
    .filter(({ pk }) => pk === 'AUDIT-ROOTS')
    .map(({ sk }) => String(sk))
    .toSorted()
    .slice(1, 4);
  const files = await cloud.objects('archive');
  archive = await Promise.all(
    files.map(async ({ bytes }, number) => {
      const file = join(folder, `${number}.jsonl`);
      await writeFile(file, bytes ?? '');
      return file;
    }),
  );
});
afterAll(async () => {
  audits?.close();
  await cloud?.close();
  await rm(folder, { recursive: true, force: true });
});

function newAct(): Act {
  const sub = randomToken() as Sub;
  const actor = { type: 'person', sub } as const;
  return { id: randomToken(), kind: 'session.begun', actor, sub, at: audits.now() };
}

async function trail(): Promise<ReadonlyArray<StoredItem>> {
  return (await cloud.items('records')).filter(({ pk }) => String(pk).startsWith('AUDIT'));
}

async function put(item: StoredItem): Promise<void> {
  await audits.dynamo.send(new PutItemCommand({ TableName: audits.table, Item: marshall(item) }));
}

async function remove({ pk, sk }: StoredItem): Promise<void> {
  const Key = marshall({ pk, sk });
  await audits.dynamo.send(new DeleteItemCommand({ TableName: audits.table, Key }));
}

/** What verification finds once it was tampered with; everything is put back afterwards. */
async function findAfter(tamper: () => Promise<void>, files: ReadonlyArray<string> = []) {
  await tamper();
  const { findings } = await audits.verify(files);
  const left = new Map((await trail()).map((item) => [keyOf(item), item]));
  for (const item of sealed) {
    if (!isDeepStrictEqual(left.get(keyOf(item)), item)) await put(item);
    left.delete(keyOf(item));
  }
  for (const item of left.values()) await remove(item);
  return findings;
}

const keyOf = ({ pk, sk }: StoredItem): string => `${pk} ${sk}`;

/** Of an hour, in the order of its leaves. */
function recordsOf(hour: string | undefined): ReadonlyArray<StoredItem> {
  return sealed
    .filter(({ pk }) => String(pk).startsWith(`AUDIT#${hour}#`))
    .toSorted((a, b) => (`${a['pk']} ${a['sk']}` < `${b['pk']} ${b['sk']}` ? -1 : 1));
}

function rootOf(hour: string | undefined): StoredItem {
  const root = sealed.find(({ pk, sk }) => pk === 'AUDIT-ROOTS' && sk === hour);
  if (root === undefined) throw new Error(`${hour} has no root`);
  return root;
}

const requireFirst = (items: ReadonlyArray<StoredItem>): StoredItem => {
  const [first] = items;
  if (first === undefined) throw new Error('there is none');
  return first;
};
const idOf = (item: StoredItem): string => JSON.parse(String(item['record'])).id;
const altered = (item: StoredItem): StoredItem => ({
  ...item,
  record: String(item['record']).replace('session.begun', 'session.ended'),
});

test('left alone, nothing is found', async () => {
  expect(await findAfter(async () => undefined)).toEqual([]);
});

test('an altered record is named', async () => {
  const [hour] = hours;
  const victim = requireFirst(recordsOf(hour));
  const findings = await findAfter(() => put(altered(victim)));
  expect(findings).toContainEqual({ what: 'altered-record', hour, id: idOf(victim) });
  expect(findings).toContainEqual(expect.objectContaining({ what: 'another-tree', hour }));
});

test('a record altered together with all that leads to it is still found, by its hour', async () => {
  const [hour] = hours;
  const victim = requireFirst(recordsOf(hour));
  const findings = await findAfter(async () => {
    await put(altered(victim));
    for (const item of sealed) {
      if (item['sk'] === victim['sk'] && item['hash'] !== undefined) await remove(item);
    }
  });
  expect(findings).toContainEqual(expect.objectContaining({ what: 'another-tree', hour }));
});

test('a removed record is named', async () => {
  const hour = hours[1];
  const victim = requireFirst(recordsOf(hour));
  const findings = await findAfter(() => remove(victim));
  expect(findings).toEqual([
    {
      what: 'another-tree',
      hour,
      sealedSize: RECORDS_PER_HOUR,
      foundSize: RECORDS_PER_HOUR - 1,
    },
    { what: 'removed-record', hour, id: idOf(victim) },
  ]);
});

test('a record put in afterwards is named', async () => {
  const hour = hours[2];
  const { pk, ...model } = requireFirst(recordsOf(hour));
  const id = randomToken();
  const record = String(model['record']).replace(idOf(model), id);
  const sk = String(model['sk']).replace(/#.*/, `#${id}`);
  const findings = await findAfter(() => put({ ...model, pk, sk, record }));
  expect(findings).toContainEqual({ what: 'added-record', hour, id });
});

test('records that changed places are found', async () => {
  const [hour] = hours;
  const [first, second] = recordsOf(hour);
  if (first === undefined || second === undefined) throw new Error('too few records');
  const findings = await findAfter(async () => {
    await put({ ...first, record: second['record'] });
    await put({ ...second, record: first['record'] });
  });
  expect(findings.map(({ what }) => what)).toContain('misplaced-record');
  expect(findings).toContainEqual(expect.objectContaining({ what: 'another-tree', hour }));
});

test('two hours that changed places are found', async () => {
  const [one, other] = [rootOf(hours[0]), rootOf(hours[1])];
  const findings = await findAfter(async () => {
    await put({ ...one, root: other['root'] });
    await put({ ...other, root: one['root'] });
  });
  const misplaced = findings.filter(({ what }) => what === 'misplaced-root');
  expect(misplaced.map(({ hour }) => hour)).toEqual([hours[0], hours[1]]);
});

test('an hour removed with its root is found by the chain', async () => {
  const hour = hours[1];
  const findings = await findAfter(async () => {
    for (const item of [rootOf(hour), ...recordsOf(hour)]) await remove(item);
  });
  expect(findings).toContainEqual({ what: 'missing-hour', hour });
  expect(findings).toContainEqual({ what: 'broken-chain', hour: hours[2] });
});

test('the beginning of the trail cannot be moved', async () => {
  const findings = await findAfter(async () => {
    const roots = sealed.filter(
      ({ pk, sk }) => pk === 'AUDIT-ROOTS' && String(sk) < String(hours[1]),
    );
    for (const root of roots) await remove(root);
    await put({ pk: 'AUDIT-BEGINNING', sk: 'BEGINNING', v: 1, hour: hours[1] });
  });
  expect(findings).toContainEqual({ what: 'broken-chain', hour: hours[1] });
});

test('the newest hours cut off are missed as soon as they should be there', async () => {
  const findings = await findAfter(async () => {
    for (const item of sealed) {
      const isLater = String(item['sk']) > String(hours[2]) && item['pk'] === 'AUDIT-ROOTS';
      if (isLater || (item['pk'] === 'AUDIT-ROOTS' && item['sk'] === hours[2])) await remove(item);
    }
    for (const record of recordsOf(hours[2])) await remove(record);
  });
  expect(findings).toEqual([{ what: 'truncated', hour: hours[2] }]);
});

test('a root signed by another key is found, whatever its header says', async () => {
  const hour = hours[2];
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const claims = decodeJwt(String(rootOf(hour)['root']));
  const root = await new CompactSign(
    new TextEncoder().encode(JSON.stringify({ ...claims, size: 0 })),
  )
    .setProtectedHeader({ alg: 'ES256', typ: 'audit-root+jwt' })
    .sign(privateKey);
  const findings = await findAfter(() => put({ ...rootOf(hour), root }));
  expect(findings).toContainEqual({ what: 'forged-root', hour });
});

test('what the evidence key signed for something else is no root', async () => {
  const { endpoint, ...credentials } = cloud.cloud.seed().aws;
  const kms = new KMSClient({ endpoint, region: cloud.region, credentials });
  const evidenceKeys = createEvidenceKeys({
    dynamo: audits.dynamo,
    directoryTable: 'domicile-directory',
  });
  const hour = hours[2];
  const claims = decodeJwt(String(rootOf(hour)['root']));
  const root = await createEvidenceSigner({ kms, evidenceKeys }).sign(
    'consent-receipt+jwt',
    claims,
  );
  kms.destroy();
  const findings = await findAfter(() => put({ ...rootOf(hour), root }));
  expect(findings).toContainEqual({ what: 'forged-root', hour });
});

test('keys that an operator keeps are not those of whoever changed the table', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { findings } = await audits.verify([], { keys: [await exportJWK(publicKey)] });
  expect(findings.length).toBeGreaterThan(0);
  expect(new Set(findings.map(({ what }) => what))).toEqual(new Set(['forged-root']));
});

test('a chain that was signed anew from some hour on is not the archived one', async () => {
  const { findings } = await audits.verify(archive);
  expect(findings).toEqual([]);
  const since = String(hours[1]);
  const anew = await findAfter(async () => {
    const roots = sealed.filter(({ pk, sk }) => pk === 'AUDIT-ROOTS' && String(sk) >= since);
    for (const item of [...roots, requireFirst(recordsOf(since))]) await remove(item);
    // Signed by the very key: whoever does this has the workflow, too.
    await audits.run();
    expect((await audits.verify()).findings).toEqual([]);
  }, archive);
  expect(anew).toContainEqual({ what: 'broken-chain', hour: since });
});
