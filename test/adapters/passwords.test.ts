import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPasswords } from '../../functions/adapters/passwords/argon2.ts';
import { newSharedKeyring, rotatedKeyrings } from './local-dynamo.ts';

const COST = { memoryKiB: 256, passes: 1, parallelism: 1 };

const KEYRING = newSharedKeyring();

function passwordsWith(cost = COST, keyring = KEYRING) {
  const commonPasswordsFile = join(import.meta.dirname, 'unused.bin');
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
    const other = passwordsWith(COST, newSharedKeyring());
    expect(await other.verify('a quiet lake', hash)).toBe(false);
  });

  it('still verify after the pepper was rotated, and are outdated then', async () => {
    const { before, after } = rotatedKeyrings().shared;
    const rotated = passwordsWith(COST, after);
    const old = await passwordsWith(COST, before).hash('a quiet lake');
    expect(await rotated.verify('a quiet lake', old)).toBe(true);
    expect(await rotated.verify('a quiet lakE', old)).toBe(false);
    expect(await rotated.isOutdated(old)).toBe(true);
    const renewed = await rotated.hash('a quiet lake');
    expect(await rotated.verify('a quiet lake', renewed)).toBe(true);
    expect(await rotated.isOutdated(renewed)).toBe(false);
  });

  it('say so when the pepper that they were made with is no longer there', async () => {
    const { before, after } = rotatedKeyrings().shared;
    const hash = await passwordsWith(COST, after).hash('a quiet lake');
    const early = passwordsWith(COST, before);
    await expect(early.verify('a quiet lake', hash)).rejects.toThrow('no version 2');
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
