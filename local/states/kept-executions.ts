import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Execution } from './execution.ts';

/** Where executions are kept over restarts; nowhere without a directory. */
export interface KeptExecutions {
  read(): Promise<ReadonlyArray<Execution>>;
  /** Written a moment later, together with what else changes until then. */
  keep(list: () => ReadonlyArray<Execution>): void;
  flush(): Promise<void>;
}

const NOWHERE: KeptExecutions = {
  read: async () => [],
  keep: () => undefined,
  flush: async () => undefined,
};

export function keepExecutions(dataDirectory: string | undefined): KeptExecutions {
  if (dataDirectory === undefined) return NOWHERE;
  const file = join(dataDirectory, 'executions.json');
  let writing: Promise<void> | undefined;
  let latest: (() => ReadonlyArray<Execution>) | undefined;
  const write = async () => {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    while (latest !== undefined) {
      const text = JSON.stringify(latest());
      latest = undefined;
      // Written beside and then moved: a crash leaves the old file or the new one.
      await writeFile(`${file}.new`, text, { mode: 0o600 });
      await rename(`${file}.new`, file);
    }
    writing = undefined;
  };
  return {
    read: async () => {
      try {
        return JSON.parse(await readFile(file, 'utf8'));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
    },
    keep: (list) => {
      latest = list;
      writing ??= write();
    },
    flush: async () => {
      await writing;
    },
  };
}
