import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, it } from 'vitest';
import {
  findPasswordRefusal,
  normalisePassword,
  wordsOfAddress,
} from '../../functions/core/password-policy.ts';

const COMMON = new Set(dictionary['passwords-common']);

function refusalOf(password: string): string | undefined {
  return findPasswordRefusal(normalisePassword(password), {
    minimumLength: 10,
    knownWords: [...wordsOfAddress('ada.lovelace@example.com'), 'Domicile'],
    isCommon: (candidate) => COMMON.has(candidate),
  })?.reason;
}

describe('a password', () => {
  it.each([
    'a quiet lake',
    'Correct Horse',
    'ünïcödé wörds',
    '湖のほとりの静かな朝の道',
    'x'.repeat(3).concat('yzab'.repeat(63)),
    '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵',
  ])('%j is fine: no composition rules', (password) => {
    expect(refusalOf(password)).toBeUndefined();
  });

  it.each([
    ['nine chars', 'ninechars', 'too-short'],
    ['nine emoji, 36 bytes', '🦊🐻🐼🐨🐯🦁🐮🐷🐸', 'too-short'],
    ['257 characters', 'abcdefg'.repeat(37), 'too-long'],
    ['a common one', 'password123', 'common'],
    ['a common one in capitals', 'PASSWORD123', 'common'],
    ['one character', 'aaaaaaaaaaaa', 'common'],
    ['three characters', 'abcabcabcabc', 'common'],
    ['the address', 'ada.lovelace@example.com', 'contains-address'],
    ['its local part and a digit', 'Ada.Lovelace1', 'contains-address'],
    ['the product', 'domicile-99', 'contains-address'],
  ])('is refused: %s', (_, password, reason) => {
    expect(refusalOf(password)).toBe(reason);
  });

  it('is the same however its characters are composed (NFKC)', () => {
    expect(normalisePassword('u\u0308ber alle berge')).toBe(normalisePassword('über alle berge'));
  });
});
