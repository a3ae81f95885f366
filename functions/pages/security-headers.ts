/** `https://host[:port]`, `http://127.0.0.1:*` or a private-use scheme such as `com.example.app:`. */
const FORM_ACTION = /^[a-z][a-z0-9+.-]*:(\/\/[a-z0-9.:*-]+)?$/i;
/** The loopback redirect of RFC 8252 §7.3, which no source expression can name (CSP 3 §2.3.1). */
const IPV6_LOOPBACK = /^http:\/\/\[::1\](:\d+)?$/;

/**
 * Headers of every hosted page. `formActions` are the origins or `scheme:` sources where a form's
 * answer may redirect to: Chrome applies `form-action` to redirects as well (CSP 3 §6.4.1). One
 * that could break out of the directive is left out. `script` only for the page that posts itself.
 */
export function pageHeaders(
  nonce: string,
  formActions: ReadonlyArray<string>,
  options: { readonly script?: boolean } = {},
): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(options.script === true ? [`script-src 'nonce-${nonce}'`] : []),
    "img-src 'self' data:",
    ["form-action 'self'", ...formActions.flatMap(findSource)].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // Ignored by browsers over plain http (RFC 6797 §8.1), so the local cloud can send it too.
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
  };
}

function findSource(formAction: string): ReadonlyArray<string> {
  if (IPV6_LOOPBACK.test(formAction)) return ['http:'];
  return FORM_ACTION.test(formAction) ? [formAction] : [];
}
