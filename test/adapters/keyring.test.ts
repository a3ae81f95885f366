import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../../functions/adapters/crypto/keyring.ts';
import { randomKeys, rotatedKeyring } from './local-dynamo.ts';

describe('a keyring', () => {
  it('has the keys of each of its versions, the current ones unless asked for another', () => {
    const { before, after } = rotatedKeyring();
    expect([before.version, after.version]).toEqual([1, 2]);
    expect(after.key('sealing', 1)).toEqual(before.key('sealing'));
    expect(after.key('sealing')).toEqual(after.key('sealing', 2));
    expect(after.key('sealing')).not.toEqual(before.key('sealing'));
    expect([after.has(1), after.has(2), after.has(3)]).toEqual([true, true, false]);
    expect(() => after.key('sealing', 3)).toThrow('no version 3');
  });

  it('refuses another pepper for identifiers, which would lose every account', () => {
    const versions = { 1: randomKeys(), 2: randomKeys() };
    const json = JSON.stringify({ current: 2, versions });
    expect(() => parseKeyring(json)).toThrow('identifier-pepper');
  });

  const keys = randomKeys();
  it.each([
    ['nonsense', 'not a JSON object'],
    [JSON.stringify({ current: 1 }), 'unknown shape'],
    [JSON.stringify({ current: 2, versions: { 1: keys } }), 'no version 2'],
    [JSON.stringify({ current: 1, versions: { 1: { ...keys, sealing: 'AAAA' } } }), 'sealing'],
    [JSON.stringify({ current: 1, versions: { 1: 'x' } }), 'identifier-pepper'],
  ])('is refused without being quoted: %#', (json, reason) => {
    const parse = () => parseKeyring(json);
    expect(parse).toThrow(reason);
    expect(parse).not.toThrow(new RegExp(Object.values(keys).join('|')));
  });
});
