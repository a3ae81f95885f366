import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLES_CONTEXT } from '../lib/names.ts';
import type { ContextCell } from '../lib/topology-context.ts';
import { takeFileLock } from './file-lock.ts';
import { bundle, type Synthesis, startSynthesis } from './synthesis-process.ts';

/** A cell of the local cloud: its name in the app's topology, and its region. */
export interface CellTopology {
  readonly name: string;
  readonly region: string;
}

/** What an assembly is of. */
export interface AssemblyTopology {
  readonly cells: ReadonlyArray<ContextCell>;
  /** CDK context besides the cells, over that of `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface SynthesisOptions extends AssemblyTopology {
  /** Directory of `cdk.json`. */
  readonly root: string;
  /** Finished assemblies are kept here, by the hash of everything that they are made from. */
  readonly cacheDirectory: string;
  /**
   * Others that are asked for soon: made in the same breath, if this one has to be made. To load the
   * library takes longer than to make one more.
   */
  readonly alongside?: ReadonlyArray<AssemblyTopology>;
}

/** Directories and files that an assembly is made from. */
const SOURCES = [
  ...['bin', 'lib', 'functions', 'cdk.json', 'package-lock.json', 'tsconfig.json'],
  ...['local/bundle-app.ts', 'local/synthesis-app.ts', 'local/synthesis-process.ts'],
];
const KEPT_MS = 7 * 24 * 3600 * 1000;

/**
 * Runs the CDK app and answers with the cloud assembly's directory. An app that has not changed
 * since is not synthesized again. Tests in several processes ask at the same time: one works, the
 * others wait for its result.
 */
export async function synthesize(options: SynthesisOptions): Promise<string> {
  const { root, cacheDirectory, alongside = [] } = options;
  const state = await stateOf(root);
  const place = (topology: AssemblyTopology) => join(cacheDirectory, nameOf(topology, state));
  const directory = place(options);
  await mkdir(cacheDirectory, { recursive: true });
  const lock = join(cacheDirectory, `${state}.lock`);
  const release = await takeFileLock(lock, () => !existsSync(directory));
  if (release === undefined) {
    // What is in use is not old.
    await utimes(directory, new Date(), new Date());
    return directory;
  }
  let synthesis: Synthesis | undefined;
  try {
    await forgetOldDirectories(cacheDirectory);
    // Every topology deploys the same code.
    const bundles = await provideBundles(root, join(cacheDirectory, `bundles-${state}`));
    // Whoever is asked for may be among the others.
    const contexts = new Map(
      [options, ...alongside].map((topology) => [
        place(topology),
        { ...topology.context, cells: topology.cells, [BUNDLES_CONTEXT]: bundles },
      ]),
    );
    const plans = [...contexts].map(([made, context]) => ({ directory: made, context }));
    synthesis = startSynthesis(
      root,
      plans.filter((plan) => !existsSync(plan.directory)),
    );
    await synthesis.first;
    return directory;
  } finally {
    // Others may still be in the making.
    if (synthesis === undefined) await release();
    else void synthesis.over.then(release);
  }
}

const states = new Map<string, Promise<string>>();

/** Looked at once by each process: it runs by the sources that it has loaded, whatever they become. */
function stateOf(root: string): Promise<string> {
  const state = states.get(root) ?? hashSources(root);
  states.set(root, state);
  return state;
}

async function hashSources(root: string): Promise<string> {
  const sources = createHash('sha256');
  for (const source of SOURCES) await hashTree(join(root, source), sources);
  return sources.digest('hex').slice(0, 16);
}

function nameOf({ cells, context = {} }: AssemblyTopology, state: string): string {
  const topology = createHash('sha256').update(JSON.stringify([cells, context, state]));
  return topology.digest('hex').slice(0, 16);
}

/** Made beside its place and then moved: a run that is ended halfway leaves no half of it. */
async function provideBundles(root: string, directory: string): Promise<string> {
  if (existsSync(directory)) {
    await utimes(directory, new Date(), new Date());
    return directory;
  }
  const building = `${directory}.building`;
  await rm(building, { recursive: true, force: true });
  await bundle(root, building);
  await rename(building, directory);
  return directory;
}

async function hashTree(path: string, hash: ReturnType<typeof createHash>): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  hash.update(path);
  if (!found.isDirectory()) {
    hash.update(await readFile(path));
    return;
  }
  for (const name of (await readdir(path)).sort()) await hashTree(join(path, name), hash);
}

/**
 * By the time of their last use, not by number: a running cloud loads its functions from the assembly that
 * it started with. They are moved away first: half of one must not be taken for a whole.
 */
async function forgetOldDirectories(cacheDirectory: string): Promise<void> {
  const names = (await readdir(cacheDirectory)).filter((name) => !name.endsWith('.lock'));
  for (const name of names) {
    const path = join(cacheDirectory, name);
    // Who makes those of other sources moves them meanwhile.
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs <= KEPT_MS) continue;
    await rename(path, `${path}.old`).catch(() => undefined);
    await rm(`${path}.old`, { recursive: true, force: true });
  }
}
