/** What can be opened with a key that somebody has, in whatever form it stands. */
import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';
import type { SecretKey } from './markers-keys.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** A marker at least. */
const SMALLEST_BODY = 8;

/** A compact JWE, or `<iv>.<ciphertext>.<tag>` alone; runs of base64 and hexadecimal otherwise. */
const JWE = /(?:eyJ[\w-]+\.[\w-]*\.)?[\w-]{16}\.[\w-]{11,}\.[\w-]{22}(?![\w-])/g;
const RUN = /[A-Za-z0-9+/_-]{48,}={0,2}/g;

/** What in a text may be ciphertext. */
export function findBlobs(text: string): ReadonlyArray<string> {
  return [...new Set([...(text.match(JWE) ?? []), ...(text.match(RUN) ?? [])])];
}

export interface Opened {
  /** Its name. */
  readonly key: string;
  readonly plaintext: Buffer;
}

/**
 * AES-GCM's plaintext under every key, as all formats of ours lay it out. Tags are not checked, so
 * that associated data need not be known: under a wrong key it is noise.
 */
export function openedBy(keys: ReadonlyArray<SecretKey>, blob: string): ReadonlyArray<Opened> {
  const layouts = layoutsOf(blob);
  const epk = findEphemeralKey(blob);
  return keys.flatMap((secret) => {
    const key = secret.publicKey === undefined ? secret.key : epk && agreeOn(secret, epk);
    if (key === undefined) return [];
    return layouts.map(({ iv, body }) => ({
      key: secret.name,
      plaintext: createDecipheriv('aes-256-gcm', key, iv).update(body),
    }));
  });
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

/** What `ECDH-ES` with `A256GCM` derives (RFC 7518 §4.6.2). */
function agreeOn({ key, publicKey = '' }: SecretKey, epk: KeyObject): Uint8Array {
  const d = Buffer.from(key).toString('base64url');
  const own = { kty: 'OKP', crv: 'X25519', x: publicKey, d };
  const privateKey = createPrivateKey({ key: own, format: 'jwk' });
  const agreed = diffieHellman({ privateKey, publicKey: epk });
  const uint32 = (value: number) => Buffer.from([0, 0, value >> 8, value & 255]);
  const algorithm = Buffer.from('A256GCM');
  return createHash('sha256')
    .update(Buffer.concat([uint32(1), agreed, uint32(algorithm.length), algorithm]))
    .update(Buffer.concat([uint32(0), uint32(0), uint32(256)]))
    .digest();
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
