import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../bin/domicile.ts';
import { STACKS, THREE_CELLS, templateOf, threeCells } from './synthesized.ts';

describe('the stacks', () => {
  it.each(STACKS)('%s changes only on purpose', (id) => {
    expect(withoutHashes(templateOf(id))).toMatchSnapshot();
  });

  // Those of the primary cell differ from a single cell's by what the others add; `ap` is as `us`.
  it.each(['Directory', 'DirectoryKey-us', 'Data-us', 'Identity-us', 'Privacy-us'])(
    '%s of three cells changes only on purpose',
    (id) => {
      expect(withoutHashes(threeCells().templateOf(id))).toMatchSnapshot();
    },
  );

  it.each([
    ['with no region', [{ name: 'eu' }]],
    ['in a region', [{ name: 'eu', region: 'eu-central-1' }]],
    ['in three', THREE_CELLS],
  ])('pass cdk-nag’s AwsSolutions rules and CloudFormation’s own %s', (_where, cells) => {
    const outdir = mkdtempSync(join(tmpdir(), 'domicile-nag-'));
    try {
      const app = createApp({ outdir, bundling: false, context: { cells } });
      expect(() => app.synth()).not.toThrow();
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });
});

/** Hashes of code say that code changed, which is not this test's subject. */
function withoutHashes(template: unknown): unknown {
  const text = JSON.stringify(template).replaceAll(/[0-9a-f]{64}/g, '<hash>');
  return JSON.parse(text.replaceAll(/"aws:asset:path":"[^"]*"/g, '"aws:asset:path":"<path>"'));
}
