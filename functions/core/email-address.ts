/** RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all (erratum 1690 to RFC 3696). */
const MAX_LOCAL_PART = 64;
const MAX_ADDRESS = 254;

const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * The address in the one form that is hashed, stored and written to: lower case, the domain in
 * ASCII (IDNA). Undefined when it is none that mail could reach.
 *
 * Lower-casing the local part merges addresses that RFC 5321 §2.4 would let differ; no provider
 * of note tells them apart, and people do not either.
 */
export function normaliseEmailAddress(typed: string): string | undefined {
  const text = typed.trim().normalize('NFKC').toLowerCase();
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, at);
  const domain = toAsciiDomain(text.slice(at + 1));
  if (at < 1 || at > MAX_LOCAL_PART || domain === undefined) return undefined;
  if (!LOCAL_PART.test(localPart)) return undefined;
  const address = `${localPart}@${domain}`;
  return address.length > MAX_ADDRESS ? undefined : address;
}

/** Wider than what mail can reach, whatever stands around it: better one refusal too many. */
const ANY_ADDRESS = /[\p{L}\p{N}._%+!'~-]@[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)*\.\p{L}{2}/u;

/** Whether a sentence has an address in it, in a link, between invisible characters or at its end. */
export function holdsEmailAddress(text: string): boolean {
  return ANY_ADDRESS.test(text.replace(/\p{Cf}/gu, '').normalize('NFKC'));
}

function toAsciiDomain(domain: string): string | undefined {
  if (domain.length > MAX_ADDRESS || /[\s/?#\\:@[\]%]/.test(domain)) return undefined;
  if (!URL.canParse(`http://${domain}`)) return undefined;
  const ascii = new URL(`http://${domain}`).hostname;
  return DOMAIN.test(ascii) ? ascii : undefined;
}
