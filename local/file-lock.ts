import { writeFileSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** An owner writes its id in the same breath in which it takes the lock. */
const EMPTY_MS = 1000;

/**
 * Runs `work` while no other process of this machine runs under the same lock file. A lock whose
 * owner has died is taken over.
 */
export async function withFileLock<Value>(
  path: string,
  work: () => Promise<Value>,
): Promise<Value> {
  const release = await takeFileLock(path, () => true);
  try {
    return await work();
  } finally {
    await release?.();
  }
}

/** Waits for the lock as long as it is needed: undefined when it is not, or no longer. */
export async function takeFileLock(
  path: string,
  isNeeded: () => boolean,
): Promise<(() => Promise<void>) | undefined> {
  while (isNeeded()) {
    const release = await tryFileLock(path);
    if (release === undefined) {
      await sleep(POLL_MS);
      continue;
    }
    if (isNeeded()) return release;
    // Its last owner has done the work.
    await release();
  }
  return undefined;
}

/** Undefined while somebody else, still alive, holds the lock. Throws what the file system says. */
export async function tryFileLock(path: string): Promise<(() => Promise<void>) | undefined> {
  if (await isAbandoned(path)) await rm(path, { force: true });
  return take(path) ? () => rm(path, { force: true }) : undefined;
}

function take(path: string): boolean {
  try {
    // At once: whoever is ended in between leaves a lock that nobody owns.
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (!Number.isInteger(owner) || owner === 0) return (await ageMs(path)) > EMPTY_MS;
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

/** By real time, as the file system's clock goes; 0 when there is no such file. */
async function ageMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
