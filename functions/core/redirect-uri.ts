/** Loopback addresses by number; `localhost` may resolve elsewhere (RFC 8252 §8.3). */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::(\d{1,5}))?((?:[/?].*)?)$/;
const LAST_PORT = 65_535;

/**
 * Exact string comparison (RFC 9700 §4.1.3), but for the port of a native app's loopback
 * redirect, which the system assigns at run time (RFC 8252 §7.3).
 */
export function isRegisteredRedirectUri(
  registered: ReadonlyArray<string>,
  presented: string,
): boolean {
  const portless = withoutLoopbackPort(presented);
  return registered.some(
    (uri) => uri === presented || (portless !== undefined && withoutLoopbackPort(uri) === portless),
  );
}

/** What `form-action` must allow for a redirect to this URI: its origin, or `scheme:`. */
export function toFormActionSource(redirectUri: string): string {
  const url = new URL(redirectUri);
  return url.origin === 'null' ? url.protocol : url.origin;
}

/** Adds response parameters and keeps the query that was registered (RFC 6749 §3.1.2). */
export function addToQuery(uri: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters).toString();
  if (query === '') return uri;
  return `${uri}${uri.includes('?') ? '&' : '?'}${query}`;
}

function withoutLoopbackPort(uri: string): string | undefined {
  const [, host, port = '', rest] = LOOPBACK.exec(uri) ?? [];
  return host === undefined || Number(port) > LAST_PORT ? undefined : `${host}${rest}`;
}
