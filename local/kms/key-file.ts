/** Where keys are kept over restarts with `--data`: one file for all regions, for its owner alone. */
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A key that no template declares, without its material. */
const madeKey = z.object({
  keyId: z.string(),
  region: z.string(),
  spec: z.enum(['SYMMETRIC_DEFAULT', 'RSA_2048', 'ECC_NIST_P256', 'HMAC_256']),
  multiRegion: z.enum(['PRIMARY', 'REPLICA']).optional(),
  description: z.string(),
  createdAtMs: z.number(),
  state: z.enum(['Enabled', 'Disabled', 'PendingDeletion', 'PendingReplicaDeletion']),
  deletesAtMs: z.number().optional(),
  pendingWindowDays: z.number().optional(),
  tags: z.record(z.string(), z.string()),
  policy: z.record(z.string(), z.unknown()).optional(),
});

const storedKeys = z.object({
  /** By key id, which related multi-Region keys share. */
  material: z.record(z.string(), z.object({ spec: z.string(), material: z.base64() })),
  made: z.array(madeKey),
  /** What a reset returns to. */
  seed: z.array(madeKey).optional(),
});

export type MadeKey = z.infer<typeof madeKey>;
export type StoredKeys = z.infer<typeof storedKeys>;

export interface KeyFile {
  /** Throws Error when the file is there and holds something else. */
  read(): Promise<StoredKeys>;
  /** Asks for the keys only when there is somewhere to write them. */
  write(keys: () => StoredKeys): Promise<void>;
}

/** Keeps nothing without a directory. */
export function openKeyFile(dataDirectory: string | undefined): KeyFile {
  if (dataDirectory === undefined) {
    return { read: async () => ({ material: {}, made: [] }), write: async () => undefined };
  }
  const file = join(dataDirectory, 'kms-keys.json');
  return {
    async read() {
      try {
        return storedKeys.parse(JSON.parse(await readFile(file, 'utf8')));
      } catch (error) {
        const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (isNew) return { material: {}, made: [] };
        throw new Error(`${file} does not hold KMS keys`, { cause: error });
      }
    },
    async write(keys) {
      await mkdir(dataDirectory, { recursive: true });
      // Written beside and then moved: a crash leaves the old keys or the new ones.
      await writeFile(`${file}.new`, JSON.stringify(keys(), undefined, 2), { mode: 0o600 });
      await chmod(`${file}.new`, 0o600);
      await rename(`${file}.new`, file);
    },
  };
}
