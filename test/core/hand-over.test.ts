import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTaggedBy, tagWithCell } from '../../functions/core/cells.ts';
import { chooseDecoyCell, judgeHandOver } from '../../functions/core/hand-over.ts';
import type { HashedIdentifier, IdentifierHash, SecretHash } from '../../functions/core/ids.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';

const NOW = 1_800_000_000 as EpochSeconds;
const BROWSER = 'browser' as SecretHash;
const GIVEN = { to: 'eu', browser: BROWSER, expiresAt: (NOW + 60) as EpochSeconds };
const HERE = { own: 'eu', browser: BROWSER, now: NOW };

describe('a hand-over is taken by its cell, from its browser, within its minute', () => {
  test.each([
    ['is sound there', HERE, 'sound'],
    ['is good in its last second', { ...HERE, now: (NOW + 59) as EpochSeconds }, 'sound'],
    ['is over after a minute', { ...HERE, now: (NOW + 60) as EpochSeconds }, 'expired'],
    ['is nothing to another cell', { ...HERE, own: 'us' }, 'elsewhere'],
    ['is nothing from another browser', { ...HERE, browser: 'x' as SecretHash }, 'foreign-browser'],
    ['is nothing without a cookie', { ...HERE, browser: undefined }, 'foreign-browser'],
  ] as const)('%s', (_, circumstances, verdict) => {
    expect(judgeHandOver(GIVEN, circumstances)).toBe(verdict);
  });
});

describe('an address that nobody has seems to be at home somewhere', () => {
  const cells = ['eu', 'us', 'ap'];

  function hashed(address: string, pepper = 'first', version = 1): IdentifierHash {
    const mac = createHmac('sha256', pepper).update(address).digest('base64url');
    return `${version}.${mac}` as IdentifierHash;
  }
  const identified = (address: string): HashedIdentifier => ({
    current: hashed(address),
    earlier: [],
  });

  test('in one and the same cell, whenever it is asked for', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const cell = chooseDecoyCell(identified(address), cells);
        expect(cells).toContain(cell);
        expect(chooseDecoyCell(identified(address), cells)).toBe(cell);
      }),
    );
  });

  test('in the same cell after the pepper has changed', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const later = { current: hashed(address, 'second', 2), earlier: [hashed(address)] };
        expect(chooseDecoyCell(later, cells)).toBe(chooseDecoyCell(identified(address), cells));
      }),
    );
  });

  test('in each cell about as often', () => {
    const counts = new Map(cells.map((cell) => [cell, 0]));
    for (let index = 0; index < 3000; index += 1) {
      const cell = chooseDecoyCell(identified(`nobody.${index}@example.com`), cells);
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(count).toBeGreaterThan(850);
  });
});

describe('what a cell has tagged', () => {
  test('it reads itself, dots and all', () => {
    expect(readTaggedBy('eu', tagWithCell('eu', 'a.b..c'))).toBe('a.b..c');
  });

  test.each(['us.a', 'a', '', 'eu', 'euro.a', '.a'])('no other: %s', (tagged) => {
    expect(readTaggedBy('eu', tagged)).toBeUndefined();
  });
});
