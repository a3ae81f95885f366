import { describe, expect, it } from 'vitest';
import { IMPORT_RATIO_LIMIT } from '../../bench/bundles.ts';
import { conclude } from '../../bench/conclusion.ts';
import { type Budget, overruns } from '../../bench/measure.ts';
import { privacyOverruns } from '../../bench/privacy.ts';

const BUDGET: Budget = { calls: 4, depth: 3, kms: 1 };

function flow(measured: Budget) {
  const name = 'sign-in';
  return { name, budget: BUDGET, measured: { ...measured, waitMs: 0, records: [], requests: [] } };
}

describe('a budget', () => {
  it('may be used up', () => {
    expect(overruns(BUDGET, BUDGET)).toEqual([]);
    expect(overruns({ calls: 0, depth: 0, kms: 0 }, BUDGET)).toEqual([]);
  });

  it.each([
    ['calls', { ...BUDGET, calls: 5 }, 'calls 5 instead of 4'],
    ['depth', { ...BUDGET, depth: 4 }, 'depth 4 instead of 3'],
    ['kms', { ...BUDGET, kms: 2 }, 'kms 2 instead of 1'],
    ['abroad', { ...BUDGET, abroad: 1 }, 'abroad 1 instead of 0'],
  ])('is overrun by one more in %s', (_, measured, sentence) => {
    expect(overruns(measured, BUDGET)).toEqual([sentence]);
  });
});

describe('npm run bench', () => {
  it('ends with 1 when a workflow calls more often than its items are more, or needs more memory', () => {
    const report = { name: 'erasure', transitions: 30, peakMiB: 200, cost: 0 };
    const few = { ...report, items: 1000, calls: 150 };
    const linear = { ...report, items: 10_000, calls: 1500 };
    expect(privacyOverruns([few, linear])).toEqual([]);
    const many = { ...linear, calls: 1501, peakMiB: 300 };
    const over = ['erasure: 1501 calls for 10000 items, 150 for 1000', 'erasure: 300 MiB'];
    expect(privacyOverruns([few, many])).toEqual(over);
    expect(conclude([], [], over)).toMatchObject({ exitCode: 1 });
  });

  it('ends with 0 while everything is within budget', () => {
    const bundles = [{ surface: 'token', importRatio: IMPORT_RATIO_LIMIT }];
    expect(conclude([flow(BUDGET)], bundles)).toEqual({
      exitCode: 0,
      text: 'Everything is within budget.',
    });
  });

  it('ends with 1 and names the flow that is over budget, and by how much', () => {
    const { exitCode, text } = conclude([flow(BUDGET), flow({ calls: 6, depth: 3, kms: 2 })], []);
    expect(exitCode).toBe(1);
    expect(text).toContain('sign-in: calls 6 instead of 4');
    expect(text).toContain('sign-in: kms 2 instead of 1');
  });

  it('ends with 1 and names the bundle that loads too slowly', () => {
    const slow = { surface: 'token', importRatio: IMPORT_RATIO_LIMIT + 0.1 };
    const { exitCode, text } = conclude([flow(BUDGET)], [slow]);
    expect(exitCode).toBe(1);
    expect(text).toContain('token: import ratio 1.70 instead of 1.6');
  });
});
