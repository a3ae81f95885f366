import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Bytes of each digest that are kept: 18,000 of them catch one good password in 240,000. */
const PREFIX_BYTES = 4;

/** Whether a lower-case password is among the common ones. */
export type IsCommonPassword = (candidate: string) => boolean;

export async function readCommonPasswords(file: string): Promise<IsCommonPassword> {
  return searchIn(await readFile(file));
}

/** Binary search in sorted digests. */
export function searchIn(digests: Buffer): IsCommonPassword {
  return (candidate) => {
    const wanted = prefixOf(candidate);
    let low = 0;
    let high = digests.length / PREFIX_BYTES - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = digests.readUInt32BE(middle * PREFIX_BYTES);
      if (found === wanted) return true;
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  };
}

/** The digests of a list, sorted and without repetitions: what the file holds. */
export function encodeCommonPasswords(passwords: ReadonlyArray<string>): Buffer {
  const prefixes = [...new Set(passwords.map(prefixOf))].sort((a, b) => a - b);
  const bytes = Buffer.alloc(prefixes.length * PREFIX_BYTES);
  for (const [index, prefix] of prefixes.entries()) {
    bytes.writeUInt32BE(prefix, index * PREFIX_BYTES);
  }
  return bytes;
}

function prefixOf(password: string): number {
  return createHash('sha256').update(password).digest().readUInt32BE(0);
}
