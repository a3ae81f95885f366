/**
 * The network that a caller's address stands for when counting: an IPv4 address, or the /64 of
 * an IPv6 address, since whoever has one IPv6 address has 2^64.
 */
export function toSourceNetwork(address: string): string {
  return address.includes(':') ? groupsOf(address).slice(0, 4).join(':') : address;
}

/**
 * What of a caller's address is kept for years: IPv4 /24, IPv6 /48, which tell a provider and a
 * region and no household. Undefined for what is no address.
 */
export function toTruncatedNetwork(address: string): string | undefined {
  const dotted = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
  if (dotted?.[1] !== undefined) return `${dotted[1]}.0/24`;
  const groups = groupsOf(address).slice(0, 3);
  if (groups.length < 3 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)))
    return undefined;
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/48`;
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2). */
function groupsOf(address: string): ReadonlyArray<string> {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right];
}
