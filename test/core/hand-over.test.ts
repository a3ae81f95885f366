import { describe, expect, test } from 'vitest';
import { readTaggedBy, tagWithCell } from '../../functions/core/cells.ts';
import { judgeHandOver } from '../../functions/core/hand-over.ts';
import type { SecretHash } from '../../functions/core/ids.ts';
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

describe('what a cell has tagged', () => {
  test('it reads itself, dots and all', () => {
    expect(readTaggedBy('eu', tagWithCell('eu', 'a.b..c'))).toBe('a.b..c');
  });

  test.each(['us.a', 'a', '', 'eu', 'euro.a', '.a'])('no other: %s', (tagged) => {
    expect(readTaggedBy('eu', tagged)).toBeUndefined();
  });
});
