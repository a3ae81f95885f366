import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Replaces what stands between the markers `<!-- name:start -->` and `<!-- name:end -->` of one of
 * the project's documents. Throws when they are not there.
 */
export async function writeSection(path: string, name: string, markdown: string): Promise<void> {
  const file = resolve(ROOT, path);
  const text = await readFile(file, 'utf8');
  const marker = `<!-- ${name}:start -->`;
  const start = text.indexOf(marker);
  const end = text.indexOf(`<!-- ${name}:end -->`);
  if (start === -1 || end < start) throw new Error(`${path} lacks ${marker} or its end`);
  await writeFile(file, `${text.slice(0, start)}${marker}\n\n${markdown}\n\n${text.slice(end)}`);
}
