import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const README = resolve(import.meta.dirname, '../README.md');
const START = '<!-- budgets:start -->';
const END = '<!-- budgets:end -->';

/** Replaces what stands between the README's markers. Throws when they are not there. */
export async function writeMeasured(markdown: string): Promise<void> {
  const text = await readFile(README, 'utf8');
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start === -1 || end < start) throw new Error(`README.md lacks ${START} … ${END}`);
  const updated = `${text.slice(0, start)}${START}\n${markdown}\n${text.slice(end)}`;
  await writeFile(README, updated);
}
