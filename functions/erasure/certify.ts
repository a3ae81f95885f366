import { certificateClaims } from '../core/certificates/claims.ts';
import { DONE, type State } from './state.ts';

/**
 * Exactly one certificate per request: its id is drawn once, and the first signature that is kept
 * under it stays. A repetition finds that, and signs no other.
 */
export const certify: State = async ({ erasures, proof }, { requestId }, now) => {
  const { certificates, evidence, processors, settings } = proof;
  const certificateId = await certificates.reserveId(requestId);
  const request = await erasures.load(requestId);
  if ((await certificates.find(certificateId)) === undefined) {
    const claims = certificateClaims({
      ...{ certificateId, request, now },
      told: await processors.list(requestId),
      processors: settings.processors,
      places: settings.places,
    });
    const jws = await evidence.sign('erasure-certificate+jwt', { ...claims });
    await certificates.keep({ certificateId, issuedAt: now, jws });
  }
  if (request.facts?.certifiedAt === undefined) {
    await erasures.note(requestId, { certifiedAt: now });
  }
  return DONE;
};
