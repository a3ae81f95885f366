/**
 * Three cells full of people, each of whom carries a marker of their home in everything that they
 * are; then every store of every region is read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { hmacIdentifier } from '../../functions/adapters/crypto/hash.ts';
import { type App, refresh, registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { askRecovery } from '../harness/journeys.ts';
import { type Finding, MarkerFinder } from '../harness/markers.ts';
import { collectKeys, keyringsOf, type SecretKey } from '../harness/markers-keys.ts';
import { type Observation, observe, readFiles } from '../harness/markers-stores.ts';
import { withFewCountries } from './cell-countries.ts';
import { requireStatus } from './insisting.ts';
import { createRotations } from './key-rotations.ts';
import {
  arrive,
  leave,
  mistakeTheCell,
  newBrowser,
  newMarked,
  newPopulation,
  type Population,
  recover,
  returnByHandOver,
  signUpElsewhere,
  type Traveller,
  useTokens,
} from './residency-people.ts';
import { headingOf, identify, requireUrl } from './residents.ts';

const CELLS = ['eu', 'us', 'ap'];
const PRIMARY = 'eu';

const dataDirectory = mkdtempSync(join(tmpdir(), 'residency-'));
const populations = CELLS.map(newPopulation);
const travellers: Array<Traveller> = [];
let cloud: TestCloud;
let app: App;
let observation: Observation;
let keys: ReadonlyArray<SecretKey> = [];
let isClosed = false;

const othersThan = (cell: string) => CELLS.filter((name) => name !== cell);

/** Reads everything, and keeps the keys of whoever is there now. */
async function sweep(): Promise<void> {
  await observation.sweep();
  keys = [...keys, ...(await collectKeys(cloud))];
}

beforeAll(async () => {
  cloud = await startTestCloud({
    ...{ cells: CELLS, dataDirectory, transformTemplate: withFewCountries },
    parameters: {
      ...{ OneTimeCodeMailsPerHour: '20', OneTimeCodeMailsPerHourAndSource: '10000' },
      SignInFailureLimit: '100',
    },
  });
  app = await registerApp(cloud, { metadata: { domicile_first_party: false } });
  await cloud.flushReplication();
  observation = observe(cloud);
  for (const population of populations) {
    for (const entry of othersThan(population.cell)) await liveThrough(population, entry);
  }
  await letReplicasLag();
  await takeCellsDown();
  await disturbRegistrations();
  await rotateKeys();
}, 300_000);
afterAll(async () => {
  vi.restoreAllMocks();
  if (!isClosed) await cloud?.close();
  rmSync(dataDirectory, { recursive: true });
});

/** Everything that a person does, entering through a cell that is not theirs. */
async function liveThrough(population: Population, entry: string): Promise<void> {
  const others = othersThan(population.cell);
  const traveller = await arrive(cloud, population, { app, entry });
  travellers.push(traveller);
  await cloud.flushReplication();
  await useTokens(cloud, traveller, { app, others });
  await returnByHandOver(cloud, traveller, { app, entry });
  await mistakeTheCell(cloud, traveller, entry);
  await signUpElsewhere(cloud, traveller, { app, entry });
  await askRecovery(newBrowser(cloud, population), traveller.person.email);
  await sweep();
  const { person } = await recover(cloud, traveller, entry);
  await sweep();
  await leave(cloud, { ...traveller, person }, { app, entry });
  await sweep();
  await cloud.advance(901);
}

/** Somebody signs up at home and at once comes back through cells that have not heard of it. */
async function letReplicasLag(): Promise<void> {
  cloud.setReplication({ paused: true });
  for (const population of populations) {
    const [entry = ''] = othersThan(population.cell);
    const traveller = await arrive(cloud, population, { app, entry });
    travellers.push(traveller);
    for (const cell of othersThan(population.cell)) {
      await returnByHandOver(cloud, traveller, { app, entry: cell });
    }
  }
  await sweep();
  cloud.setReplication({ paused: false });
  await cloud.flushReplication();
  await cloud.advance(901);
}

/** Their home away, people and their apps try what they may. */
async function takeCellsDown(): Promise<void> {
  for (const { population, person, refreshToken } of travellers.slice(-CELLS.length)) {
    await cloud.setCell(population.cell, 'down');
    await cloud.advance(16);
    for (const cell of othersThan(population.cell)) {
      const url = requireUrl(cloud, cell);
      requireStatus(await refresh({ issuer: url }, app, refreshToken), 503, 'home is down');
      const agent = newBrowser(cloud, population);
      const away = await identify(agent, await agent.get(`${url}/sign-in`), person.email);
      expect(headingOf(away)).toBe('One of our regions does not answer');
      const recovery = await agent.get(`${url}/recover`);
      await agent.submit(recovery, '/recover', { email: person.email });
      const form = await agent.get(`${url}/sign-up?at=${cell}`);
      await agent.submit(form, '/sign-up', { ...person });
    }
    await observation.sweep();
    await cloud.setCell(population.cell, 'up');
    await cloud.advance(901);
  }
}

/** Failing services of the primary region have their say in logs. */
async function disturbRegistrations(): Promise<void> {
  const region = cloud.regions[PRIMARY] ?? '';
  const transact = { service: 'dynamodb', operation: 'TransactWriteItems', region } as const;
  for (const population of populations) {
    for (const kind of ['error', 'throttle'] as const) {
      const url = requireUrl(cloud, population.cell);
      const agent = newBrowser(cloud, population);
      const form = await agent.get(`${url}/sign-up?at=${population.cell}`);
      const person = newMarked(population);
      cloud.fault({ ...transact, kind, times: 20 });
      const verify = await agent.submit(form, '/sign-up', { ...person });
      const [code = '000000'] = cloud.inbox(person.email)[0]?.codes ?? [];
      if (new URL(verify.url).pathname === '/verify')
        await agent.submit(verify, '/verify', { code });
      cloud.clearFaults();
    }
  }
  await sweep();
}

