/** After every journey: nothing that was kept or logged is of use to whoever steals it, and each act is on record. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { findPersonEntity } from '../../functions/adapters/dynamodb/person-items.ts';
import type { FunctionLogEntry } from '../../local/lambda/function-logs.ts';
import { createAgent } from '../harness/agent.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount } from '../harness/journeys.ts';
import { journeysToldOf, type Recorded, recordedOf, testActs } from './acts.ts';
import { ATTRIBUTES_OF_PEOPLE, OF_EVERY_ITEM } from './attributes-of-people.ts';
import { EVERY_JOURNEY } from './every-journey.ts';
import { exportData } from './exports.ts';
import { JOURNEYS_OF_AUDIT } from './journeys-of-audit.ts';
import { JOURNEYS_OF_PRIVACY } from './journeys-of-privacy.ts';
import { machineToken, rest, signedInWithToken } from './rest.ts';
import { isSealedForPerson, leavesOf, scanData } from './sealed-attributes.ts';
import {
  createListeningFetch,
  createSecretFinder,
  noteMails,
  noteTaskTokens,
  SECRET_KINDS,
  type SecretKind,
} from './seen-secrets.ts';

const TABLES = ['data', 'keys', 'directory', 'records'] as const;

let cloud: TestCloud;
const seen = new Map<string, SecretKind>();
const written = new Set<FunctionLogEntry>();
let findSecrets: ReturnType<typeof createSecretFinder>;
/** By journey: what the trail had more after it. */
const acts = new Map<string, ReadonlyArray<Recorded>>();

beforeAll(async () => {
  const parameters = { AuditArchive: 'governance', ErasureGraceDays: '1' };
  cloud = await startTestCloud({ parameters });
  for (const { workflows } of cloud.cloud.infrastructure.regions.values()) {
    noteTaskTokens(seen, workflows.service);
  }
  vi.stubGlobal('fetch', createListeningFetch(seen));
  await goEveryJourney();
  const person = await signedInWithToken(cloud);
  await exportData(cloud, person, { withCredentials: true });
  // One that stays: journeys release theirs.
  const token = await machineToken(cloud, 'admin');
  const body = { reason: `a lawsuit of ${person.person.email}` };
  await rest(cloud, `POST /v1/admin/privacy/people/${person.sub}/holds`, { token, body });
  const frontHeaders = { 'user-agent': 'Gecko (X11; Linux) Firefox/140.0' };
  await createAccount(cloud, createAgent({ issuer: cloud.issuer, frontHeaders }));
  vi.unstubAllGlobals();
  keepLog();
  noteMails(seen, cloud.inbox());
  findSecrets = createSecretFinder(seen);
}, 240_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await cloud?.close();
});

/** The local cloud keeps the newest lines alone, fewer than all journeys write. */
function keepLog(): void {
  for (const entry of cloud.logs()) written.add(entry);
}

/** Once for both: each is gone by new people, of whom alone something is asked afterwards. */
async function goEveryJourney(): Promise<void> {
  const told = journeysToldOf();
  const journeys = [...EVERY_JOURNEY, ...JOURNEYS_OF_AUDIT, ...told, ...JOURNEYS_OF_PRIVACY];
  for (const journey of new Set(journeys)) {
    if (told.includes(journey)) acts.set(journey.name, await recordedOf(journey, cloud));
    else await journey.run(cloud);
    keepLog();
  }
}

describe('the audit trail tells of', () => testActs(() => acts));

test.each(SECRET_KINDS)('the journeys showed the kind of secret that is sought: %s', (kind) => {
  expect([...seen.values()].filter((known) => known === kind).length).toBeGreaterThan(0);
});

test.each([
  ['clear', (value: string) => `x${value}y`],
  ['percent-encoded', encodeURIComponent],
  ['in base64', (value: string) => Buffer.from(`{"a":"${value}"}`).toString('base64')],
  ['in base64url', (value: string) => Buffer.from(`"${value}"`).toString('base64url')],
])('a leak would be found %s', (_, encode) => {
  for (const [value, kind] of seen) {
    if (kind !== 'one-time code') expect(findSecrets(encode(value))).toContain(kind);
  }
});

/** Binary attributes stand there as base64, in which secrets are sought as well. */
test.each(TABLES)('no item of the table %s holds a secret', async (table) => {
  const items = await cloud.items(table);
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) expect(findSecrets(JSON.stringify(item)), keyOf(item)).toEqual([]);
});

test.each(['exports', 'archive'] as const)('no bucket of %s holds a secret', async (kind) => {
  const objects = await cloud.objects(kind);
  expect(objects.length).toBeGreaterThan(0);
  for (const { stored, bytes: _, ...told } of objects) {
    expect(findSecrets(JSON.stringify(told)), told.key).toEqual([]);
    expect(findSecrets(stored.toString('latin1')), told.key).toEqual([]);
  }
});

describe.each([
  ['a function wrote to its log', () => [...written]],
  ['the access log keeps', () => cloud.cloud.requests()],
  ['the call log keeps', () => cloud.calls()],
])('nothing that %s', (_, entries) => {
  test('holds a secret', () => {
    expect(entries().length).toBeGreaterThan(0);
    for (const entry of entries()) {
      const text = JSON.stringify(entry);
      expect(findSecrets(text), text.slice(0, 200)).toEqual([]);
    }
  });
});

