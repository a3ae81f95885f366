/** What can be opened with a key that somebody has, in whatever form it stands. */
import {
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';
import type { SecretKey } from './markers-keys.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const BLOCK_BYTES = 16;
/** A marker at least. */
const SMALLEST_BODY = 8;

/** A compact JWE, or `<iv>.<ciphertext>.<tag>` alone; runs of base64 and hexadecimal otherwise. */
const JWE = /(?:eyJ[\w-]+\.[\w-]*\.)?[\w-]{16}\.[\w-]{11,}\.[\w-]{22}(?![\w-])/g;
const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{48,}={0,2}/g;

/** Where alone a JWE can stand, which few texts have. */
const DOTTED_RUN = /(?<![\w.-])[\w.-]{51,}/g;

/** What in a text may be ciphertext. */
export function findBlobs(text: string): ReadonlyArray<string> {
  const sealed = (text.match(DOTTED_RUN) ?? []).flatMap((run) => run.match(JWE) ?? []);
  return [...new Set([...sealed, ...(text.match(RUN) ?? [])])];
}

export interface Opened {
  /** Its name. */
  readonly key: string;
  readonly plaintext: Buffer;
}

/**
 * AES-GCM's plaintexts of each blob under every key, as all formats of ours lay it out. Tags are not
 * checked, so that associated data need not be known: under a wrong key it is noise, most of which
 * is left out (`hasText`).
 */
export function openAll(
  keys: ReadonlyArray<SecretKey>,
  blobs: Iterable<string>,
): ReadonlyMap<string, ReadonlyArray<Opened>> {
  const opened = new Map<string, Array<Opened>>();
  for (const blob of blobs) opened.set(blob, []);
  const sealed = sealedIn(opened.keys());
  const addressed = [...opened.keys()].flatMap((blob) => {
    const epk = findEphemeralKey(blob);
    return epk === undefined ? [] : [{ epk, sealed: sealedIn([blob]) }];
  });
  const add = (key: string, { blob, plaintext }: { blob: string; plaintext: Buffer }) =>
    opened.get(blob)?.push({ key, plaintext });
  for (const { name, key, publicKey } of keys) {
    if (publicKey === undefined) {
      for (const one of decrypt(sealed, key)) add(name, one);
      continue;
    }
    const agree = createAgreement(key, publicKey);
    for (const { epk, sealed: own } of addressed) {
      for (const one of decrypt(own, agree(epk))) add(name, one);
    }
  }
  return opened;
}

/** Ciphertexts, and the blocks that their keystream is made of, one behind another. */
interface Sealed {
  readonly bodies: ReadonlyArray<{ readonly blob: string; readonly body: Buffer }>;
  readonly counters: Buffer;
}

/** GCM counts blocks of 16 bytes from 2, behind its 12 bytes of IV (NIST SP 800-38D §7.1). */
function sealedIn(blobs: Iterable<string>): Sealed {
  const layouts = [...blobs].flatMap((blob) => layoutsOf(blob).map((one) => ({ blob, ...one })));
  const counters = layouts.map(({ iv, body }) => {
    const blocks = Buffer.alloc(sizeOfBlocks(body));
    for (let at = 0; at < blocks.length; at += BLOCK_BYTES) {
      iv.copy(blocks, at);
      blocks.writeUInt32BE(2 + at / BLOCK_BYTES, at + IV_BYTES);
    }
    return blocks;
  });
  return { bodies: layouts, counters: Buffer.concat(counters) };
}

function sizeOfBlocks({ length }: Buffer): number {
  return Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
}

/** A million pairs of key and blob: the keystream of all blobs is asked for at once. */
function decrypt({ bodies, counters }: Sealed, key: Uint8Array) {
  const keystream = createCipheriv('aes-256-ecb', key, null).update(counters);
  const told: Array<{ blob: string; plaintext: Buffer }> = [];
  let start = 0;
  for (const { blob, body } of bodies) {
    const stream = keystream.subarray(start, start + body.length);
    if (hasText(body, stream)) {
      told.push({ blob, plaintext: Buffer.from(body.map((byte, at) => byte ^ (stream[at] ?? 0))) });
    }
    start += sizeOfBlocks(body);
  }
  return told;
}

/**
 * Whether eight bytes in a row are of what markers and blobs stand in (`IN_TEXT`): of a hundred
 * random bytes they are once in thirty times.
 */
function hasText(body: Buffer, stream: Buffer): boolean {
  for (let end = SMALLEST_BODY - 1; end < body.length; ) {
    let at = end;
    while (at > end - SMALLEST_BODY && isInText((body[at] ?? 0) ^ (stream[at] ?? 0))) at -= 1;
    if (at === end - SMALLEST_BODY) return true;
    end = at + SMALLEST_BODY;
  }
  return false;
}

/** Whoever looks for something else, or for less than eight characters, would not find it. */
export const IN_TEXT = /^[\0\x20-\x7e]{8,}$/;

function isInText(byte: number): boolean {
  return byte === 0 || (byte >= 0x20 && byte <= 0x7e);
}

/** `epk` of a JWE's header (RFC 7518 §4.6.1.1). Files may hold half of one, and much that is none. */
function findEphemeralKey(blob: string): KeyObject | undefined {
  const [header = ''] = blob.split('.');
  if (!header.startsWith('eyJ')) return undefined;
  try {
    const { epk } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return createPublicKey({ key: epk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** What `ECDH-ES` with `A256GCM` derives (RFC 7518 §4.6.2) for whoever has the private key. */
function createAgreement(key: Uint8Array, publicKey: string): (epk: KeyObject) => Uint8Array {
  const d = Buffer.from(key).toString('base64url');
  const own = { kty: 'OKP', crv: 'X25519', x: publicKey, d };
  const privateKey = createPrivateKey({ key: own, format: 'jwk' });
  const uint32 = (value: number) => Buffer.from([0, 0, value >> 8, value & 255]);
  const algorithm = Buffer.from('A256GCM');
  return (epk) => {
    const agreed = diffieHellman({ privateKey, publicKey: epk });
    return createHash('sha256')
      .update(Buffer.concat([uint32(1), agreed, uint32(algorithm.length), algorithm]))
      .update(Buffer.concat([uint32(0), uint32(0), uint32(256)]))
      .digest();
  };
}

interface Layout {
  readonly iv: Buffer;
  readonly body: Buffer;
}

function layoutsOf(blob: string): ReadonlyArray<Layout> {
  const [iv, body, tag] = blob.split('.').slice(-3);
  if (iv !== undefined && body !== undefined && tag !== undefined) {
    return [{ iv: Buffer.from(iv, 'base64url'), body: Buffer.from(body, 'base64url') }];
  }
  const spellings = [Buffer.from(blob, 'base64')];
  if (/^([0-9a-f]{2})+$/i.test(blob)) spellings.push(Buffer.from(blob, 'hex'));
  return spellings.flatMap(layoutsOfBytes);
}

/** IV, ciphertext, tag; and as KMS has it: version, key id, IV, tag, ciphertext. */
function layoutsOfBytes(bytes: Buffer): ReadonlyArray<Layout> {
  const own = {
    iv: bytes.subarray(0, IV_BYTES),
    body: bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES),
  };
  const head = 2 + (bytes[1] ?? 0);
  const kms = {
    iv: bytes.subarray(head, head + IV_BYTES),
    body: bytes.subarray(head + IV_BYTES + TAG_BYTES),
  };
  const isKms = bytes[0] === 1;
  return [own, ...(isKms ? [kms] : [])].filter(({ body }) => body.length >= SMALLEST_BODY);
}
