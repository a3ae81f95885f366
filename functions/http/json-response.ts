import type { HttpResponse } from './message.ts';

/** JSON that nobody may store: tokens, claims (RFC 6749 §5.1). */
export function privateJson(body: unknown, status = 200): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    },
    body: JSON.stringify(body),
  };
}
