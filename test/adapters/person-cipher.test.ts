import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decryptAttribute,
  encryptAttribute,
  newDataKey,
  unwrapDataKey,
  wrapDataKey,
} from '../../functions/adapters/crypto/person-cipher.ts';
import { decodeDataKey, encodeDataKey } from '../../functions/adapters/dynamodb/account-items.ts';
import type { Sub } from '../../functions/core/ids.ts';
import { newCellKeyring, rotatedKeyrings } from './local-dynamo.ts';

const ADA = 'ada' as Sub;
const BOB = 'bob' as Sub;
const binding = { sub: ADA, name: 'email', version: 1 };

describe('attributes under a person’s data key', () => {
  it('come back as they were, and no two ciphertexts are alike', () => {
    const key = newDataKey();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(text.isWellFormed());
        const ciphertext = encryptAttribute(key, binding, text);
        expect(decryptAttribute(key, binding, ciphertext)).toBe(text);
        expect(encryptAttribute(key, binding, text)).not.toEqual(ciphertext);
      }),
    );
  });

  it.each([
    ['another person', { ...binding, sub: BOB }],
    ['another attribute', { ...binding, name: 'locale' }],
    ['another version of the item', { ...binding, version: 2 }],
  ])('cannot be moved to %s', (_where, elsewhere) => {
    const key = newDataKey();
    const ciphertext = encryptAttribute(key, binding, 'ada@example.com');
    expect(() => decryptAttribute(key, elsewhere, ciphertext)).toThrow();
  });

  it('are unreadable with another key, altered or cut short', () => {
    const key = newDataKey();
    const ciphertext = encryptAttribute(key, binding, 'ada@example.com');
    const altered = Uint8Array.from(ciphertext, (byte, at) => (at === 20 ? byte ^ 1 : byte));
    expect(() => decryptAttribute(newDataKey(), binding, ciphertext)).toThrow();
    expect(() => decryptAttribute(key, binding, altered)).toThrow();
    expect(() => decryptAttribute(key, binding, ciphertext.subarray(0, 20))).toThrow();
  });
});

describe('data keys', () => {
  it('open for their own person under their own keyring only', () => {
    const keyring = newCellKeyring();
    const key = newDataKey();
    const wrapped = { wrapped: wrapDataKey(keyring, ADA, key), version: 1 };
    expect(Buffer.from(unwrapDataKey(keyring, ADA, wrapped))).toEqual(Buffer.from(key));
    expect(() => unwrapDataKey(keyring, BOB, wrapped)).toThrow();
    expect(() => unwrapDataKey(newCellKeyring(), ADA, wrapped)).toThrow();
  });

  it('still open after the keyring was rotated, by the version that their item records', () => {
    const { before, after } = rotatedKeyrings().cell;
    const key = Buffer.from(newDataKey());
    const old = encodeDataKey(before, ADA, key);
    const renewed = encodeDataKey(after, ADA, key);
    expect(Buffer.from(decodeDataKey(after, ADA, old))).toEqual(key);
    expect(Buffer.from(decodeDataKey(after, ADA, renewed))).toEqual(key);
    expect(() => decodeDataKey(before, ADA, renewed)).toThrow('no version 2');
  });
});
