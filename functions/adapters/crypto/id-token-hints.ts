import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import type { ClientId, SessionId, Sub } from '../../core/ids.ts';
import type { IdTokenHint, IdTokenHints } from '../../core/ports/id-token-hints.ts';
import type { PublishedKeys } from '../../core/ports/signer.ts';

const MAX_LENGTH = 6144;

interface IdTokenHintsDeps {
  readonly publishedKeys: Pick<PublishedKeys, 'hintKeys'>;
  readonly issuer: string;
}

/**
 * Checks the signature of an `id_token_hint`; neither its expiry matters nor that its key has been
 * rotated since, only that it was not revoked (OIDC Core §3.1.2.1, RP-Initiated Logout 1.0 §2).
 */
export function createIdTokenHints({ publishedKeys, issuer }: IdTokenHintsDeps): IdTokenHints {
  return {
    async verify(idToken) {
      if (idToken.length > MAX_LENGTH) return undefined;
      const jwks = await publishedKeys.hintKeys();
      const keySet = createLocalJWKSet({ keys: [...jwks.keys] } satisfies JSONWebKeySet);
      try {
        const { payload, protectedHeader } = await compactVerify(idToken, keySet, {
          algorithms: ['RS256', 'ES256'],
        });
        // Access tokens are signed with the same keys and are no proof of a sign-in.
        if (protectedHeader.typ === 'at+jwt') return undefined;
        return readHint(new TextDecoder().decode(payload), issuer);
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

/** What was signed is our own JSON. */
function readHint(payload: string, issuer: string): IdTokenHint | undefined {
  const claims: Readonly<Record<string, unknown>> = JSON.parse(payload);
  const { iss, sub, aud, sid } = claims;
  if (iss !== issuer || typeof sub !== 'string' || typeof aud !== 'string') return undefined;
  return {
    sub: sub as Sub,
    clientId: aud as ClientId,
    ...(typeof sid === 'string' && { sessionId: sid as SessionId }),
  };
}
