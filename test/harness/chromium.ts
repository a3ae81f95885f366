import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { withFileLock } from '../../local/file-lock.ts';

/** Debian packages that Chromium loads; the npm package brings everything else. */
const NEEDED = 'libnss3 libnspr4 libexpat1';
/** Below the project, so that another project's copy is never taken. */
const DIRECTORY = resolve(import.meta.dirname, '../../.tmp/chromium');

/** Chromium from npm. Only its path is used: the package's own arguments would switch web security off. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = join(DIRECTORY, 'chromium');
  await mkdir(resolve(DIRECTORY, '..'), { recursive: true });
  // Several processes ask at the same time: none may start what another one has half unpacked.
  await withFileLock(`${DIRECTORY}.lock`, async () => {
    if (!existsSync(executablePath)) await unpack();
  });
  try {
    return await chromium.launch({ executablePath, args: ['--no-sandbox'], headless: true });
  } catch (cause) {
    const message = `Chromium does not start; on Debian: apt-get install ${NEEDED}`;
    throw new Error(message, { cause });
  }
}

/** Beside its place and then moved there: a run that is ended halfway leaves no half of it. */
async function unpack(): Promise<void> {
  const building = `${DIRECTORY}.building`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building);
  const { TMPDIR: before } = process.env;
  process.env['TMPDIR'] = building;
  try {
    await sparticuz.executablePath();
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, 'TMPDIR');
    else process.env['TMPDIR'] = before;
  }
  await rm(DIRECTORY, { recursive: true, force: true });
  await rename(building, DIRECTORY);
}
