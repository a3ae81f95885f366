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

/** `test/flows/erasure` and `test/flows/erasure.test.ts` alike. */
function testsNamedIn(document: string): ReadonlyArray<string> {
  const named = [...textOf(document).matchAll(/`(test\/[^`]+?)(?:\.test\.ts)?`/g)];
  return named.map(([, test = '']) => test);
}

const fileOf = (test: string) => (test.endsWith('.ts') ? test : `${test}.test.ts`);

it.each(DOCUMENTS)('%s names tests that exist', (document) => {
  const missing = testsNamedIn(document).filter((test) => !existsSync(join(ROOT, fileOf(test))));
  expect(missing).toEqual([]);
});

it.each([
  ['docs/threat-model.md', 'threat', 20],
  ['docs/privacy.md', 'article', 25],
])('%s names a test for each %s, or says why there is none', (document, subject, atLeast) => {
  const [, table = ''] = textOf(document).split(`\n| ${subject} |`);
  const [rows = ''] = table.split('\n\n');
  const unproved = rows
    .split('\n')
    .slice(2)
    .filter((row) => !/`test\/|by construction/.test(row.split('|').at(-2) ?? ''));
  expect(unproved).toEqual([]);
  expect(testsNamedIn(document).length).toBeGreaterThan(atLeast);
});

const RIGHTS = [7, 8, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 25, 30, 32].map(String);
const SECTIONS = [100, 105, 106, 110, 120, 121, 130, 135].map((section) => `§1798.${section}`);

it.each([...RIGHTS, ...SECTIONS])('docs/privacy.md answers %s', (article) => {
  const articles = textOf('docs/privacy.md')
    .split('\n')
    .flatMap((line) => /^\| ((?:GDPR|CCPA|§)[^|]*) \|/.exec(line)?.[1] ?? []);
  const named = new RegExp(`(^|[^.\\d])${article.replace('.', '\\.')}(?!\\d)`);
  expect(articles.some((cell) => named.test(cell))).toBe(true);
});

it.each(['privacy', 'privacy-admin'])('docs/privacy.md lists every REST route of %s', (surface) => {
  const document = textOf('docs/privacy.md');
  const routes = textOf(`functions/${surface}/routes.ts`).matchAll(/'[A-Z]+ (\/v1\/[^']+)'/g);
  const missing = [...routes].flatMap(([, path = '']) => (document.includes(path) ? [] : [path]));
  expect(missing).toEqual([]);
});
