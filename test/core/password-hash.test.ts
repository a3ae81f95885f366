import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatPasswordHash,
  isOutdated,
  parsePasswordHash,
} from '../../functions/core/password-hash.ts';

const COST = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

describe('the PHC string of a password hash', () => {
  it('names algorithm, cost, pepper, salt and tag', () => {
    const salt = Buffer.alloc(16, 1);
    const tag = Buffer.alloc(32, 2);
    expect(formatPasswordHash({ cost: COST, pepperVersion: 1, salt, tag })).toBe(
      '$argon2id$v=19$m=19456,t=2,p=1,keyid=MQ$AQEBAQEBAQEBAQEBAQEBAQ$AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI',
    );
  });

  it('is read back as it was written', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const cost = fc.record({
      memoryKiB: fc.integer({ min: 8, max: 1_048_576 }),
      passes: fc.integer({ min: 1, max: 99 }),
      parallelism: fc.integer({ min: 1, max: 16 }),
    });
    fc.assert(
      fc.property(cost, fc.nat(), bytes(16), bytes(32), (used, pepperVersion, salt, tag) => {
        const parsed = parsePasswordHash(
          formatPasswordHash({ cost: used, pepperVersion, salt, tag }),
        );
        expect(parsed?.cost).toEqual(used);
        expect(parsed?.pepperVersion).toBe(pepperVersion);
        expect(Buffer.from(parsed?.salt ?? []).equals(salt)).toBe(true);
        expect(Buffer.from(parsed?.tag ?? []).equals(tag)).toBe(true);
      }),
    );
  });

  it.each(['', 'plain', '$2b$10$abc', '$argon2i$v=19$m=8,t=1,p=1,keyid=MQ$AQEB$AgIC'])(
    'is not %j',
    (phc) => {
      expect(parsePasswordHash(phc)).toBeUndefined();
    },
  );

  it('is outdated when cost or pepper have changed', () => {
    const hash = { cost: COST, pepperVersion: 1, salt: Buffer.alloc(16), tag: Buffer.alloc(32) };
    expect(isOutdated(hash, COST, 1)).toBe(false);
    expect(isOutdated(hash, COST, 2)).toBe(true);
    expect(isOutdated(hash, { ...COST, passes: 3 }, 1)).toBe(true);
    expect(isOutdated(hash, { ...COST, memoryKiB: 65_536 }, 1)).toBe(true);
  });
});
