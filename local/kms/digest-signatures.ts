/** Signatures over a SHA-256 digest: node:crypto signs messages only, KMS signs digests too. */
import { constants, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { encodePss, verifyPss } from './emsa-pss.ts';

export type SigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256' | 'RSASSA_PSS_SHA_256' | 'ECDSA_SHA_256';

/** DigestInfo of SHA-256 up to the digest itself (RFC 8017 §9.2, note 1). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** KMS neither hashes a digest again nor keeps `s` in the lower half. */
const ECDSA = { prehash: false, lowS: false, format: 'der' } as const;

export function signDigest(key: KeyObject, algorithm: SigningAlgorithm, digest: Buffer): Buffer {
  switch (algorithm) {
    case 'RSASSA_PKCS1_V1_5_SHA_256':
      return privateEncrypt(pkcs1(key), Buffer.concat([DIGEST_INFO, digest]));
    case 'RSASSA_PSS_SHA_256':
      return privateEncrypt(unpadded(key), encodePss(digest, modulusBytes(key)));
    case 'ECDSA_SHA_256':
      return Buffer.from(p256.sign(digest, secretScalar(key), { ...ECDSA, extraEntropy: true }));
  }
}

export function verifyDigest(
  publicKey: KeyObject,
  algorithm: SigningAlgorithm,
  digest: Buffer,
  signature: Buffer,
): boolean {
  try {
    switch (algorithm) {
      case 'RSASSA_PKCS1_V1_5_SHA_256':
        return publicDecrypt(pkcs1(publicKey), signature).equals(
          Buffer.concat([DIGEST_INFO, digest]),
        );
      case 'RSASSA_PSS_SHA_256':
        return verifyPss(digest, publicDecrypt(unpadded(publicKey), signature));
      case 'ECDSA_SHA_256':
        return p256.verify(signature, digest, publicPoint(publicKey), ECDSA);
    }
  } catch {
    // A signature of the wrong length or shape is simply not one.
    return false;
  }
}

function pkcs1(key: KeyObject) {
  return { key, padding: constants.RSA_PKCS1_PADDING };
}

function unpadded(key: KeyObject) {
  return { key, padding: constants.RSA_NO_PADDING };
}

function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}

function secretScalar(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
}

/** Uncompressed point (SEC 1 §2.3.3). */
function publicPoint(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]);
}
