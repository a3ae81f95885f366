import type { KMSClient } from '@aws-sdk/client-kms';
import type { EvidenceSigner } from '../../core/ports/evidence-signer.ts';
import type { EvidenceKeys } from '../dynamodb/evidence-keys.ts';
import { signCompact } from './compact-jws.ts';

interface EvidenceSignerDeps {
  readonly kms: KMSClient;
  readonly evidenceKeys: EvidenceKeys;
}

/** Signs with the evidence key, or its replica of the own region. Throws UnavailableError. */
export function createEvidenceSigner({ kms, evidenceKeys }: EvidenceSignerDeps): EvidenceSigner {
  return {
    async sign(typ, claims) {
      const key = await evidenceKeys.load();
      return signCompact(kms, key, { claims, algorithm: 'ES256', typ });
    },
  };
}
