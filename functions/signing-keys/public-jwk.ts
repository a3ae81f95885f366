import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { PublicJwk, SigningAlgorithm } from '../core/client.ts';

/** A key of KMS as verifiers read it: `kid` by RFC 7638, members by RFC 7517 §4. */
export async function toPublicJwk(
  spki: Uint8Array,
  algorithm: SigningAlgorithm,
): Promise<PublicJwk & { readonly kid: string }> {
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const { kty = '', ...members } = await exportJWK(publicKey);
  const jwk = { kty, ...members };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithm, use: 'sig' };
}
