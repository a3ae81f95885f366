/** Signed proof of one choice: `/v1/me/consents/receipts/{eventId}` (ISO/IEC TS 27560). */
import { receiptClaims } from '../core/consents/receipt.ts';
import { HttpError } from '../core/errors.ts';
import { privateJson } from '../http/json-response.ts';
import { hashText } from './choosing.ts';
import type { PrivacyPortal } from './dependencies.ts';
import type { PersonEndpoint } from './person.ts';

/**
 * GET: the receipt as JSON and as a JWS that anybody can check by `/.well-known/evidence-jwks.json`.
 * Three AWS calls.
 */
export function createReceipt(deps: PrivacyPortal): PersonEndpoint {
  return async (http, { sub }) => {
    const event = await deps.choices.findEvent(sub, http.pathParameters?.['eventId'] ?? '');
    if (event?.kind !== 'choice') throw new HttpError(404, 'there is no such receipt');
    const { policy, settings, evidence } = deps;
    const { issuer } = settings;
    const claims = receiptClaims(event, { policy, issuer, sub, hash: hashText });
    return privateJson({
      receipt: claims,
      jws: await evidence.sign('consent-receipt+jwt', claims),
    });
  };
}
