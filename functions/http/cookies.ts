import type { Cells } from '../core/cells.ts';

interface CookieOptions {
  /** Decides on `Secure` and the `__Host-` prefix: only a local issuer is plain http. */
  readonly issuer: string;
  /** Absent: until the browser closes. */
  readonly maxAgeSeconds?: number;
}

/**
 * `__Host-` pins a cookie to this very host: no subdomain can set or shadow it (RFC 6265bis
 * §4.1.3.2). Browsers accept the prefix over https only.
 */
export function cookieName(base: string, issuer: string): string {
  return isSecure(issuer) ? `__Host-${base}` : base;
}

/**
 * A cookie of one cell's own. Its host alone keeps it apart where cells have hosts of their own;
 * the ports of local ones share their cookies, so with several cells the name says whose it is.
 */
export function cellCookieName(base: string, issuer: string, cells: Cells): string {
  return cookieName(cells.areSeveral ? `${base}-${cells.own.name}` : base, issuer);
}

/** A complete `Set-Cookie` value. `Lax`, so that the redirect from a client carries it. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const parts = [`${name}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (isSecure(options.issuer)) parts.push('Secure');
  if (options.maxAgeSeconds !== undefined) parts.push(`Max-Age=${options.maxAgeSeconds}`);
  return parts.join('; ');
}

/** Of a cookie that all cells read: `__Secure-` says at least that no plain http has set it. */
export function sharedCookieName(base: string, issuer: string): string {
  return isSecure(issuer) ? `__Secure-${base}` : base;
}

/**
 * A complete `Set-Cookie` value that the issuer's host and every cell's below it receive. Never for
 * what is anybody's: a cell's name, a language, or what binds a hand-over to its browser.
 */
export function setSharedCookie(name: string, value: string, options: CookieOptions): string {
  const cookie = setCookie(name, value, options);
  // Local cells differ by port alone, which cookies do not see; `Domain=localhost` is refused.
  return isSecure(options.issuer)
    ? `${cookie}; Domain=${new URL(options.issuer).hostname}`
    : cookie;
}

/** Makes the browser forget the cookie. */
export function clearCookie(name: string, options: { readonly issuer: string }): string {
  return setCookie(name, '', { ...options, maxAgeSeconds: 0 });
}

/** The `cookies` of an event, by name; the first of a name wins, nonsense is passed over. */
export function parseCookies(pairs: ReadonlyArray<string>): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of pairs.flatMap((text) => text.split(';'))) {
    const separator = pair.indexOf('=');
    if (separator < 1) continue;
    const name = pair.slice(0, separator).trim();
    if (!cookies.has(name)) cookies.set(name, pair.slice(separator + 1).trim());
  }
  return cookies;
}

function isSecure(issuer: string): boolean {
  return issuer.startsWith('https:');
}
