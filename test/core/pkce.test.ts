import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import { verifiesCodeChallenge } from '../../functions/core/pkce.ts';

const UNRESERVED = [...'ABCxyz019-._~'];
const verifiers = fc
  .array(fc.constantFrom(...UNRESERVED), { minLength: 43, maxLength: 128 })
  .map((characters) => characters.join(''));

describe('PKCE (RFC 7636)', () => {
  it('accepts the example of appendix B', () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    expect(verifiesCodeChallenge(verifier, challenge, hashSecret)).toBe(true);
  });

  it('accepts every verifier for its own challenge and for no other', () => {
    fc.assert(
      fc.property(verifiers, verifiers, (verifier, other) => {
        const challenge = hashSecret(verifier);
        expect(verifiesCodeChallenge(verifier, challenge, hashSecret)).toBe(true);
        expect(verifiesCodeChallenge(other, challenge, hashSecret)).toBe(other === verifier);
      }),
    );
  });

  it.each([
    ['shorter than 43 characters', 'a'.repeat(42)],
    ['longer than 128 characters', 'a'.repeat(129)],
    ['with a character that is not unreserved', `${'a'.repeat(42)}+`],
    ['that is empty', ''],
  ])('refuses a verifier %s, even if its hash matches', (_what, verifier) => {
    expect(verifiesCodeChallenge(verifier, hashSecret(verifier), hashSecret)).toBe(false);
  });

  it('refuses the plain method: the challenge is never compared with the verifier itself', () => {
    const verifier = 'a'.repeat(43);
    expect(verifiesCodeChallenge(verifier, verifier, hashSecret)).toBe(false);
  });
});
