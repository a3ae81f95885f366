/** Rules of the audit trail: one text for one record, trees as of RFC 9162, hours that close. */
import { createHash } from 'node:crypto';
import {
  array,
  assert,
  constantFrom,
  dictionary,
  integer,
  property,
  string,
  uint8Array,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderRecord, shardOf } from '../../functions/core/audit/audit-record.ts';
import { canonicalJson } from '../../functions/core/audit/canonical-json.ts';
import { compareHour } from '../../functions/core/audit/comparison.ts';
import {
  type AuditHour,
  hourOf,
  maySeal,
  nextHour,
  parseHour,
  SEAL_AFTER_SECONDS,
  startOf,
  takesRecords,
} from '../../functions/core/audit/hours.ts';
import { addLeaf, EMPTY_TREE, rootHash } from '../../functions/core/audit/merkle.ts';
import type { Sub } from '../../functions/core/ids.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from './client-fixtures.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function rootOf(leaves: ReadonlyArray<Uint8Array>): Uint8Array {
  const tree = leaves.reduce((grown, leaf) => addLeaf(grown, leaf, sha256), EMPTY_TREE);
  expect(tree.size).toBe(leaves.length);
  return rootHash(tree, sha256);
}

/** RFC 9162 §2.1.1, as it is written. */
function definedRoot(leaves: ReadonlyArray<Uint8Array>): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256(new Uint8Array());
  if (leaves.length === 1) return sha256(Buffer.concat([Buffer.of(0), only]));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = definedRoot(leaves.slice(0, split));
  return sha256(Buffer.concat([Buffer.of(1), left, definedRoot(leaves.slice(split))]));
}

describe('a Merkle tree', () => {
  // Of Certificate Transparency's own test data.
  const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ])('of %i leaves has the root that others compute', (size, root) => {
    const leaves = LEAVES.slice(0, size).map((leaf) => Buffer.from(leaf, 'hex'));
    expect(hex(rootOf(leaves))).toBe(root);
  });

  it('grown leaf by leaf is the one that RFC 9162 §2.1.1 defines, in logarithmic memory', () => {
    assert(
      property(array(uint8Array({ maxLength: 9 }), { maxLength: 70 }), (leaves) => {
        expect(hex(rootOf(leaves))).toBe(hex(definedRoot(leaves)));
        const tree = leaves.reduce((grown, leaf) => addLeaf(grown, leaf, sha256), EMPTY_TREE);
        expect(tree.roots.length).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe('canonical JSON (RFC 8785)', () => {
  it('sorts members by UTF-16 code units and writes no space', () => {
    const value = {
      '\u20ac': 'Euro',
      '\r': 'CR',
      '\u{1f600}': 'Smiley',
      1: [true, null, 7],
      b: {},
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":"CR","1":[true,null,7],"b":{},"\u20ac":"Euro","\u{1f600}":"Smiley"}',
    );
  });

  it('is one text for one value, in whatever order its members came, and reads back the same', () => {
    const member = dictionary(string({ unit: 'grapheme' }), integer());
    assert(
      property(member, (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual({ ...value });
      }),
    );
  });

  it.each([[0.5], [Number.NaN], [2 ** 60], ['\ud800']])(
    'refuses %j, which has more than one',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow('canonical form');
    },
  );
});

describe('an hour of the audit trail', () => {
  const hour = hourOf(NOW);
  const end = startOf(nextHour(hour));

  it('is named by its beginning, and by nothing else', () => {
    expect(parseHour(hour)).toBe(hour);
    expect(startOf(hour)).toBe(NOW - (NOW % 3600));
    for (const text of ['2026-11-22T14', '2026-11-22T14:30Z', '2026-11-22T14:00:00Z', 'hour', '']) {
      expect(parseHour(text)).toBeUndefined();
    }
  });

  it('takes records for a quarter of an hour after its end, and is sealed no sooner than later', () => {
    expect(takesRecords(hour, addSeconds(end, 15 * 60 - 1))).toBe(true);
    expect(takesRecords(hour, addSeconds(end, 15 * 60))).toBe(false);
    expect(maySeal(hour, addSeconds(end, SEAL_AFTER_SECONDS - 1))).toBe(false);
    expect(maySeal(hour, addSeconds(end, SEAL_AFTER_SECONDS))).toBe(true);
  });

  it('is never sealed while a write that began in time may still be under way', () => {
    // A signed request is refused 15 minutes later; a function ends after five.
    expect(SEAL_AFTER_SECONDS).toBeGreaterThanOrEqual((15 + 15 + 5) * 60);
  });

  it('that has not begun takes nothing', () => {
    expect(takesRecords(nextHour(hour), addSeconds(end, -120))).toBe(false);
  });
});

describe('an audit record', () => {
  const act = {
    id: 'AAAA',
    kind: 'session.begun',
    actor: { type: 'person', sub: 'ada' as Sub },
    sub: 'ada' as Sub,
    at: NOW,
  } as const;

  it('is one text, whatever order its members came in', () => {
    const hour = hourOf(NOW);
    expect(renderRecord({ ...act, hour })).toBe(
      `{"actor":{"sub":"ada","type":"person"},"at":${NOW},"hour":"${hour}","id":"AAAA","kind":"session.begun","sub":"ada"}`,
    );
  });

  it('lies in one of eight partitions, by its id, about as often in each', () => {
    const ids = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const counts = Array.from({ length: 8 }, () => 0);
    for (const id of ids) counts[shardOf({ id })] = (counts[shardOf({ id })] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(7);
  });
});

describe('records compared with what else knows them', () => {
  const hour = '2026-11-22T14:00Z' as AuditHour;
  const ids = constantFrom('a', 'b', 'c', 'd');
  const hours = dictionary(ids, constantFrom('1', '2'));
  const toList = (known: Readonly<Record<string, string>>) =>
    Object.entries(known).map(([id, hash]) => ({ id, hash }));

  it('are named exactly where they differ', () => {
    assert(
      property(hours, hours, (before, after) => {
        const named = compareHour(hour, toList(after), toList(before));
        const expected = ['a', 'b', 'c', 'd'].filter((id) => before[id] !== after[id]);
        const namedIds = named.map((finding) => ('id' in finding ? finding.id : ''));
        expect(namedIds.toSorted()).toEqual(expected);
      }),
    );
  });
});
