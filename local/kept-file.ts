import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A JSON file of the data directory. Throws SyntaxError when it is none. */
export async function readJsonFile<Value>(file: string): Promise<Value | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a value that changes often. */
export interface FileKeeper<Value> {
  /** Written a moment later, together with what else changes until then. */
  keep(latest: () => Value): void;
  flush(): Promise<void>;
}

/** The file holds secrets: for its owner's eyes only. */
export function keepJsonFile<Value>(file: string): FileKeeper<Value> {
  let writing: Promise<void> | undefined;
  let latest: (() => Value) | undefined;
  const write = async () => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
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
    keep: (value) => {
      latest = value;
      writing ??= write();
    },
    flush: async () => {
      await writing;
    },
  };
}
