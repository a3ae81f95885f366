import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What a reference leads to; each has keys of its own. */
type ReferenceUse = 'pushed-request' | 'challenge';

/**
 * AES-256-GCM under a key that follows from a random reference: whoever has all that is stored,
 * keyrings included, reads nothing without the reference. IV, ciphertext, tag.
 */
export function encryptUnder(reference: string, plaintext: string, use: ReferenceUse): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveReferenceKey(reference, use), iv);
  return Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the ciphertext was altered or the reference is another's. */
export function decryptUnder(reference: string, sealed: Uint8Array, use: ReferenceUse): string {
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  const body = sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', deriveReferenceKey(reference, use), iv, {
    authTagLength: TAG_BYTES,
  }).setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}

/** Apart from the reference's SHA-256, which is stored. */
export function deriveReferenceKey(reference: string, use: ReferenceUse): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', reference, '', use, 32));
}
