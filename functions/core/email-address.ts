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

/** Whether a sentence has an address in it, in brackets or at its end too. */
export function holdsEmailAddress(text: string): boolean {
  const words = text.normalize('NFKC').split(/[\s<>()[\]{}"'`,;:|\\]+/);
  return words.some((word) => {
    const bare = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    return normaliseEmailAddress(bare) !== undefined;
  });
}

function toAsciiDomain(domain: string): string | undefined {
  if (domain.length > MAX_ADDRESS || /[\s/?#\\:@[\]%]/.test(domain)) return undefined;
  if (!URL.canParse(`http://${domain}`)) return undefined;
  const ascii = new URL(`http://${domain}`).hostname;
  return DOMAIN.test(ascii) ? ascii : undefined;
}
