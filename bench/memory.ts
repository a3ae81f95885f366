import type { FunctionPool } from '../local/lambda/function-pool.ts';
import type { TestCloud } from '../test/harness/cloud.ts';
import { changePassword, createSignedIn } from '../test/harness/journeys.ts';
import type { Flow } from './flow.ts';
import { FLOWS } from './flows.ts';
import { type FunctionProcess, startFunctionProcess } from './function-process.ts';
import type { Load } from './memory-model.ts';
import { type Stage, setStage } from './stage.ts';

/** What a surface's memory size has to be chosen for: the request that computes longest. */
export interface SurfaceLoad extends Load {
  readonly surface: string;
  readonly memoryMiB: number;
  /** Of Node's start and the import of the bundle: processor time of a cold start. */
  readonly importCpuMs: number;
  /** Most memory that its process held, whatever the request. */
  readonly peakMiB: number;
  /** In which the heaviest request was seen. */
  readonly flow: string;
}

/** Enough for a median that one disturbed run does not move. */
const RUNS = 15;

/** The first ones run code that V8 has not compiled yet, and fill caches. */
const WARM_UP_RUNS = 3;

const SURFACES = ['token', 'interaction', 'account', 'admin'];

type Act = Pick<Flow, 'name' | 'prepare'>;

/** What FLOWS lack, so that every surface has its heaviest request among them. */
const OTHER_ACTS: ReadonlyArray<Act> = [
  {
    name: 'password changed in the portal',
    prepare: async ({ cloud }) => {
      const { agent, person } = await createSignedIn(cloud);
      return () => changePassword(agent, person.password, `${person.password}, renewed`);
    },
  },
  {
    name: 'client registered by an operator',
    prepare:
      async ({ cloud }) =>
      () =>
        cloud.registerClient({
          client_name: 'A job',
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'client_secret_basic',
          scope: 'read',
        }),
  },
];

/** Runs every flow against functions in processes of their own; the cloud is of no use afterwards. */
export async function measureLoads(cloud: TestCloud): Promise<ReadonlyArray<SurfaceLoad>> {
  const { functions } = cloud.cloud.infrastructure;
  const processes = new Map<FunctionPool, FunctionProcess>();
  try {
    for (const surface of SURFACES) {
      const pool = functions.requireByName(`domicile-${surface}`);
      processes.set(pool, await startFunctionProcess(cloud, pool));
    }
    const heaviest = new Map<FunctionPool, Omit<SurfaceLoad, 'peakMiB'>>();
    for (const act of [...FLOWS, ...OTHER_ACTS]) {
      // Anew for each: so many sign-ups and recoveries are more than one address may ask for.
      await cloud.reset();
      for (const [pool, load] of await measureAct(act, await setStage(cloud), processes)) {
        const known = heaviest.get(pool);
        if (known === undefined || load.cpuMs > known.cpuMs) heaviest.set(pool, load);
      }
    }
    return [...heaviest].map(([pool, load]) => {
      const peaks = processes.get(pool)?.invocations.map(({ peakMiB }) => peakMiB) ?? [];
      return { ...load, peakMiB: Math.max(...peaks) };
    });
  } finally {
    for (const process of processes.values()) process.end();
  }
}

/** The heaviest request of an act, for each function that took part. */
async function measureAct(
  act: Act,
  stage: Stage,
  processes: ReadonlyMap<FunctionPool, FunctionProcess>,
): Promise<ReadonlyMap<FunctionPool, Omit<SurfaceLoad, 'peakMiB'>>> {
  const runs: Array<ReadonlyMap<FunctionPool, Load>> = [];
  for (let run = 0; run < WARM_UP_RUNS + RUNS; run += 1) {
    const perform = await act.prepare(stage);
    const before = new Map([...processes].map(([pool, one]) => [pool, one.invocations.length]));
    await perform();
    if (run < WARM_UP_RUNS) continue;
    runs.push(new Map([...processes].flatMap(([pool, one]) => heaviestSince(pool, one, before))));
  }
  return new Map(
    [...processes].flatMap(([pool, { importCpuMs }]) => {
      const loads = runs.flatMap((run) => run.get(pool) ?? []);
      if (loads.length === 0) return [];
      const { name, memoryMb: memoryMiB } = pool.definition;
      const surface = name.replace(/^domicile-/, '');
      const cpuMs = median(loads.map((load) => load.cpuMs));
      // Other work of this machine makes it longer, never shorter.
      const waitMs = Math.min(...loads.map((load) => load.waitMs));
      return [[pool, { surface, memoryMiB, importCpuMs, flow: act.name, cpuMs, waitMs }] as const];
    }),
  );
}

function heaviestSince(
  pool: FunctionPool,
  { invocations }: FunctionProcess,
  before: ReadonlyMap<FunctionPool, number>,
): ReadonlyArray<readonly [FunctionPool, Load]> {
  const [first] = invocations
    .slice(before.get(pool))
    .toSorted((a, b) => b.cpuMs - a.cpuMs)
    .map(({ cpuMs, durationMs }) => ({ cpuMs, waitMs: Math.max(0, durationMs - cpuMs) }));
  return first === undefined ? [] : [[pool, first]];
}

function median(values: ReadonlyArray<number>): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
