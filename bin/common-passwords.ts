import { writeFileSync } from 'node:fs';
import { dictionary } from '@zxcvbn-ts/language-common';
import { encodeCommonPasswords } from '../functions/adapters/passwords/common-passwords.ts';

/** Shorter ones are refused for their length (PasswordMinimumLength is at least 8). */
const SHORTEST = 8;

// Run while a surface is bundled: writes the digests of the common passwords beside it. The list
// itself would be a third of the bundle, and is nothing to read.
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node bin/common-passwords.ts FILE');
const passwords = dictionary['passwords-common'].filter((password) => password.length >= SHORTEST);
writeFileSync(file, encodeCommonPasswords(passwords));
