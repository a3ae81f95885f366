import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CompletedResource } from './custom-resources.ts';
import { tryFileLock } from './file-lock.ts';
import type { SeededClient } from './seed.ts';
import type { TableSnapshot } from './snapshot.ts';
import type { CellTopology } from './synthesis.ts';
import type { InboxMessage } from './types.ts';

/** What a restart with `--data` continues from, besides the tables and keys themselves. */
export interface CloudState {
  /** In their order: what is kept has its places among these, and no others. */
  readonly cells: ReadonlyArray<CellTopology>;
  readonly clockOffsetMs: number;
  readonly customResources: Readonly<Record<string, CompletedResource>>;
  readonly seed: ReadonlyArray<SeededClient>;
  /** The tables as they stood after seeding: what a reset restores. */
  readonly snapshot: ReadonlyArray<TableSnapshot>;
}

/** The data directory cannot be used; the message says why, in one sentence. */
export class DataDirectoryError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DataDirectoryError';
  }
}

/** Throws DataDirectoryError: a person's home cannot be taken away by a flag. */
export function requireSameCells(
  path: string | undefined,
  before: CloudState | undefined,
  cells: ReadonlyArray<CellTopology>,
): void {
  const describe = (all: ReadonlyArray<CellTopology>) =>
    all.map(({ name, region }) => `${name} ${region}`).join();
  if (before === undefined || describe(before.cells) === describe(cells)) return;
  const names = before.cells.map(({ name }) => name).join(',');
  throw new DataDirectoryError(
    `${path} was made with --cells ${names}; start with these, or choose another directory`,
  );
}

/** Remembers nothing without a directory. The files hold secrets: for their owner's eyes only. */
export interface DataDirectory {
  readState(): Promise<CloudState | undefined>;
  writeState(state: CloudState): Promise<void>;
  readInbox(): Promise<ReadonlyArray<InboxMessage>>;
  writeInbox(messages: ReadonlyArray<InboxMessage>): Promise<void>;
  close(): Promise<void>;
}

const NOWHERE: DataDirectory = {
  readState: async () => undefined,
  writeState: async () => undefined,
  readInbox: async () => [],
  writeInbox: async () => undefined,
  close: async () => undefined,
};

/** Throws DataDirectoryError when it is no directory of ours, or another local cloud runs on it. */
export async function openDataDirectory(path: string | undefined): Promise<DataDirectory> {
  if (path === undefined) return NOWHERE;
  await makeDirectory(resolve(path)).catch((cause: unknown) => {
    throw new DataDirectoryError(`${path} cannot be made a directory`, cause);
  });
  const release = await tryFileLock(join(path, 'lock')).catch((cause: unknown) => {
    throw new DataDirectoryError(`${path} cannot be written to`, cause);
  });
  if (release === undefined) {
    throw new DataDirectoryError(`another local cloud is running on ${path}`);
  }
  const state = join(path, 'state.json');
  const inbox = join(path, 'inbox.json');
  return {
    readState: () => readJson<CloudState | undefined>(state, undefined),
    writeState: (value) => writeJson(state, value),
    readInbox: () => readJson<ReadonlyArray<InboxMessage>>(inbox, []),
    writeInbox: (messages) => writeJson(inbox, messages),
    close: release,
  };
}

/**
 * Not `recursive`: Node then tries for ever where there is a directory but none can be made in it
 * and the answer is ENOENT, as under `/proc`.
 */
async function makeDirectory(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  if (dirname(path) !== path) await makeDirectory(dirname(path));
  await mkdir(path, { mode: 0o700 });
}

async function readJson<Value>(file: string, otherwise: Value): Promise<Value> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise;
    throw new DataDirectoryError(
      `${file} cannot be read; remove its directory to begin anew`,
      error,
    );
  }
}

/** Written beside and then moved: a crash leaves the old file or the new one. */
async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
