import { writeFileSync } from 'node:fs';
import { dictionary } from '@zxcvbn-ts/language-common';
import { encodeCommonPasswords } from '../functions/adapters/passwords/common-passwords.ts';

/** Shorter ones are refused for their length (PasswordMinimumLength is at least 8). */
const SHORTEST = 8;
const FILE = '../functions/adapters/passwords/common-password-digests.ts';

/**
 * Writes the digests of the common passwords: the list itself would be a third of a function's
 * bundle, and is nothing to read. Run it after updating `@zxcvbn-ts/language-common`.
 */
const passwords = dictionary['passwords-common'].filter((password) => password.length >= SHORTEST);
writeFileSync(
  new URL(FILE, import.meta.url),
  `/** Written by bin/common-passwords.ts from @zxcvbn-ts/language-common (MIT): do not edit. */
export const COMMON_PASSWORD_DIGESTS =
  '${encodeCommonPasswords(passwords)}';
`,
);
