import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeFileLock, tryFileLock, withFileLock } from '../../local/file-lock.ts';

/** Beyond what any system gives to a process. */
const NO_PROCESS = 2 ** 30;

describe('a lock file', () => {
  let directory: string;
  let path: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'domicile-lock-'));
    path = join(directory, 'lock');
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is held by one at a time, and names its owner', async () => {
    const release = await tryFileLock(path);
    expect(await readFile(path, 'utf8')).toBe(String(process.pid));
    expect(await tryFileLock(path)).toBeUndefined();
    await release?.();
    const again = await tryFileLock(path);
    expect(again).toBeDefined();
    await again?.();
  });

  it('is taken over when its owner has died', async () => {
    await writeFile(path, String(NO_PROCESS));
    await expect(withFileLock(path, async () => 'done')).resolves.toBe('done');
  });

  it('is waited for until its owner has done the work, and no longer', async () => {
    const release = await tryFileLock(path);
    let asked = 0;
    const isNeeded = () => {
      asked += 1;
      return asked < 3;
    };
    expect(await takeFileLock(path, isNeeded)).toBeUndefined();
    expect(await readFile(path, 'utf8')).toBe(String(process.pid));
    await release?.();
  });

  it('is given back by one who gets it when the work is done', async () => {
    const answers = [true, false, false].values();
    expect(await takeFileLock(path, () => answers.next().value ?? false)).toBeUndefined();
    const release = await tryFileLock(path);
    expect(release).toBeDefined();
    await release?.();
  });

  it('is respected while its owner is about to write its id', async () => {
    await writeFile(path, '');
    expect(await tryFileLock(path)).toBeUndefined();
  });

  it('is taken over when a crash left it empty', async () => {
    await writeFile(path, '');
    const minuteAgo = new Date(Date.now() - 60_000);
    await utimes(path, minuteAgo, minuteAgo);
    await expect(withFileLock(path, async () => 'done')).resolves.toBe('done');
  });
});
