import { JWKS_SHARED_MAX_AGE_SECONDS } from '../core/key-rotation.ts';
import type { PublishedKeys } from '../core/ports/signer.ts';
import type { Endpoint } from '../http/message.ts';
import { publishedDocument } from '../http/published-document.ts';

/** `GET /oauth2/jwks` (RFC 7517 §5): no AWS call once warm. */
export function createJwksEndpoint(publishedKeys: PublishedKeys): Endpoint {
  return async (request) =>
    publishedDocument(request, await publishedKeys.jwks(), {
      contentType: 'application/jwk-set+json',
      sharedMaxAgeSeconds: JWKS_SHARED_MAX_AGE_SECONDS,
    });
}
