import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Chromium from npm, unpacked under `.tmp/`, so that another project's copy is never taken. */
export async function launchChromium(): Promise<Browser> {
  const directory = resolve(import.meta.dirname, '../../.tmp/chromium');
  mkdirSync(directory, { recursive: true });
  process.env['TMPDIR'] = directory;
  // Only the path: the package's own arguments would switch web security off.
  const executablePath = await sparticuz.executablePath();
  return chromium.launch({ executablePath, args: ['--no-sandbox'], headless: true });
}
