import type { PublicJwk, SigningAlgorithm } from './client.ts';

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
  /** ISO 8601. */
  readonly createdAt: string;
  /** Since when it is in its state, ISO 8601. */
  readonly since: string;
  /** When KMS was told to delete it, ISO 8601. Only of keys that are gone. */
  readonly deletionScheduledAt?: string;
}

/** Whether the JWK Set has it (RFC 7517 §5). */
export function isPublished(key: Pick<SigningKey, 'state'>): boolean {
  return PUBLISHED_STATES.has(key.state);
}
