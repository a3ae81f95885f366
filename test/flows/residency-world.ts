/** Three cells and what happens in them until nothing is left that somebody at home could do elsewhere. */
import { vi } from 'vitest';
import type { App } from '../harness/apps.ts';
import { registerApp } from '../harness/apps.ts';
import { challengeIdsIn, listenForFlows } from '../harness/challenge-ids.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { askRecovery } from '../harness/journeys.ts';
import { keepKeyrings } from '../harness/kept-keyrings.ts';
import { type Marker, MarkerFinder } from '../harness/markers.ts';
import { collectKeys, type SecretKey } from '../harness/markers-keys.ts';
import { type Observation, observe } from '../harness/markers-stores.ts';
import { createAudits } from './audits.ts';
import { withFewCountries } from './cell-countries.ts';
import { requireAt } from './insisting.ts';
import { createRotations } from './key-rotations.ts';
import { comeInstead, returnByPushedRequest } from './residency-hints.ts';
import {
  arrive,
  findNobodyHome,
  leave,
  mistakeTheCell,
  newBrowser,
  newMarked,
  newPopulation,
  type Population,
  recover,
  renewTokens,
  returnByHandOver,
  signUpElsewhere,
  type Traveller,
  useTokens,
} from './residency-people.ts';
import { erase, exerciseRights, type Subject } from './residency-rights.ts';
import { identify, openSignUpAt, requireUrl } from './residents.ts';

export const CELLS = ['eu', 'us', 'ap'];
export const PRIMARY = 'eu';

export interface World {
  readonly cloud: TestCloud;
  readonly app: App;
  readonly populations: ReadonlyArray<Population>;
  /** In the order of their arrival. */
  readonly travellers: Array<Traveller>;
  /** Those who have asked for everything that there is to ask, and are gone. */
  readonly subjects: Array<Subject>;
  readonly observation: Observation;
  /** Of all pushed requests: each opens one, and stands in no table. */
  readonly references: Array<string>;
  /** Reads everything, and keeps the keys of whoever is there now. */
  sweep(): Promise<void>;
  /** With every key that there has been at a sweep. */
  finder(markers: ReadonlyArray<Marker>): MarkerFinder;
}

/** Nobody is there yet; everything from here on is observed. */
export async function openWorld(dataDirectory: string): Promise<World> {
  const cloud = await startTestCloud({
    ...{ cells: CELLS, dataDirectory, transformTemplate: withFewCountries },
    parameters: {
      ...{ OneTimeCodeMailsPerHour: '20', OneTimeCodeMailsPerHourAndSource: '10000' },
      ...{ SignInFailureLimit: '100', ErasureGraceDays: '0', AuditArchive: 'governance' },
    },
  });
  const app = await registerApp(cloud, { metadata: { domicile_first_party: false } });
  await cloud.flushReplication();
  const observation = observe(cloud);
  const keys = new Map<string, SecretKey>();
  const findKeyrings = keepKeyrings(cloud);
  const references: Array<string> = [];
  const flows = new Set<string>();
  vi.stubGlobal('fetch', listenForFlows(flows));
  return {
    ...{
      cloud,
      app,
      observation,
      populations: CELLS.map(newPopulation),
      travellers: [],
      subjects: [],
      references,
    },
    async sweep() {
      await observation.sweep();
      const keyrings = await findKeyrings();
      const challenges = await challengeIdsIn(cloud, flows, keyrings);
      for (const one of await collectKeys(cloud, { references, challenges, keyrings })) {
        keys.set(Buffer.from(one.key).toString('hex'), one);
      }
    },
    finder: (markers) => new MarkerFinder(markers, [...keys.values()]),
  };
}

export function othersThan(cell: string): ReadonlyArray<string> {
  return CELLS.filter((name) => name !== cell);
}

/** Everything that a person does, entering through a cell that is not theirs. */
export async function liveThrough(
  { cloud, app, populations, travellers, references, sweep }: World,
  population: Population,
  entry: string,
): Promise<void> {
  const traveller = await arrive(cloud, population, { app, entry });
  travellers.push(traveller);
  await cloud.flushReplication();
  await useTokens(cloud, traveller, { app, others: othersThan(population.cell) });
  const agent = await returnByHandOver(cloud, traveller, { app, entry });
  for (const at of CELLS) {
    references.push(await returnByPushedRequest(cloud, traveller, agent, { app, at }));
  }
  await mistakeTheCell(cloud, traveller, entry);
  await signUpElsewhere(cloud, traveller, { app, entry });
  const resident = populations.find(({ cell }) => cell === entry);
  if (resident !== undefined) await comeInstead(cloud, traveller, resident, app);
  await askRecovery(newBrowser(cloud, population), traveller.person.email);
  await sweep();
  const person = await recover(cloud, traveller, entry);
  await sweep();
  await leave(cloud, { ...traveller, person }, { app, entry });
  await sweep();
  await cloud.advance(901);
}

