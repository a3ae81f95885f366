/** Replays of restored copies, cut off at any AWS call and redriven. */
import { expect } from 'vitest';
import { z } from 'zod';
import type { ReplayInput } from '../../functions/core/erasure/steps.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';
import { actOfReplay } from '../../functions/erasure/replay.ts';
import type { TestCloud } from '../harness/cloud.ts';
import type { RestoredTable } from '../harness/cloud-stores.ts';
import { type Cut, type Places, sharesOf } from './cut-off-places.ts';
import { cutOff, someAtATime } from './cut-off-workflows.ts';
import type { Erasures } from './erasures.ts';
import type { Planted } from './planted-people.ts';

/** What is restored: tables of the cell, or the directory by itself. */
export type Copied = ReadonlyArray<'data' | 'keys'> | readonly ['directory'];

export interface ReplayWorld {
  readonly cloud: TestCloud;
  readonly cell: string;
  /** Of the cell. */
  readonly erasures: Erasures;
  /** Who was erased after `wholeMs`. */
  readonly people: ReadonlyArray<Planted>;
  /** When nobody had been: every copy is from then. */
  readonly wholeMs: number;
  /** What is done to a copy before it is replayed. */
  readonly prepare?: (copy: RestoredTable) => Promise<void>;
}

type Replay = Omit<ReplayInput, 'step'> & { readonly name: string };

/**
 * One that nothing disturbs, then one for each cut, each on copies of its own. All end with the same
 * copies, and each has told of everybody. Answers what the copies hold in the end, as text.
 */
export async function cutOffReplays(world: ReplayWorld, copied: Copied) {
  const { cloud, erasures, people } = world;
  const counted = watch(cloud);
  const undisturbed = await begin(world, copied, `${copied.join('-')}-whole`);
  await erasures.finishAll([undisturbed.name]);
  counted.stop();
  const places = counted.placesOf(undisturbed.name, ['replay']);
  const wanted = await textsOf(world, undisturbed);

  const shares = sharesOf(places);
  const plans = new Map(shares.map((cuts) => [`${copied.join('-')}-cut-${cuts.join('-')}`, cuts]));
  const watched = watch(cloud, { plans, places });
  const replays = await someAtATime([...plans.keys()], (name) => begin(world, copied, name));
  await erasures.finishAll(replays.map(({ name }) => name));
  watched.stop();
  expect(watched.missed()).toEqual([]);
  const tellings = await findTellings(world);
  for (const replay of [undisturbed, ...replays]) {
    const { name } = replay;
    const { status, redrives, output } = erasures.view(name);
    const expected = { status: 'SUCCEEDED', redrives: plans.get(name)?.length ?? 0 };
    expect({ name, status, redrives }).toEqual({ name, ...expected });
    expect(output).toMatchObject({ entries: people.length });
    const untold = people.filter(({ sub }) => !tellings.some((told) => told(replay, sub)));
    expect({ name, untold }).toEqual({ name, untold: [] });
    expect(await textsOf(world, replay)).toEqual(wanted);
  }
  return { texts: wanted };
}

/** By the name of the run, as the copies that it is sent are called. */
function watch(
  cloud: TestCloud,
  cutting: {
    plans?: ReadonlyMap<string, ReadonlyArray<Cut>>;
    places?: Places;
  } = {},
) {
  return cutOff(cloud, {
    ...{ functionName: 'domicile-erasure', ...cutting },
    subjectOf: ({ table, keysTable, directoryTable }) =>
      String(table ?? keysTable ?? directoryTable).replace(/^.*-restored-/, ''),
  });
}

async function begin(world: ReplayWorld, copied: Copied, name: string): Promise<Replay> {
  const { cloud, cell, erasures, wholeMs, prepare } = world;
  const secondsAgo = Math.ceil((cloud.cloud.clock.nowMs() - wholeMs) / 1000);
  const since = new Date(wholeMs).toISOString();
  const copies: { table?: string; keysTable?: string; directoryTable?: string } = {};
  for (const table of copied) {
    // The directory's in the primary region, wherever the cell is.
    const where = table === 'directory' ? {} : { cell };
    const mark = table === 'directory' ? table : (`${table}-${cell}` as const);
    const target: RestoredTable = `domicile-${mark}-restored-${name}`;
    await cloud.restore({ table, secondsAgo, target, ...where });
    await prepare?.(target);
    copies[INPUTS[table]] = target;
  }
  await erasures.start('domicile-erasure-replay', { ...copies, since }, name);
  return { ...copies, name };
}

const INPUTS = { data: 'table', keys: 'keysTable', directory: 'directoryTable' } as const;

async function textsOf(
  { cloud, cell }: ReplayWorld,
  { table, keysTable, directoryTable }: Replay,
): Promise<ReadonlyArray<string>> {
  const tables = [
    ...[table, keysTable].flatMap((name) => (name === undefined ? [] : [{ name, where: cell }])),
    ...(directoryTable === undefined ? [] : [{ name: directoryTable, where: undefined }]),
  ];
  const read = tables.map(({ name, where }) => cloud.items(name as RestoredTable, where));
  return (await Promise.all(read))
    .flat()
    .map((item) => JSON.stringify(item))
    .toSorted();
}

const Told = z.object({
  act: z.object({ id: z.string(), kind: z.literal('erasure.replayed'), at: z.number() }),
});

/** Of each act that is on record: whether it tells of this person and these copies. */
async function findTellings({ cloud, cell }: ReplayWorld) {
  const items = await cloud.items('data', cell);
  return items.flatMap((item) => {
    const { act } = Told.safeParse(item).data ?? {};
    if (act === undefined) return [];
    // Its id is of a day: a run may have gone on after midnight.
    return [
      ({ name: _, ...input }: Replay, sub: Sub) =>
        actOfReplay({ step: 'replay', ...input }, sub, act.at as EpochSeconds).id === act.id,
    ];
  });
}
