import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Runs `work` while no other process of this machine runs under the same lock file. A lock whose
 * owner has died is taken over.
 */
export async function withFileLock<Value>(
  path: string,
  work: () => Promise<Value>,
): Promise<Value> {
  let release = await tryFileLock(path);
  while (release === undefined) {
    await sleep(POLL_MS);
    release = await tryFileLock(path);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Undefined while somebody else, still alive, holds the lock. */
export async function tryFileLock(path: string): Promise<(() => Promise<void>) | undefined> {
  if (await isAbandoned(path)) await rm(path, { force: true });
  return (await take(path)) ? () => rm(path, { force: true }) : undefined;
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  // Empty: its owner is about to write its id.
  if (!Number.isInteger(owner) || owner === 0) return false;
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
