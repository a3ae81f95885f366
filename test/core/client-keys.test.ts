import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PublicJwk } from '../../functions/core/client.ts';
import { requireAssertionAlgorithm } from '../../functions/core/client-keys.ts';

function jwk(key: ReturnType<typeof generateKeyPairSync>['publicKey']): PublicJwk {
  const { kty = '', ...members } = key.export({ format: 'jwk' });
  return { kty, ...members };
}

const rsa = (modulusLength: number) => jwk(generateKeyPairSync('rsa', { modulusLength }).publicKey);
const ec = (namedCurve: string) => jwk(generateKeyPairSync('ec', { namedCurve }).publicKey);
const RSA = rsa(2048);
const P256 = ec('P-256');
const ED25519 = jwk(generateKeyPairSync('ed25519').publicKey);

describe('a key for private_key_jwt', () => {
  it.each<[string, PublicJwk, string]>([
    ['RSA of 2048 bits', RSA, 'RS256'],
    ['RSA with an alg', { ...RSA, alg: 'PS256' }, 'PS256'],
    ['P-256', P256, 'ES256'],
    ['Ed25519', ED25519, 'EdDSA'],
    ['Ed25519 by its newer name', { ...ED25519, alg: 'Ed25519' }, 'Ed25519'],
    ['one for verifying', { ...P256, use: 'sig', key_ops: ['verify'] }, 'ES256'],
  ])('may be %s', (_, key, algorithm) => {
    expect(requireAssertionAlgorithm(key)).toBe(algorithm);
  });

  it.each<[string, PublicJwk, string]>([
    ['RSA of 2047 bits', { ...RSA, n: shorterByOneBit(String(RSA['n'])) }, 'less than 2048 bits'],
    ['RSA of 1024 bits', rsa(1024), 'less than 2048 bits'],
    ['RSA of 1024 bits behind zeros', padded(rsa(1024)), 'less than 2048 bits'],
    ['RSA without a modulus', { kty: 'RSA', e: 'AQAB' }, 'less than 2048 bits'],
    ['RSA for RS512', { ...RSA, alg: 'RS512' }, 'not for one of'],
    ['P-384', ec('P-384'), 'not for one of'],
    ['P-256 that says RS256', { ...P256, alg: 'RS256' }, 'not for one of'],
    ['a secret', { kty: 'oct', k: 'AAAA' }, 'a private key'],
    ['a private key without its d', { ...RSA, p: 'AAAA' }, 'a private key'],
    ['one for encryption', { ...P256, use: 'enc' }, 'not for signatures'],
    ['one for signing alone', { ...P256, key_ops: ['sign'] }, 'not for signatures'],
  ])('is not %s', (_, key, reason) => {
    expect(() => requireAssertionAlgorithm(key)).toThrow(reason);
  });
});

function shorterByOneBit(modulus: string): string {
  const bytes = Buffer.from(modulus, 'base64url');
  bytes[0] = 0x7f;
  return bytes.toString('base64url');
}

function padded(key: PublicJwk): PublicJwk {
  const modulus = Buffer.from(String(key['n']), 'base64url');
  return { ...key, n: Buffer.concat([Buffer.alloc(200), modulus]).toString('base64url') };
}
