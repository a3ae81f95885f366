import { describe, expect, it } from 'vitest';
import { toSourceNetwork, toTruncatedNetwork } from '../../functions/core/source-network.ts';

describe('networks of callers', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::/48'],
    ['2001:0db8:0001::1', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
  ])('keeps of %s what tells no household: %s', (address, network) => {
    expect(toTruncatedNetwork(address)).toBe(network);
  });

  it.each(['', 'unknown', '1.2.3', 'g::1'])('keeps nothing of %j, which is none', (text) => {
    expect(toTruncatedNetwork(text)).toBeUndefined();
  });

  it('counts an IPv6 address by its /64', () => {
    expect(toSourceNetwork('2001:db8::1:2:3:4')).toBe('2001:db8:0:0');
  });
});
