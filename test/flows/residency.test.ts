/**
 * Three cells full of people, each of whom carries a marker of their home in everything that they
 * are; then every store of every region is read. That the search can fail: residency-finder.test.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { hmacIdentifier } from '../../functions/adapters/crypto/hash.ts';
import type { Finding, Marker, MarkerFinder } from '../harness/markers.ts';
import { keyringsOf } from '../harness/markers-keys.ts';
import { readFiles } from '../harness/markers-stores.ts';
import {
  askForStrangers,
  CELLS,
  disturbRegistrations,
  exerciseAllRights,
  letReplicasLag,
  liveThrough,
  openWorld,
  othersThan,
  PRIMARY,
  rotateKeys,
  takeCellsDown,
  type World,
} from './residency-world.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'residency-'));
let world: World;
let strangers: ReadonlyArray<Marker>;
let finder: MarkerFinder;
/** Of everybody with a home; and of those who have none. */
let findings: ReadonlyArray<Finding>;
let findingsOfStrangers: ReadonlyArray<Finding>;
let close = async (): Promise<void> => undefined;

beforeAll(async () => {
  world = await openWorld(dataDirectory);
  close = world.cloud.close;
  for (const population of world.populations) {
    for (const entry of othersThan(population.cell)) await liveThrough(world, population, entry);
  }
  await letReplicasLag(world);
  await takeCellsDown(world);
  await disturbRegistrations(world);
  await exerciseAllRights(world);
  strangers = await askForStrangers(world);
  await rotateKeys(world);
  finder = world.finder([...world.populations.map(({ marker }) => marker), ...strangers]);
  const all = finder.findAll(world.observation.seen());
  findings = all.filter(hasHome);
  findingsOfStrangers = all.filter((finding) => !hasHome(finding));
}, 300_000);
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await close();
  rmSync(dataDirectory, { recursive: true });
});

const hasHome = ({ cell }: Finding) => CELLS.includes(cell);
const isAbroad = ({ cell, region }: Finding) => region !== world.cloud.regions[cell];

/** What is handed on there, mailed, exported, and kept in another's words. */
const MAY_BE_CLEAR =
  /^(\/_local\/api\/inbox|mail|bucket of (archive|exports)|asked of (dynamodb:(BatchWriteItem|PutItem|TransactWriteItems)|lambda:Invoke|ses:SendEmail)|(stream of )?domicile-(data|records)-\w+(-restored)?)$/;

describe('of people at home in three cells, who have done all that they can through the others,', () => {
  it('nothing is found outside their home: in no table, stream, log, mail, call or execution', () => {
    expect(findings.filter(isAbroad)).toEqual([]);
  });

  it.each(CELLS)('every kind of store of %s was read, and had something to tell', (cell) => {
    const region = world.cloud.regions[cell];
    const own = [...world.observation.seen()].filter((text) => text.region === region);
    expect([...new Set(own.map(({ store }) => store))]).toEqual(
      expect.arrayContaining([
        ...['domicile-directory', `domicile-data-${cell}`, `domicile-keys-${cell}`],
        ...['stream of domicile-directory', `stream of domicile-data-${cell}`],
        ...[`domicile-records-${cell}`, `domicile-data-${cell}-restored`],
        ...['bucket of exports', 'bucket of archive', 'bus', 'execution'],
        ...['token', 'interaction', 'account', 'privacy', 'privacy-admin'].map(
          (surface) => `log of domicile-${surface}`,
        ),
        ...['access log', 'call log', 'mail'],
        ...['inbox', 'logs', 'calls', 'requests', 'events'].map((path) => `/_local/api/${path}`),
        ...(cell === PRIMARY ? ['log of domicile-rotation'] : []),
      ]),
    );
  });

  it('what is found at home shows that it would have been found elsewhere', () => {
    for (const cell of CELLS) {
      const own = findings.filter((finding) => finding.cell === cell);
      const by = own.map(({ store, by: key }) => `${store}: ${key}`).sort();
      expect(by).toEqual(
        expect.arrayContaining([
          `domicile-data-${cell}: cell-sealing of ${cell} for challenge, id of a challenge`,
          `domicile-data-${cell}: label key of somebody in ${cell}`,
          `domicile-data-${cell}: data key of somebody in ${cell}`,
          `domicile-data-${cell}: reference of a pushed request`,
          `stream of domicile-data-${cell}: data key of somebody in ${cell}`,
          'mail: clear',
          'asked of ses:SendEmail: clear',
          'asked of lambda:Invoke: clear',
        ]),
      );
    }
  });

  it('at home nothing is in clear but mails, files of exports, and what apps and operators wrote', () => {
    const clear = findings.filter(({ by }) => by === 'clear').map(({ store }) => store);
    expect([...new Set(clear)].filter((store) => !MAY_BE_CLEAR.test(store))).toEqual([]);
    // The nonce of a grant, which its app has chosen; an operator's reason for a look-up.
    const words = world.populations.flatMap(({ mark }) => [`"nonce-${mark}"`, `letter-${mark}`]);
    const telling = [...world.observation.seen()].filter(({ store, text }) => {
      if (!/domicile-(data|records)|dynamodb|archive/.test(store)) return false;
      const rest = words.reduce((left, word) => left.replaceAll(word, ''), text);
      return world.populations.some(({ mark }) => rest.includes(mark));
    });
    expect(telling).toEqual([]);
  });

  it('their ids rest abroad in the directory alone, and no log of another cell tells of them', () => {
    const { travellers, subjects, cloud, observation } = world;
    const abroad = [...observation.seen()].filter(({ store, text, region }) => {
      if (store.startsWith('asked of')) return false;
      const told = withoutPath(text);
      return [...travellers, ...subjects].some(
        ({ sub, population }) => region !== cloud.regions[population.cell] && told.includes(sub),
      );
    });
    expect([...new Set(abroad.map(({ store }) => store))].sort()).toEqual([
      'domicile-directory',
      'stream of domicile-directory',
    ]);
  });
});

