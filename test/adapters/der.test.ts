import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derToJose } from '../../functions/adapters/kms/der.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('DER to JOSE signatures (RFC 7518 §3.4)', () => {
  it('turns every signature of KMS into one that verifies as r || s', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (message) => {
        const jose = derToJose(sign('sha256', message, privateKey));
        expect(jose).toHaveLength(64);
        const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
        expect(verify('sha256', message, key, jose)).toBe(true);
      }),
    );
  });

  it('pads short integers and drops the sign byte', () => {
    const jose = derToJose(Uint8Array.of(0x30, 0x07, 0x02, 0x01, 0x05, 0x02, 0x02, 0x00, 0xff));
    expect(Buffer.from(jose).toString('hex')).toBe(`${'00'.repeat(31)}05${'00'.repeat(31)}ff`);
  });

  it('never returns anything but 64 bytes: what is not such a signature throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          expect(derToJose(bytes)).toHaveLength(64);
        } catch (error) {
          expect(String(error)).toMatch(/signature/);
        }
      }),
    );
  });
});
