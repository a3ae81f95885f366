import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCUMENTS = ['*.md', 'docs/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

function textOf(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

describe.each(DOCUMENTS)('%s', (document) => {
  it('links only to what exists', () => {
    const targets = [...textOf(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    const missing = targets
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(ROOT, dirname(document), target)));
    expect(missing).toEqual([]);
  });
});

it('the threat model names tests that exist', () => {
  const named = [...textOf('docs/threat-model.md').matchAll(/`(test\/[^`]+)`/g)];
  expect(named.length).toBeGreaterThan(20);
  const missing = named
    .map(([, test = '']) => test)
    .filter((test) => !existsSync(join(ROOT, `${test}.test.ts`)));
  expect(missing).toEqual([]);
});
