import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Client } from '../../core/client.ts';
import { ASSERTION_ALGORITHMS } from '../../core/client-keys.ts';
import type { VerifyAssertion } from '../../core/ports/clients.ts';

/** For a client whose clock is ahead; below the margin for which a `jti` is remembered. */
const CLOCK_TOLERANCE_SECONDS = 10;

type KeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * Verifies signature, issuer, subject, audience and times of a `private_key_jwt` (RFC 7523 §3)
 * with the client's registered keys.
 */
export function createAssertionVerifier(audiences: ReadonlyArray<string>): VerifyAssertion {
  // Registrations are cached objects: imported keys live as long as they do.
  const keySets = new WeakMap<Client, KeySet>();

  return async (client, assertion, now) => {
    if (client.jwks === undefined) return undefined;
    const keySet = keySets.get(client) ?? createLocalJWKSet({ keys: [...client.jwks.keys] });
    keySets.set(client, keySet);
    const payload = await verify(assertion, keySet, client.clientId, audiences, now);
    const { jti, exp } = payload ?? {};
    return jti === undefined || exp === undefined ? undefined : { jti, exp };
  };
}

async function verify(
  assertion: string,
  keySet: KeySet,
  clientId: string,
  audiences: ReadonlyArray<string>,
  now: number,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(assertion, keySet, {
      algorithms: [...ASSERTION_ALGORITHMS],
      issuer: clientId,
      subject: clientId,
      audience: [...audiences],
      requiredClaims: ['exp', 'jti'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now * 1000),
    });
    // One audience, so that nobody else who receives the assertion can present it to us.
    return typeof payload.aud === 'string' ? payload : undefined;
  } catch (error) {
    // jose throws TypeErrors for keys that do not suit the algorithm.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}
