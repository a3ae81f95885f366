import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import type { AccessTokens } from '../../core/ports/access-tokens.ts';
import type { PublishedKeys } from '../../core/ports/signer.ts';

interface AccessTokensDeps {
  readonly publishedKeys: Pick<PublishedKeys, 'jwks'>;
  readonly issuer: string;
}

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** Verifies access tokens against the published keys (RFC 9068 §4): no AWS call once warm. */
export function createAccessTokens({ publishedKeys, issuer }: AccessTokensDeps): AccessTokens {
  const keySets = new WeakMap<object, KeySet>();

  async function loadKeySet(): Promise<KeySet> {
    const jwks = await publishedKeys.jwks();
    const known = keySets.get(jwks);
    if (known !== undefined) return known;
    const keySet = createLocalJWKSet({ keys: [...jwks.keys] } satisfies JSONWebKeySet);
    keySets.set(jwks, keySet);
    return keySet;
  }

  return {
    async verify(token, now) {
      const keySet = await loadKeySet();
      try {
        const { payload } = await jwtVerify(token, keySet, {
          typ: 'at+jwt',
          algorithms: ['ES256', 'RS256'],
          issuer,
          requiredClaims: ['sub', 'aud', 'exp', 'client_id'],
          currentDate: new Date(now * 1000),
        });
        return payload;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
