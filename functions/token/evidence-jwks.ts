import { JWKS_SHARED_MAX_AGE_SECONDS } from '../core/key-rotation.ts';
import type { PublishedKeys } from '../core/ports/signer.ts';
import type { Endpoint } from '../http/message.ts';
import { publishedDocument } from '../http/published-document.ts';

/**
 * `GET /.well-known/evidence-jwks.json` (RFC 7517 §5): what certificates, receipts and the audit
 * trail are checked with, apart from the keys of tokens. No AWS call once warm.
 */
export function createEvidenceJwksEndpoint(evidenceKeys: Pick<PublishedKeys, 'jwks'>): Endpoint {
  return async (request) =>
    publishedDocument(request, await evidenceKeys.jwks(), {
      contentType: 'application/jwk-set+json',
      sharedMaxAgeSeconds: JWKS_SHARED_MAX_AGE_SECONDS,
    });
}
