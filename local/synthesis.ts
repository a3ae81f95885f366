import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLES_CONTEXT } from '../lib/names.ts';
import { withFileLock } from './file-lock.ts';

/** A cell of the local cloud: its name in the app's topology, and its region. */
export interface CellTopology {
  readonly name: string;
  readonly region: string;
}

export interface SynthesisOptions {
  /** Directory of `cdk.json`. */
  readonly root: string;
  readonly cells: ReadonlyArray<CellTopology>;
  /** CDK context besides the cells, over that of `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Finished assemblies are kept here, by the hash of everything that they are made from. */
  readonly cacheDirectory: string;
}

/** The app itself failed; the message holds what it printed. */
export class SynthesisError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SynthesisError';
  }
}

/** Directories and files that an assembly is made from. */
const SOURCES = ['bin', 'lib', 'functions', 'cdk.json', 'package-lock.json', 'tsconfig.json'];
const BUNDLE_APP = new URL('./bundle-app.ts', import.meta.url);
const SYNTHESIS_APP = new URL('./synthesis-app.ts', import.meta.url);
const KEPT_MS = 7 * 24 * 3600 * 1000;

/**
 * Runs the CDK app in a process of its own, so that the library's memory is given back, and answers
 * with the cloud assembly's directory. An app that has not changed since is not synthesized again.
 */
export async function synthesize(options: SynthesisOptions): Promise<string> {
  const { root, cells, context = {}, cacheDirectory } = options;
  const sources = createHash('sha256');
  for (const source of SOURCES) await hashTree(join(root, source), sources);
  const state = sources.digest('hex').slice(0, 16);
  const topology = createHash('sha256').update(JSON.stringify([cells, context, state]));
  return await provide(
    join(cacheDirectory, topology.digest('hex').slice(0, 16)),
    async (building) => {
      // Every topology deploys the same code.
      const bundles = await provide(join(cacheDirectory, `bundles-${state}`), (directory) =>
        runProgram(root, BUNDLE_APP, [directory]),
      );
      const all = { ...context, cells, [BUNDLES_CONTEXT]: bundles };
      await runProgram(root, SYNTHESIS_APP, [building, JSON.stringify(all)]);
      await forgetOldDirectories(cacheDirectory);
    },
  );
}

/**
 * The directory, made unless it is there. Tests in several processes ask at the same time: one works,
 * the others wait for its result. It is made beside its place and then moved: a run that is ended
 * halfway leaves no half of it.
 */
async function provide(
  directory: string,
  make: (building: string) => Promise<void>,
): Promise<string> {
  if (existsSync(directory)) {
    // What is in use is not old.
    await utimes(directory, new Date(), new Date());
    return directory;
  }
  await mkdir(dirname(directory), { recursive: true });
  return await withFileLock(`${directory}.lock`, async () => {
    if (existsSync(directory)) return directory;
    const building = `${directory}.building`;
    await rm(building, { recursive: true, force: true });
    await make(building);
    await rename(building, directory);
    return directory;
  });
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

function runProgram(root: string, program: URL, words: ReadonlyArray<string>): Promise<void> {
  const app = spawn(process.execPath, [fileURLToPath(program), ...words], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  app.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    app.once('error', reject);
    app.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new SynthesisError(`the CDK app cannot be synthesized:\n${printed.trim()}`));
    });
  });
}

/**
 * By the time of their last use, not by number: a running cloud loads its functions from the assembly that
 * it started with. They are moved away first: half of one must not be taken for a whole.
 */
async function forgetOldDirectories(cacheDirectory: string): Promise<void> {
  const names = (await readdir(cacheDirectory)).filter((name) => !name.includes('.'));
  for (const name of names) {
    const path = join(cacheDirectory, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs <= KEPT_MS) continue;
    await rename(path, `${path}.old`);
    await rm(`${path}.old`, { recursive: true, force: true });
  }
}
