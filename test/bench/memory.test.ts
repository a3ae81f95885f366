import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { computingMs, estimate } from '../../bench/memory-model.ts';
import { propertiesOf } from '../infra/synthesized.ts';

describe('the model of duration and price by memory size', () => {
  it('gives a whole vCPU at 1,769 MiB, and never more, to a request that computes', () => {
    expect(computingMs(10, 1769)).toBe(10);
    expect(computingMs(10, 3538)).toBe(10);
    expect(computingMs(10, 1769 / 4)).toBe(40);
  });

  it('lets waiting take as long at every size', () => {
    const waiting = { cpuMs: 0, waitMs: 25 };
    expect(estimate(waiting, 512).durationMs).toBe(25);
    expect(estimate(waiting, 1769).durationMs).toBe(25);
  });

  it('prices computing alike at every size up to one vCPU, and waiting by the size', () => {
    const computing = { cpuMs: 1000, waitMs: 0 };
    const price = estimate(computing, 1769).dollarsPerMillion;
    expect(estimate(computing, 512).dollarsPerMillion).toBeCloseTo(price);
    // 1 GB for a second, and the request itself (list price, arm64).
    const waiting = { cpuMs: 0, waitMs: 1000 };
    expect(estimate(waiting, 1024).dollarsPerMillion).toBeCloseTo(13.3334 + 0.2);
    expect(estimate(waiting, 512).dollarsPerMillion).toBeCloseTo(13.3334 / 2 + 0.2);
  });
});

describe('ADR 0010', () => {
  it.each(['token', 'interaction', 'account', 'admin'])(
    'shows the size of %s that is deployed in bold',
    (surface) => {
      const deployed = propertiesOf('Identity-eu', 'AWS::Lambda::Function').find(
        ({ FunctionName }) => FunctionName === `domicile-${surface}`,
      );
      expect(sizesInBold(surface)).toEqual([
        `${String(deployed?.['MemorySize'])} MiB`,
        `${String(deployed?.['MemorySize'])} MiB`,
      ]);
    },
  );
});

/** Of the surface's row in each table: the heads of the columns whose cell is bold. */
function sizesInBold(surface: string): ReadonlyArray<string> {
  const file = new URL('../../docs/adr/0010-memory-sizes.md', import.meta.url);
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  let head: ReadonlyArray<string> = [];
  return rows.flatMap((row) => {
    if (row[1] === 'surface') head = row;
    if (row[1] !== surface) return [];
    return head.filter((_, column) => row[column]?.startsWith('**'));
  });
}
