import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCheckedApp } from '../../bin/domicile.ts';
import { DOMAIN, STACKS, THREE_CELLS, templateOf, threeCells } from './synthesized.ts';

const ONE = { cells: THREE_CELLS.slice(0, 1) };

describe('the stacks', () => {
  it.each(STACKS)('%s changes only on purpose', (id) => {
    expect(withoutHashes(templateOf(id))).toMatchSnapshot();
  });

  // Those of the primary cell differ from a single cell's by what the others add; `ap` is as `us`.
  it.each(['Directory', 'DirectoryKey-us', 'Data-us', 'Identity-us', 'Privacy-us'])(
    '%s of three cells changes only on purpose',
    (id) => {
      expect(withoutHashes(threeCells.templateOf(id))).toMatchSnapshot();
    },
  );

  // The widest first: CloudFormation's rules are compiled for what types of resources there are.
  it.each([
    ['in three with a domain', { cells: THREE_CELLS, ...DOMAIN }],
    ['in three', { cells: THREE_CELLS }],
    ['in a region with a domain', { ...ONE, ...DOMAIN }],
    ['in a region', ONE],
    ['with no region', { cells: [{ name: 'eu' }] }],
    ['as cdk.json has them', {}],
    ['in a region whose edge changes its secret', { ...ONE, ...DOMAIN, edgeSecretGeneration: '3' }],
  ])('pass cdk-nag’s AwsSolutions rules and CloudFormation’s own %s', (_where, context) => {
    const outdir = mkdtempSync(join(tmpdir(), 'domicile-nag-'));
    try {
      const app = createCheckedApp({ outdir, bundling: false, context });
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
