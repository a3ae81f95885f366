import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import { chooseDecoyCell, parseCellShares } from '../../functions/core/decoy-home.ts';
import type { HashedIdentifier, IdentifierHash } from '../../functions/core/ids.ts';

const EQUAL = 'eu=1,us=1,ap=1';

function hashed(address: string, pepper = 'first', version = 1): IdentifierHash {
  const mac = createHmac('sha256', pepper).update(address).digest('base64url');
  return `${version}.${mac}` as IdentifierHash;
}
const identified = (address: string): HashedIdentifier => ({
  current: hashed(address),
  earlier: [],
});
const homeOf = (identifier: HashedIdentifier, shares: string) =>
  chooseDecoyCell(identifier, parseCellShares(shares), hashSecret);

const STRANGERS = Array.from({ length: 4000 }, (_, index) =>
  identified(`nobody.${index}@example.com`),
);
/** How many of all strangers seem to live in a cell. */
const partOf = (cell: string, shares: string) =>
  STRANGERS.filter((stranger) => homeOf(stranger, shares) === cell).length / STRANGERS.length;

describe('an address that nobody has seems to be at home somewhere', () => {
  test('in one and the same cell, whenever it is asked for', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const cell = homeOf(identified(address), EQUAL);
        expect(['eu', 'us', 'ap']).toContain(cell);
        expect(homeOf(identified(address), EQUAL)).toBe(cell);
      }),
    );
  });

  test('in the same cell after the pepper has changed', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const later = { current: hashed(address, 'second', 2), earlier: [hashed(address)] };
        expect(homeOf(later, EQUAL)).toBe(homeOf(identified(address), EQUAL));
      }),
    );
  });

  test.each([
    [EQUAL, { eu: 1 / 3, us: 1 / 3, ap: 1 / 3 }],
    ['eu=8,us=1,ap=1', { eu: 0.8, us: 0.1, ap: 0.1 }],
    ['eu=0.5,us=1.5', { eu: 0.25, us: 0.75 }],
  ] as const)('as often as the shares %s say', (shares, expected) => {
    for (const [cell, part] of Object.entries(expected)) {
      expect(Math.abs(partOf(cell, shares) - part)).toBeLessThan(0.03);
    }
  });

  test('never in a cell that has no share, such as a new one: nobody moves when it joins', () => {
    for (const stranger of STRANGERS) {
      expect(homeOf(stranger, 'eu=1,us=1,ap=0')).toBe(homeOf(stranger, 'eu=1,us=1'));
    }
  });

  test('when a cell joins or its share is raised, moves to that cell or not at all', () => {
    for (const [before, after] of [
      ['eu=1,us=1', 'eu=1,us=1,ap=1'],
      ['eu=1,us=1,ap=0.1', 'ap=2,eu=1,us=1'],
    ] as const) {
      const moved = STRANGERS.filter((one) => homeOf(one, before) !== homeOf(one, after));
      expect(moved.length).toBeGreaterThan(1000);
      expect(new Set(moved.map((one) => homeOf(one, after)))).toEqual(new Set(['ap']));
    }
  });

  test('somewhere: shares of nothing are a mistake', () => {
    expect(() => homeOf(identified('a@example.com'), 'eu=0,us=0')).toThrow('no cell has a share');
    expect(() => homeOf(identified('a@example.com'), '')).toThrow('no cell has a share');
  });
});
