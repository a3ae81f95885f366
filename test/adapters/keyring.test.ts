import { describe, expect, it } from 'vitest';
import {
  CELL_KEY_NAMES,
  parseCellKeyring,
  parseSharedKeyring,
  SHARED_KEY_NAMES,
} from '../../functions/adapters/crypto/keyring.ts';
import { randomKeys, rotatedKeyrings } from './local-dynamo.ts';

describe('a keyring', () => {
  it('has the keys of each of its versions, the current ones unless asked for another', () => {
    const { before, after } = rotatedKeyrings().cell;
    expect([before.version, after.version]).toEqual([1, 2]);
    expect(after.key('cell-sealing', 1)).toEqual(before.key('cell-sealing'));
    expect(after.key('cell-sealing')).toEqual(after.key('cell-sealing', 2));
    expect(after.key('cell-sealing')).not.toEqual(before.key('cell-sealing'));
    expect([after.has(1), after.has(2), after.has(3)]).toEqual([true, true, false]);
    expect(() => after.key('cell-sealing', 3)).toThrow('no version 3');
  });

  const shared = randomKeys(SHARED_KEY_NAMES);
  const cell = randomKeys(CELL_KEY_NAMES);
  it.each([
    ['nonsense', 'not a JSON object'],
    [JSON.stringify({ current: 1 }), 'unknown shape'],
    [JSON.stringify({ current: 2, versions: { 1: shared } }), 'no version 2'],
    [JSON.stringify({ current: 1, versions: { 1: { ...shared, sealing: 'AAAA' } } }), 'sealing'],
    [JSON.stringify({ current: 1, versions: { 1: 'x' } }), 'identifier-pepper'],
    [JSON.stringify({ current: 1, versions: { 1: cell } }), 'identifier-pepper'],
  ])('is refused without being quoted: %#', (json, reason) => {
    const parse = () => parseSharedKeyring(json);
    expect(parse).toThrow(reason);
    expect(parse).not.toThrow(new RegExp(Object.values({ ...shared, ...cell }).join('|')));
  });

  it('that all cells share is no keyring of a cell', () => {
    const json = JSON.stringify({ current: 1, versions: { 1: shared } });
    expect(() => parseCellKeyring(json)).toThrow('data-key-wrapping');
  });
});

describe('the peppers of identifiers', () => {
  const [first, second, third] = Array.from({ length: 3 }, () => randomKeys(SHARED_KEY_NAMES));

  function peppersOf(current: number, versions: Readonly<Record<number, unknown>>) {
    return parseSharedKeyring(JSON.stringify({ current, versions }))
      .peppers()
      .map(({ version }) => version);
  }

  it('are given newest first: an address may be filed under any of them', () => {
    expect(peppersOf(1, { 1: first })).toEqual([1]);
    expect(peppersOf(3, { 1: first, 2: second, 3: third })).toEqual([3, 2, 1]);
  });

  it('begin with the current one, also while a newer version waits to become current', () => {
    expect(peppersOf(2, { 1: first, 2: second, 3: third })).toEqual([2, 3, 1]);
  });

  it('keep their version when a new one of the keyring changes other keys alone', () => {
    const sealedAnew = { ...second, 'identifier-pepper': first?.['identifier-pepper'] };
    expect(peppersOf(2, { 1: first, 2: sealedAnew })).toEqual([1]);
    expect(peppersOf(3, { 1: first, 2: sealedAnew, 3: third })).toEqual([3, 1]);
  });
});