/** The access log of the template keeps the route alone, such as `/people/{sub}/holds`. */
function withoutPath(text: string): string {
  return text.replace(/"path":"[^"]*"/, '');
}

it('an address that nobody has rests, sealed, in one cell at most: the one that mails it so', () => {
  for (const { cell: stranger } of strangers) {
    const own = findingsOfStrangers.filter(({ cell }) => cell === stranger);
    expect(new Set(own.map(({ region }) => region)).size).toBe(1);
    const stores = own.filter(({ by }) => by === 'clear').map(({ store }) => store);
    expect([...new Set(stores)].sort()).toEqual([
      ...['/_local/api/inbox', 'asked of ses:SendEmail', 'mail'],
    ]);
  }
});

const id = z.string().regex(/^[\w-]{22}$/);
const cell = z.enum(CELLS);
const v = z.literal(1);
const PersonItem = z.union([
  z.strictObject({
    pk: z.string().regex(/^IDENTIFIER#1\.[\w-]{43}$/),
    sk: z.literal('IDENTIFIER'),
    ...{ v, sub: id, cell, createdAt: z.int() },
    pendingUntil: z.int().optional(),
  }),
  // Of somebody who was erased: nobody may have it yet.
  z.strictObject({
    pk: z.string().regex(/^IDENTIFIER#1\.[\w-]{43}$/),
    sk: z.literal('IDENTIFIER'),
    ...{ v, cell, quarantinedUntil: z.int(), expiresAt: z.int() },
  }),
  z.strictObject({
    pk: z.string().regex(/^SUB#[\w-]{22}$/),
    sk: z.literal('SUB'),
    ...{ v, sub: id, cell },
  }),
]);
/** Clients, and keys. */
const OTHER_ITEM = /^(CLIENT#[\w-]+|CLIENTS|KEYRING|SIGNING-KEYS|EVIDENCE-KEY)$/;

describe('the directory', () => {
  it.each(CELLS)(
    'holds keyed hashes, ids and cells alone of people, as %s has it',
    async (name) => {
      const items = await world.cloud.items('directory', name);
      const people = items.filter(({ pk }) => !OTHER_ITEM.test(String(pk)));
      expect(people.length).toBeGreaterThanOrEqual(2 * world.travellers.length);
      for (const item of people) expect(PersonItem.safeParse(item).error).toBeUndefined();
    },
  );

  it('hashes addresses with a key that no table has', async () => {
    const names = new Set((await world.cloud.items('directory')).map(({ pk }) => pk));
    const pepper = (await keyringsOf(world.cloud, PRIMARY).loadShared()).key('identifier-pepper');
    for (const { person } of world.travellers) {
      const hash = (key: Uint8Array) =>
        `IDENTIFIER#1.${hmacIdentifier(key, 'email', person.email)}`;
      expect(names).toContain(hash(pepper));
      expect(names).not.toContain(hash(new Uint8Array(32)));
    }
    const stored = [...world.observation.seen()].filter(({ store }) => !/^asked/.test(store));
    const spelled = ['base64', 'base64url', 'hex'] as const;
    for (const form of spelled.map((encoding) => Buffer.from(pepper).toString(encoding))) {
      expect(stored.some(({ text }) => text.includes(form))).toBe(false);
    }
  });
});

describe('on disk', () => {
  it('nothing is found outside the files of its home, once all has been written', async () => {
    await close();
    close = async () => undefined;
    const files = await readFiles(dataDirectory, Object.values(world.cloud.regions));
    expect(files.length).toBeGreaterThan(10);
    const found = finder.findAll(files).filter(hasHome);
    expect(found.filter(isAbroad)).toEqual([]);
    for (const name of CELLS) {
      expect(found.filter((finding) => finding.cell === name)).not.toEqual([]);
    }
  }, 180_000);
});