async function rotateKeys(): Promise<void> {
  const rotations = createRotations(cloud);
  await rotations.finish(await rotations.start('on-demand'));
  await sweep();
  await rotations.start('emergency');
  rotations.close();
  await cloud.flushReplication();
  await cloud.advance(60);
  for (const population of populations) {
    const [entry = ''] = othersThan(population.cell);
    travellers.push(await arrive(cloud, population, { app, entry }));
  }
  await cloud.flushReplication();
  await sweep();
}

function finder(): MarkerFinder {
  const distinct = new Map(keys.map((one) => [Buffer.from(one.key).toString('hex'), one]));
  const markers = populations.map(({ marker }) => marker);
  return new MarkerFinder(markers, [...distinct.values()]);
}

const isAbroad = ({ cell, region }: Finding) => region !== cloud.regions[cell];

describe('of people at home in three cells, who have done all that they can through the others,', () => {
  let findings: ReadonlyArray<Finding>;
  beforeAll(() => {
    findings = finder().findAll(observation.seen());
  }, 120_000);

  it('nothing is found outside their home: in no table, stream, log, mail, call or execution', () => {
    expect(findings.filter(isAbroad)).toEqual([]);
  });

  it('what is found at home shows that it would have been found elsewhere', () => {
    for (const cell of CELLS) {
      const own = findings.filter((finding) => finding.cell === cell);
      const by = own.map(({ store, by: key }) => `${store}: ${key}`).sort();
      expect(by).toEqual(
        expect.arrayContaining([
          `domicile-data-${cell}: cell-sealing of ${cell} for challenge`,
          `domicile-data-${cell}: cell-sealing of ${cell} for user-agent`,
          `domicile-data-${cell}: data key of somebody in ${cell}`,
          `stream of domicile-data-${cell}: data key of somebody in ${cell}`,
          'mail: clear',
          'asked of ses:SendEmail: clear',
          'asked of lambda:Invoke: clear',
        ]),
      );
    }
  });

  it('at home nothing is in clear but mails, what is handed on there, and what apps chose', () => {
    const clear = findings.filter(({ by }) => by === 'clear').map(({ store }) => store);
    expect([...new Set(clear)].sort()).toEqual([
      '/_local/api/inbox',
      ...['asked of dynamodb:PutItem', 'asked of dynamodb:TransactWriteItems'],
      ...['asked of lambda:Invoke', 'asked of ses:SendEmail'],
      ...CELLS.map((cell) => `domicile-data-${cell}`).sort(),
      'mail',
      ...CELLS.map((cell) => `stream of domicile-data-${cell}`).sort(),
    ]);
    const nonces = populations.map(({ mark }) => `"nonce-${mark}"`);
    for (const { store, text } of observation.seen()) {
      if (!/domicile-data|dynamodb/.test(store)) continue;
      const rest = nonces.reduce((left, nonce) => left.replaceAll(nonce, ''), text);
      for (const { mark } of populations) expect(rest).not.toContain(mark);
    }
  });

  it('their ids rest abroad in the directory alone, and no log of another cell tells of them', () => {
    const abroad = [...observation.seen()].filter(
      ({ store, text, region }) =>
        !store.startsWith('asked of') &&
        travellers.some(
          ({ sub, population }) => region !== cloud.regions[population.cell] && text.includes(sub),
        ),
    );
    expect([...new Set(abroad.map(({ store }) => store))].sort()).toEqual([
      'domicile-directory',
      'stream of domicile-directory',
    ]);
  });
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
  z.strictObject({
    pk: z.string().regex(/^SUB#[\w-]{22}$/),
    sk: z.literal('SUB'),
    ...{ v, sub: id, cell },
  }),
]);
const OTHER_ITEMS = ['CLIENT', 'CLIENTS', 'KEYRING', 'SIGNING-KEYS'];

describe('the directory', () => {
  it.each(CELLS)(
    'holds keyed hashes, ids and cells alone of people, as %s has it',
    async (name) => {
      const items = await cloud.items('directory', name);
      const isOther = ({ pk }: { pk?: unknown }) =>
        OTHER_ITEMS.includes(String(pk).split('#')[0] ?? '');
      const people = items.filter((item) => !isOther(item));
      expect(people.length).toBeGreaterThanOrEqual(2 * travellers.length);
      for (const item of people) expect(PersonItem.safeParse(item).error).toBeUndefined();
    },
  );

  it('hashes addresses with a key that no table has', async () => {
    const names = new Set((await cloud.items('directory')).map(({ pk }) => pk));
    const pepper = (await keyringsOf(cloud, PRIMARY).loadShared()).key('identifier-pepper');
    for (const { person } of travellers) {
      expect(names).toContain(`IDENTIFIER#1.${hmacIdentifier(pepper, 'email', person.email)}`);
      expect(names).not.toContain(
        `IDENTIFIER#1.${hmacIdentifier(new Uint8Array(32), 'email', person.email)}`,
      );
    }
  });
});

describe('on disk', () => {
  it('nothing is found outside the files of its home, once all has been written', async () => {
    await cloud.close();
    isClosed = true;
    const files = await readFiles(dataDirectory, Object.values(cloud.regions));
    expect(files.length).toBeGreaterThan(10);
    const findings = finder().findAll(files);
    expect(findings.filter(isAbroad)).toEqual([]);
    for (const name of CELLS) {
      expect(findings.some((finding) => finding.cell === name)).toBe(true);
    }
  });
});
