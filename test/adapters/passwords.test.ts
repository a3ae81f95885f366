import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../../functions/adapters/crypto/keyring.ts';
import { createPasswords } from '../../functions/adapters/passwords/argon2.ts';

const COST = { memoryKiB: 256, passes: 1, parallelism: 1 };

function keyringOf(version: number, byte: number) {
  const key = Buffer.alloc(32, byte).toString('base64url');
  const names = ['identifier-pepper', 'password-pepper', 'sealing', 'data-key-wrapping'];
  const keys = Object.fromEntries(names.map((name) => [name, key]));
  return parseKeyring(JSON.stringify({ version, keys }));
}

function passwordsWith(cost = COST, keyring = keyringOf(1, 1)) {
  const commonPasswordsFile = new URL('unused.bin', import.meta.url);
  return createPasswords({ cost, loadKeyring: async () => keyring, commonPasswordsFile });
}

describe('password hashes', () => {
  it('verify the password that they were made of, and no other', async () => {
    const passwords = passwordsWith();
    const hash = await passwords.hash('a quiet lake');
    expect(await passwords.verify('a quiet lake', hash)).toBe(true);
    expect(await passwords.verify('a quiet lakE', hash)).toBe(false);
    expect(await passwords.verify('', hash)).toBe(false);
  });

  it('differ for one password: the salt is random', async () => {
    const passwords = passwordsWith();
    expect(await passwords.hash('a quiet lake')).not.toBe(await passwords.hash('a quiet lake'));
  });

  it('are of no use with another pepper', async () => {
    const hash = await passwordsWith().hash('a quiet lake');
    const other = passwordsWith(COST, keyringOf(1, 2));
    expect(await other.verify('a quiet lake', hash)).toBe(false);
  });

  it('still verify after the cost was changed, and are outdated then', async () => {
    const hash = await passwordsWith().hash('a quiet lake');
    const dearer = passwordsWith({ ...COST, passes: 2 });
    expect(await dearer.verify('a quiet lake', hash)).toBe(true);
    expect(await dearer.isOutdated(hash)).toBe(true);
    expect(await passwordsWith().isOutdated(hash)).toBe(false);
  });

  it.each([undefined, '', 'nonsense', '$argon2id$v=19$m=8,t=1,p=1$AA$AA'])(
    'are refused, without an error, when the stored one is %j',
    async (stored) => {
      expect(await passwordsWith().verify('a quiet lake', stored)).toBe(false);
    },
  );
});
