import { createHash } from 'node:crypto';
import { COMMON_PASSWORD_DIGESTS } from './common-password-digests.ts';

/** Bytes of each digest that are kept: 18,000 of them catch one good password in a thousand. */
const PREFIX_BYTES = 3;

const digests = Buffer.from(COMMON_PASSWORD_DIGESTS, 'base64');

/** Whether a lower-case password is among the common ones: binary search in sorted digests. */
export function isCommonPassword(candidate: string): boolean {
  const wanted = prefixOf(candidate);
  let low = 0;
  let high = digests.length / PREFIX_BYTES - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = digests.readUIntBE(middle * PREFIX_BYTES, PREFIX_BYTES);
    if (found === wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** The digests of a list, sorted and without repetitions, as `COMMON_PASSWORD_DIGESTS` has them. */
export function encodeCommonPasswords(passwords: ReadonlyArray<string>): string {
  const prefixes = [...new Set(passwords.map(prefixOf))].sort((a, b) => a - b);
  const bytes = Buffer.alloc(prefixes.length * PREFIX_BYTES);
  for (const [index, prefix] of prefixes.entries()) {
    bytes.writeUIntBE(prefix, index * PREFIX_BYTES, PREFIX_BYTES);
  }
  return bytes.toString('base64');
}

function prefixOf(password: string): number {
  return createHash('sha256').update(password).digest().readUIntBE(0, PREFIX_BYTES);
}
