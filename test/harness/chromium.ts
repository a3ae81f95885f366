import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Debian packages that Chromium loads; the npm package brings everything else. */
const NEEDED = 'libnss3 libnspr4 libexpat1';

/**
 * Chromium from npm, unpacked under `.tmp/`, so that another project's copy is never taken. Only
 * the package's path is used: its own arguments would switch web security off.
 */
export async function launchChromium(): Promise<Browser> {
  const directory = resolve(import.meta.dirname, '../../.tmp/chromium');
  mkdirSync(directory, { recursive: true });
  process.env['TMPDIR'] = directory;
  const executablePath = await sparticuz.executablePath();
  try {
    return await chromium.launch({ executablePath, args: ['--no-sandbox'], headless: true });
  } catch (cause) {
    const message = `Chromium does not start; on Debian: apt-get install ${NEEDED}`;
    throw new Error(message, { cause });
  }
}
