import type { PublicJwk, SigningAlgorithm } from '../client.ts';

export interface Signer {
  /** A compact JWS (RFC 7515 §7.1) signed by the active KMS key of that algorithm: one KMS call. */
  sign(
    claims: Readonly<Record<string, unknown>>,
    options: { algorithm: SigningAlgorithm; typ: 'JWT' | 'at+jwt' },
  ): Promise<string>;
}

export interface PublishedKeys {
  /** JWK Set (RFC 7517 §5) of `next`, `active` and `retiring` keys; cached in the container. */
  jwks(): Promise<{ keys: ReadonlyArray<PublicJwk> }>;
  /** Those, and what they have replaced in order: for ID tokens that come back as hints. */
  hintKeys(): Promise<{ keys: ReadonlyArray<PublicJwk> }>;
}
