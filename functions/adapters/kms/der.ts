import { InvariantError } from '../../core/errors.ts';

/** Byte length of an ECDSA signature's R and S on P-256 (RFC 7518 §3.4). */
const COORDINATE_BYTES = 32;

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * KMS answers with `SEQUENCE { INTEGER r, INTEGER s }` in DER (RFC 3279 §2.2.3); JOSE wants
 * `r || s`, each in 32 bytes (RFC 7518 §3.4). Throws on anything else.
 */
export function derToJose(der: Uint8Array): Uint8Array {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) {
    throw new InvariantError('the signature is no DER sequence');
  }
  const r = readInteger(der, 2);
  const s = readInteger(der, r.end);
  if (s.end !== der.length) throw new InvariantError('the signature has trailing bytes');
  return Buffer.concat([toCoordinate(r.bytes), toCoordinate(s.bytes)]);
}

/** Two integers of at most 33 bytes: every length fits one byte. */
function readInteger(der: Uint8Array, start: number): { bytes: Uint8Array; end: number } {
  const length = der[start + 1] ?? 0;
  const end = start + 2 + length;
  if (der[start] !== INTEGER || length === 0 || end > der.length) {
    throw new InvariantError('the signature holds no DER integer');
  }
  return { bytes: der.subarray(start + 2, end), end };
}

/** DER drops leading zeros and adds one before a high bit; a coordinate has a fixed length. */
function toCoordinate(integer: Uint8Array): Uint8Array {
  const firstDigit = integer.findIndex((byte) => byte !== 0);
  const digits = firstDigit === -1 ? new Uint8Array() : integer.subarray(firstDigit);
  if (digits.length > COORDINATE_BYTES) throw new InvariantError('the signature is not of P-256');
  const coordinate = new Uint8Array(COORDINATE_BYTES);
  coordinate.set(digits, COORDINATE_BYTES - digits.length);
  return coordinate;
}
