/** `ada@example.com`, or with a display name: `Ada <ada@example.com>` (RFC 5322 §3.4). */
export interface MailAddress {
  readonly address: string;
  readonly displayName: string | undefined;
}

const MAILBOX = /^(?:(?<name>[^<>]*)<(?<angled>[^<>\s]+)>|(?<bare>[^<>\s]+))$/;
/** Dot-atom and host name: what SES accepts without SMTPUTF8. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** Undefined for text that is no mailbox. */
export function parseMailAddress(text: string): MailAddress | undefined {
  const { name, angled, bare } = MAILBOX.exec(text.trim())?.groups ?? {};
  const address = angled ?? bare ?? '';
  if (!ADDRESS.test(address)) return undefined;
  const displayName = name?.trim().replace(/^"(.*)"$/, '$1');
  return { address, displayName: displayName || undefined };
}

/**
 * Stands for an address that SES refuses, as it does outside the sandbox's list: RFC 2606 §2 makes
 * sure that it is nobody's.
 */
export function isRefused(address: string): boolean {
  return domainOf(address).endsWith('.invalid');
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
