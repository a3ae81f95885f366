/** What a signature of evidence is for; `typ` of its header (RFC 7515 §4.1.9). */
export type EvidenceType = 'erasure-certificate+jwt' | 'consent-receipt+jwt' | 'audit-root+jwt';

/**
 * Signs with the deployment's evidence key, which lives as long as the deployment does and signs
 * nothing else: what it signed can be checked years later by `/.well-known/evidence-jwks.json`.
 */
export interface EvidenceSigner {
  /** Compact JWS, ES256. One KMS call. */
  sign(type: EvidenceType, claims: Readonly<Record<string, unknown>>): Promise<string>;
}