/** Everybody signs up at home and at once comes back through cells that have not heard of it. */
export async function letReplicasLag({ cloud, app, ...world }: World): Promise<void> {
  cloud.setReplication({ paused: true });
  for (const population of world.populations) {
    const others = othersThan(population.cell);
    const traveller = await arrive(cloud, population, { app, entry: others[0] ?? '' });
    world.travellers.push(traveller);
    for (const entry of others) {
      const agent = await returnByHandOver(cloud, traveller, { app, entry });
      const place = { app, at: entry };
      world.references.push(await returnByPushedRequest(cloud, traveller, agent, place));
    }
  }
  await world.sweep();
  cloud.setReplication({ paused: false });
  await cloud.flushReplication();
  await cloud.advance(901);
}

/** One home after the other goes away, and its people and their apps try what they may. */
export async function takeCellsDown({ cloud, app, ...world }: World): Promise<void> {
  for (const traveller of world.travellers.slice(-CELLS.length)) {
    const { cell } = traveller.population;
    const fresh = await renewTokens(cloud, traveller, app);
    await cloud.setCell(cell, 'down');
    await cloud.advance(16);
    for (const entry of othersThan(cell)) await findNobodyHome(cloud, fresh, { app, entry });
    await world.observation.sweep();
    await cloud.setCell(cell, 'up');
    await cloud.advance(901);
  }
}

/** Registrations whose transactions fail, in the home and in the primary region. */
export async function disturbRegistrations({ cloud, populations, sweep }: World): Promise<void> {
  const transact = { service: 'dynamodb', operation: 'TransactWriteItems', times: 20 } as const;
  for (const population of populations) {
    for (const kind of ['error', 'throttle'] as const) {
      const agent = newBrowser(cloud, population);
      const person = newMarked(population);
      const form = await openSignUpAt(cloud, agent, population.cell);
      const verify = await agent.submit(form, '/sign-up', { ...person });
      const [code = ''] = cloud.requireMail(person.email).codes;
      cloud.fault({ ...transact, kind });
      const failed = await agent.submit(verify, '/verify', { code });
      if (failed.status < 500) throw new Error(`a registration was not disturbed by ${kind}`);
      cloud.clearFaults();
      await sweep();
      if (kind === 'error') requireAt(await agent.submit(verify, '/verify', { code }), '/account');
    }
  }
  // What was claimed and not confirmed has lapsed when the last of them come back.
  await cloud.advance(901);
  await sweep();
}

/** Choices, exports, holds and erasures, each through another cell than the home. */
export async function exerciseAllRights({ cloud, ...world }: World): Promise<void> {
  const entryOf = ({ cell }: Population) => othersThan(cell)[0] ?? '';
  for (const population of world.populations) {
    world.subjects.push(await exerciseRights(cloud, population, entryOf(population)));
  }
  // Before days pass: each hour is sealed by itself.
  for (const cell of CELLS) {
    const audits = createAudits(cloud, cell);
    await audits.sealAll();
    audits.close();
  }
  await world.sweep();
  for (const subject of world.subjects) {
    await erase(cloud, subject, entryOf(subject.population));
    await cloud.deliverStreams();
    await world.sweep();
  }
}

/** An orderly rotation and an emergency; afterwards people still arrive. */
export async function rotateKeys({ cloud, app, ...world }: World): Promise<void> {
  const rotations = createRotations(cloud);
  await rotations.finish(await rotations.start('on-demand'));
  await world.sweep();
  await rotations.start('emergency');
  rotations.close();
  await cloud.flushReplication();
  await cloud.advance(60);
  for (const population of world.populations) {
    const [entry = ''] = othersThan(population.cell);
    world.travellers.push(await arrive(cloud, population, { app, entry }));
  }
  await cloud.flushReplication();
  await world.sweep();
}

/** Addresses that nobody has are typed wherever one can; answers with who they belong to. */
export async function askForStrangers({ cloud, sweep }: World): Promise<ReadonlyArray<Marker>> {
  const strangers = CELLS.map((cell) => newPopulation(cell));
  for (const stranger of strangers) {
    const { email, password } = newMarked(stranger);
    for (const entry of CELLS) {
      const url = requireUrl(cloud, entry);
      const agent = newBrowser(cloud, stranger);
      const home = await identify(agent, await agent.get(`${url}/sign-in`), email);
      await agent.submit(home, '/sign-in', { email, password });
      cloud.setEntry(entry);
      await askRecovery(newBrowser(cloud, stranger), email);
    }
  }
  await sweep();
  return strangers.map(({ mark }) => ({ cell: mark, values: [mark] }));
}
