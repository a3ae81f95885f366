import type { HttpResponse } from './message.ts';

/** JSON that nobody may store: tokens, claims, what is wrong with a request (RFC 6749 §5). */
export function privateJson(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
