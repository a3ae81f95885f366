import type { PublishedKeys } from '../core/ports/signer.ts';
import type { Endpoint } from '../http/message.ts';

/**
 * `GET /health`: whether this region can serve. It can if its replica of the directory answers with
 * keys to sign with, remembered for a minute, so that probes cost next to nothing. Throws
 * UnavailableError (503) otherwise: then the issuer's name leads to other regions.
 */
export function createHealthEndpoint(publishedKeys: PublishedKeys): Endpoint {
  return async () => {
    await publishedKeys.jwks();
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: '{"status":"ok"}',
    };
  };
}
