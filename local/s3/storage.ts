import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredRecord } from './object-version.ts';

/**
 * Where a bucket's bytes and records are kept, under names that have nothing to do with the keys of
 * its objects: a key is never a path.
 */
export interface ObjectStorage {
  /** What a run before kept; bytes that no record names are removed. */
  load(): Promise<ReadonlyArray<StoredRecord>>;
  /** Whole or not at all, one after another. */
  save(record: StoredRecord): Promise<void>;
  remove(recordId: string): Promise<void>;
  writeBlob(id: string, bytes: Uint8Array): Promise<void>;
  /** Bytes from `start` up to but not including `end`. */
  readBlob(id: string, start: number, end: number): AsyncIterable<Uint8Array>;
  removeBlob(id: string): Promise<void>;
  clear(): Promise<void>;
}

export function createMemoryStorage(): ObjectStorage {
  const blobs = new Map<string, Uint8Array>();
  return {
    load: async () => [],
    save: async () => undefined,
    remove: async () => undefined,
    writeBlob: async (id, bytes) => {
      blobs.set(id, bytes);
    },
    async *readBlob(id, start, end) {
      yield (blobs.get(id) ?? new Uint8Array()).subarray(start, end);
    },
    removeBlob: async (id) => {
      blobs.delete(id);
    },
    clear: async () => blobs.clear(),
  };
}

const RECORD = '.json';
const BLOB = '.bytes';

/** Files for their owner's eyes only: `<id>.json` and `<id>.bytes`. */
export async function openFileStorage(directory: string): Promise<ObjectStorage> {
  const begin = () => mkdir(directory, { recursive: true, mode: 0o700 });
  await begin();
  const place = (id: string, ending: string) => join(directory, `${id}${ending}`);
  let last: Promise<unknown> = Promise.resolve();
  // An upload's parts arrive side by side and change one record.
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    load: () => load(directory),
    save: (record) =>
      inTurn(() => writeWhole(place(record.id, RECORD), Buffer.from(JSON.stringify(record)))),
    remove: (id) => inTurn(() => rm(place(id, RECORD), { force: true })),
    writeBlob: (id, bytes) => writeWhole(place(id, BLOB), bytes),
    async *readBlob(id, start, end) {
      // The end of a stream counts in, that of a range here does not.
      if (end > start) yield* createReadStream(place(id, BLOB), { start, end: end - 1 });
    },
    removeBlob: (id) => rm(place(id, BLOB), { force: true }),
    clear: () =>
      inTurn(async () => {
        await rm(directory, { recursive: true, force: true });
        await begin();
      }),
  };
}

async function load(directory: string): Promise<ReadonlyArray<StoredRecord>> {
  const names = await readdir(directory);
  const records = await Promise.all(
    names.filter((name) => name.endsWith(RECORD)).map((name) => readRecord(join(directory, name))),
  );
  const named = new Set(records.flatMap(blobsOf).map(({ id }) => `${id}${BLOB}`));
  const isLeftOver = (name: string) => !name.endsWith(RECORD) && !named.has(name);
  await Promise.all(names.filter(isLeftOver).map((name) => rm(join(directory, name))));
  return records;
}

async function readRecord(file: string): Promise<StoredRecord> {
  return JSON.parse(await readFile(file, 'utf8'));
}

export function blobsOf(record: StoredRecord) {
  if (record.kind === 'delete-marker') return [];
  return record.kind === 'upload' ? record.parts.flatMap(({ blobs }) => blobs) : record.blobs;
}

/** Written beside and then moved: a crash leaves the old file or the new one. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${file}.new`, bytes, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function collectBytes(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Array<Uint8Array> = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
