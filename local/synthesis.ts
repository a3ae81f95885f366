import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
const KEPT_MS = 7 * 24 * 3600 * 1000;

/**
 * Runs the CDK app in a process of its own, so that the library's memory is given back, and answers
 * with the cloud assembly's directory. An app that has not changed since is not synthesized again.
 */
export async function synthesize(options: SynthesisOptions): Promise<string> {
  const { root, cells, context = {}, cacheDirectory } = options;
  const hash = createHash('sha256').update(JSON.stringify([cells, context]));
  for (const source of SOURCES) await hashTree(join(root, source), hash);
  const directory = join(cacheDirectory, hash.digest('hex').slice(0, 16));
  const isFinished = () => existsSync(join(directory, 'manifest.json'));
  if (isFinished()) return directory;

  await mkdir(cacheDirectory, { recursive: true });
  // Tests in several processes ask at the same time: one works, the others wait for its result.
  return await withFileLock(`${directory}.lock`, async () => {
    if (!isFinished()) await build(options, directory);
    return directory;
  });
}

/** Built beside its place and then moved: a run that is ended halfway leaves no half assembly. */
async function build(options: SynthesisOptions, directory: string) {
  const { root, cells, context, cacheDirectory } = options;
  const building = `${directory}.building`;
  await rm(building, { recursive: true, force: true });
  await runApp(root, building, { ...context, cells, 'aws:cdk:enable-asset-metadata': true });
  await rm(directory, { recursive: true, force: true });
  await rename(building, directory);
  await forgetOldAssemblies(cacheDirectory);
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

function runApp(root: string, outdir: string, context: object): Promise<void> {
  const entry = fileURLToPath(new URL('./synthesis-app.ts', import.meta.url));
  const app = spawn(process.execPath, [entry, outdir, JSON.stringify(context)], {
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

/** By age, not by number: a running cloud loads its functions from the assembly that it started with. */
async function forgetOldAssemblies(cacheDirectory: string): Promise<void> {
  const names = (await readdir(cacheDirectory)).filter((name) => !name.includes('.'));
  for (const name of names) {
    const path = join(cacheDirectory, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}
