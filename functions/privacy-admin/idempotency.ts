import { derivedId, randomToken } from '../adapters/crypto/hash.ts';
import { HttpError } from '../core/errors.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Operator } from './operator.ts';

/**
 * The id of what a request creates. It follows from the header `Idempotency-Key`, if there is one,
 * of this very client: repeated, the request finds what it has made before. Throws HttpError 400.
 */
export function newId(http: HttpRequest, { clientId }: Operator, what: string): string {
  const key = http.headers.get('idempotency-key');
  if (key === undefined) return randomToken();
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new HttpError(400, 'Idempotency-Key has 1 to 255 visible ASCII characters');
  }
  return derivedId(what, clientId, key);
}
