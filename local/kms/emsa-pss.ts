/**
 * EMSA-PSS of RFC 8017 §9.1 for a digest made elsewhere, which node:crypto does not offer.
 * SHA-256 throughout; the salt is as long as the digest, as KMS has it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const HASH_BYTES = 32;
const TRAILER = 0xbc;

/** RFC 8017 §9.1.1, steps 4 to 12, for a modulus of `encodedBytes` × 8 bits. */
export function encodePss(digest: Buffer, encodedBytes: number): Buffer {
  const salt = randomBytes(HASH_BYTES);
  const hash = hashOf(digest, salt);
  const padding = Buffer.alloc(encodedBytes - 2 * HASH_BYTES - 2);
  const block = Buffer.concat([padding, Buffer.from([1]), salt]);
  return Buffer.concat([clearTopBit(mask(block, hash)), hash, Buffer.from([TRAILER])]);
}

/** RFC 8017 §9.1.2, steps 4 to 14. */
export function verifyPss(digest: Buffer, encoded: Buffer): boolean {
  const hash = encoded.subarray(-HASH_BYTES - 1, -1);
  const masked = encoded.subarray(0, -HASH_BYTES - 1);
  if (encoded.at(-1) !== TRAILER || (masked[0] ?? 0xff) > 0x7f) return false;
  const block = clearTopBit(mask(masked, hash));
  const padding = block.subarray(0, -HASH_BYTES - 1);
  if (padding.some((byte) => byte !== 0) || block.at(-HASH_BYTES - 1) !== 1) return false;
  return timingSafeEqual(hash, hashOf(digest, block.subarray(-HASH_BYTES)));
}

function hashOf(digest: Buffer, salt: Buffer): Buffer {
  return createHash('sha256').update(Buffer.alloc(8)).update(digest).update(salt).digest();
}

/** The encoded message has one bit less than the modulus. */
function clearTopBit(block: Buffer): Buffer {
  block[0] = (block[0] ?? 0) & 0x7f;
  return block;
}

/** XOR with MGF1 (RFC 8017 §B.2.1). */
function mask(block: Buffer, seed: Buffer): Buffer {
  const counters = Array.from({ length: Math.ceil(block.length / HASH_BYTES) }, (_, index) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(index);
    return createHash('sha256').update(seed).update(counter).digest();
  });
  const stream = Buffer.concat(counters);
  return Buffer.from(block.map((byte, index) => byte ^ (stream[index] ?? 0)));
}
