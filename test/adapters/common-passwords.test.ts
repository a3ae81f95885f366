import { dictionary } from '@zxcvbn-ts/language-common';
import { expect, it } from 'vitest';
import { COMMON_PASSWORD_DIGESTS } from '../../functions/adapters/passwords/common-password-digests.ts';
import {
  encodeCommonPasswords,
  isCommonPassword,
} from '../../functions/adapters/passwords/common-passwords.ts';

const longEnough = dictionary['passwords-common'].filter((password) => password.length >= 8);

it('knows every password of the list that is long enough to be chosen', () => {
  expect(longEnough.length).toBeGreaterThan(15_000);
  expect(longEnough.filter((password) => !isCommonPassword(password))).toEqual([]);
});

it('is up to date with the list (else run bin/common-passwords.ts)', () => {
  expect(COMMON_PASSWORD_DIGESTS).toBe(encodeCommonPasswords(longEnough));
});
