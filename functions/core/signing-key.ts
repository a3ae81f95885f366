import type { PublicJwk, SigningAlgorithm } from './client.ts';
import type { EpochSeconds } from './time.ts';

export const SIGNING_ALGORITHMS: ReadonlyArray<SigningAlgorithm> = ['RS256', 'ES256'];

/**
 * `created`: KMS has it, nobody else knows it yet. `next`: published, so that every verifier has it
 * before it signs. `active`: signs; one per algorithm. `retiring`: signs no more, but what it signed
 * is still valid. `gone`: published no more; KMS deletes it.
 */
export type SigningKeyState = 'created' | 'next' | 'active' | 'retiring' | 'gone';

const PUBLISHED_STATES: ReadonlySet<SigningKeyState> = new Set(['next', 'active', 'retiring']);

/** A generation of one algorithm's key, the same in every region. */
export interface SigningKey {
  /** JWK thumbprint (RFC 7638). */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  /** `mrk-…`, without a region: names the key, or its replica, wherever KMS is asked. */
  readonly keyId: string;
  readonly jwk: PublicJwk & { readonly kid: string };
  readonly state: SigningKeyState;
  /** The rotation that made it; a tag of the KMS key says the same. */
  readonly generation: string;
  readonly createdAt: EpochSeconds;
  /** Since when it is in its state. */
  readonly since: EpochSeconds;
  /** When KMS was told to delete it. Only of keys that are gone. */
  readonly deletionScheduledAt?: EpochSeconds;
  /** Gone in an emergency: somebody else may have signed with it. */
  readonly isRevoked?: true;
}

/**
 * What signs: the youngest active key. A transaction reaches the directory's replicas item by item;
 * where the new key has not come yet and the old one has left already, that one signs on, which is
 * published still. Undefined when there is neither.
 */
export function findSigningKey(
  keys: ReadonlyArray<SigningKey>,
  algorithm: SigningAlgorithm,
): SigningKey | undefined {
  const candidates = keys
    .filter((key) => key.algorithm === algorithm)
    .toSorted((one, other) => other.since - one.since);
  return (
    candidates.find(({ state }) => state === 'active') ??
    candidates.find(({ state }) => state === 'retiring')
  );
}

/** Whether a key of each algorithm is active: otherwise a transaction is still on its way here. */
export function areComplete(keys: ReadonlyArray<Pick<SigningKey, 'algorithm' | 'state'>>): boolean {
  return SIGNING_ALGORITHMS.every((algorithm) =>
    keys.some((key) => key.algorithm === algorithm && key.state === 'active'),
  );
}

/** Whether the JWK Set has it (RFC 7517 §5). */
export function isPublished(key: Pick<SigningKey, 'state'>): boolean {
  return PUBLISHED_STATES.has(key.state);
}

/**
 * Whether a signature of that key still shows who made it. Apps keep ID tokens for as long as their
 * own sessions last, and send them as hints long after the key that signed them has gone in order.
 */
export function isTrustedForHints(key: Pick<SigningKey, 'state' | 'isRevoked'>): boolean {
  return isPublished(key) || (key.state === 'gone' && key.isRevoked !== true);
}
