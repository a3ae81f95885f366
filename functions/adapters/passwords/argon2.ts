import { argon2, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Argon2Cost,
  formatPasswordHash,
  isOutdated,
  type PasswordHash,
  parsePasswordHash,
} from '../../core/password-hash.ts';
import type { Passwords } from '../../core/ports/passwords.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { type IsCommonPassword, readCommonPasswords } from './common-passwords.ts';

const SALT_BYTES = 16;
const TAG_BYTES = 32;

const deriveOffThread = promisify(argon2);

interface PasswordsDeps {
  readonly loadKeyring: () => Promise<Keyring<'password-pepper'>>;
  readonly cost: Argon2Cost;
  /** Written beside the bundle; read when a password is first chosen. */
  readonly commonPasswordsFile: string;
}

/** Argon2id (RFC 9106) of `HMAC-SHA-256(pepper, password)`: a stolen table alone is no use. */
export function createPasswords(deps: PasswordsDeps): Passwords {
  const { loadKeyring, cost, commonPasswordsFile } = deps;
  let commonPasswords: Promise<IsCommonPassword> | undefined;

  async function fresh(password: string): Promise<PasswordHash> {
    const keyring = await loadKeyring();
    const salt = randomBytes(SALT_BYTES);
    const { version } = keyring;
    const tag = await derive(password, keyring.key('password-pepper'), salt, cost);
    return { cost, pepperVersion: version, salt, tag };
  }

  return {
    async hash(password) {
      return formatPasswordHash(await fresh(password));
    },

    async verify(password, stored) {
      const hash = stored === undefined ? undefined : parsePasswordHash(stored);
      if (hash === undefined) {
        await fresh(password);
        return false;
      }
      const pepper = (await loadKeyring()).key('password-pepper', hash.pepperVersion);
      const tag = await derive(password, pepper, hash.salt, hash.cost);
      return tag.length === hash.tag.length && timingSafeEqual(tag, hash.tag);
    },

    async isOutdated(stored) {
      const hash = parsePasswordHash(stored);
      return hash === undefined || isOutdated(hash, cost, (await loadKeyring()).version);
    },

    loadCommonPasswords() {
      commonPasswords ??= readCommonPasswords(commonPasswordsFile);
      return commonPasswords;
    },
  };
}

async function derive(
  password: string,
  pepper: Uint8Array,
  salt: Uint8Array,
  cost: Argon2Cost,
): Promise<Buffer> {
  const peppered = createHmac('sha256', pepper).update(password).digest();
  return await deriveOffThread('argon2id', {
    message: peppered,
    nonce: salt,
    memory: cost.memoryKiB,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: TAG_BYTES,
  });
}
