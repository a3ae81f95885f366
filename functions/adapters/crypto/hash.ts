import {
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from 'node:crypto';
import type { IdentifierHash, SecretHash } from '../../core/ids.ts';

/** SHA-256, base64url: enough for secrets of 128 random bits and more, which nobody can guess. */
export function hashSecret(secret: string): SecretHash {
  return createHash('sha256').update(secret).digest('base64url') as SecretHash;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** A random string of `bytes` bytes, base64url. 16 bytes suffice for any id or secret. */
export function randomToken(bytes = 16): string {
  return randomBytes(bytes).toString('base64url');
}

/** An id of 128 bits that follows from what it is given for: made again, it is the same. */
export function derivedId(...of: ReadonlyArray<string>): string {
  return hashSecret(of.join(':')).slice(0, 22);
}

/** A random integer from 0 up to, and without, `limit`; every one as likely. */
export function randomBelow(limit: number): number {
  return randomInt(limit);
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
export function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** A key of 256 bits for one use of another key: HKDF-SHA-256 (RFC 5869). */
export function deriveKey(key: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', use, 32));
}

/**
 * `HMAC-SHA-256(pepper, kind ":" value)`, base64url. The kind keeps the hash of an address as an
 * identifier apart from the hash that keys its counters.
 */
export function hmacIdentifier(pepper: Uint8Array, kind: string, value: string): IdentifierHash {
  const mac = createHmac('sha256', pepper).update(`${kind}:${value}`);
  return mac.digest('base64url') as IdentifierHash;
}
