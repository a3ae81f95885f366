import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompletedResource } from './custom-resources.ts';
import type { SeededClient } from './seed.ts';
import type { TableSnapshot } from './snapshot.ts';

/** What a restart with `--data` continues from, besides the tables and keys themselves. */
export interface CloudState {
  readonly clockOffsetMs: number;
  readonly customResources: Readonly<Record<string, CompletedResource>>;
  readonly seed: ReadonlyArray<SeededClient>;
  /** The tables as they stood after seeding: what a reset restores. */
  readonly snapshot: ReadonlyArray<TableSnapshot>;
  /** Ports that URLs in registrations and tokens name. */
  readonly port: number;
}

export interface StateFile {
  read(): Promise<CloudState | undefined>;
  write(state: CloudState): Promise<void>;
}

/** Forgets at once without a directory. The file holds client secrets: for its owner's eyes only. */
export function openStateFile(directory: string | undefined): StateFile {
  if (directory === undefined) {
    return { read: async () => undefined, write: async () => undefined };
  }
  const file = join(directory, 'state.json');
  return {
    async read() {
      try {
        return JSON.parse(await readFile(file, 'utf8'));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(state) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
  };
}
