import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { PublicJwk } from '../../core/client.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Item } from './account-items.ts';

/** The key that signs evidence: one for the life of the deployment. */
export interface EvidenceKey {
  /** Thumbprint of `jwk` (RFC 7638). */
  readonly kid: string;
  /** Of KMS, the same in every region. */
  readonly keyId: string;
  readonly jwk: PublicJwk;
}

export const EVIDENCE_KEY: Item = { pk: { S: 'EVIDENCE-KEY' }, sk: { S: 'EVIDENCE-KEY' } };

export function encodeEvidenceKey({ kid, keyId, jwk }: EvidenceKey): Item {
  return { ...EVIDENCE_KEY, ...marshall({ v: 1, kid, keyId, jwk }) };
}

/** What provisioning wrote; nobody else writes there. Throws InvariantError for anything else. */
export function decodeEvidenceKey(item: Item): EvidenceKey {
  const { kid, keyId, jwk } = unmarshall(item);
  if (typeof kid !== 'string' || typeof keyId !== 'string' || typeof jwk?.kty !== 'string') {
    throw new InvariantError('the evidence key is recorded in another shape');
  }
  return { kid, keyId, jwk };
}
