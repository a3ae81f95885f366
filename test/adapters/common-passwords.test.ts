import { dictionary } from '@zxcvbn-ts/language-common';
import { expect, it } from 'vitest';
import {
  encodeCommonPasswords,
  searchIn,
} from '../../functions/adapters/passwords/common-passwords.ts';

const longEnough = dictionary['passwords-common'].filter((password) => password.length >= 8);
const isCommonPassword = searchIn(encodeCommonPasswords(longEnough));

it('knows every password of the list that is long enough to be chosen', () => {
  expect(longEnough.length).toBeGreaterThan(15_000);
  expect(longEnough.filter((password) => !isCommonPassword(password))).toEqual([]);
});

it('calls nothing else common, but for one in a hundred thousand', () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `quiet lake number ${index}`);
  expect(words.filter(isCommonPassword).length).toBeLessThan(3);
});