test('the access log keeps no query', () => {
  for (const { path } of cloud.cloud.requests()) expect(path).not.toMatch(/[?#]/);
});

test.each(['calls', 'requests', 'cells', 'executions', 'logs', 'grants', 'clock', 'faults'])(
  'the console’s %s shows no secret',
  async (name) => {
    const answer = await fetch(new URL(`/_local/api/${name}`, cloud.issuer));
    expect(answer.status).toBe(200);
    expect(findSecrets(await answer.text())).toEqual([]);
  },
);

const AccountItem = z.object({
  pk: z.string(),
  sk: z.literal('ACCOUNT'),
  attributes: z.record(z.string(), z.unknown()),
});

test('profile attributes are ciphertext, and no two of equal content are equal', async () => {
  const accounts = (await cloud.items('data')).flatMap((item) => {
    const parsed = AccountItem.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
  expect(accounts.length).toBeGreaterThan(5);
  const values = accounts.flatMap(({ attributes }) => Object.values(attributes).map(String));
  expect(values.length).toBeGreaterThanOrEqual(accounts.length);
  for (const value of values) expect(value).not.toMatch(/@|example/);
  expect(new Set(values).size).toBe(values.length);
});

test('passwords are kept as Argon2id of their own salts', async () => {
  const hashes = (await cloud.items('data')).map(({ phc }) => phc).filter((phc) => phc);
  expect(hashes.length).toBeGreaterThan(5);
  for (const phc of hashes) expect(phc).toMatch(/^\$argon2id\$/);
  expect(new Set(hashes).size).toBe(hashes.length);
});

/** A compact JWE, wherever in an item it stands. */
const SEALED = /eyJ[\w-]+(?=\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+)/g;

describe('of people', () => {
  const isOfPerson = ({ pk }: StoredItem) => /^(USER|IDENTIFIER|SUB)#/.test(String(pk));
  /** An item that no entity is entered for is no item to pass over. */
  const collect = async () =>
    (await scanData(cloud))
      .filter(({ pk }) => pk?.S?.startsWith('USER#'))
      .map((item) => {
        const entity = findPersonEntity(item['sk']?.S ?? '');
        if (entity === undefined) throw new Error(`nobody has entered ${item['sk']?.S}`);
        return { item, entity };
      });

  test('no attribute is stored that nobody has judged', async () => {
    const items = await collect();
    expect(new Set(items.map(({ entity }) => entity)).size).toBeGreaterThanOrEqual(8);
    for (const { item, entity } of items) {
      const { clear, personal } = ATTRIBUTES_OF_PEOPLE[entity];
      const judged = [...OF_EVERY_ITEM, ...clear, ...personal];
      const names = Object.keys(item).filter((name) => !judged.includes(name));
      expect([entity, names]).toEqual([entity, []]);
    }
  });

  test('what is personal is sealed under their own key, each value of it', async () => {
    const found = new Set<string>();
    for (const { item, entity } of await collect()) {
      const { clear, personal } = ATTRIBUTES_OF_PEOPLE[entity];
      const values = Object.entries(item).filter(([name]) => personal.includes(name));
      const leaves = values.flatMap(([name, value]) => leavesOf(name, value));
      for (const [path, leaf] of leaves.filter(([path]) => !clear.includes(path))) {
        expect([entity, path, isSealedForPerson(leaf)]).toEqual([entity, path, true]);
        found.add(`${entity} ${path.replace(/\..*/, '')}`);
      }
    }
    const judged = Object.entries(ATTRIBUTES_OF_PEOPLE);
    const wanted = judged.flatMap(([entity, { personal }]) =>
      personal.map((p) => `${entity} ${p}`),
    );
    expect([...found].sort()).toEqual(wanted.sort());
  });

  test.each([
    ['text', { S: 'Chrome on macOS' }],
    ['a number', { N: '1' }],
    ['no bytes', { B: new Uint8Array() }],
    ['what a keyring opens', { S: `${jweHeader('dir')}..aaaa.aaaa.aaaa` }],
    ['a list with text', { L: [{ B: Buffer.from('x') }, { S: 'x' }] }],
  ])('a personal value would be found that is %s', (_, value) => {
    expect(leavesOf('a', value).every(([, leaf]) => isSealedForPerson(leaf))).toBe(false);
    const label = { S: `${jweHeader('ECDH-ES')}..aaaa.aaaa.aaaa` };
    expect(isSealedForPerson(label)).toBe(true);
  });

  test('nothing is stored that a keyring opens, for it would outlive the person’s own key', async () => {
    const tables = await Promise.all((['data', 'directory'] as const).map((t) => cloud.items(t)));
    const sealed = tables
      .flat()
      .filter(isOfPerson)
      .flatMap((item) => JSON.stringify(item).match(SEALED) ?? []);
    expect(sealed.length).toBeGreaterThan(0);
    for (const header of sealed) {
      const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
      expect(alg).toBe('ECDH-ES');
    }
  });
});

function jweHeader(alg: string): string {
  return Buffer.from(JSON.stringify({ alg, enc: 'A256GCM' })).toString('base64url');
}

function keyOf({ pk, sk }: StoredItem): string {
  return `${String(pk).replace(/#.*/, '#…')} ${sk}`;
}
