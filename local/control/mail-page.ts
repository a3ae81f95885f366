import type { ApiResponse } from '../http-api/response.ts';

/** Mails style themselves inline and load nothing; scripts in them must never run. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** A mail's HTML as the console frames it. Links open in a tab of their own. */
export function mailPage(html: string): ApiResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    cookies: [],
    body: Buffer.from(`<base target="_blank">${html}`),
  };
}
