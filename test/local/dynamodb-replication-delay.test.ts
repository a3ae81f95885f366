import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { key } from './dynamodb-fixtures.ts';
import { DIRECTORY, openCells, type TestCells } from './dynamodb-replication-fixtures.ts';

describe('replication takes its time', () => {
  let cells: TestCells;

  beforeEach(async () => {
    // The store itself goes on in real time: it sets no timers.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    cells = await openCells('dynalite', { delayMs: 500 });
  });

  afterEach(async () => {
    vi.useRealTimers();
    await cells.close();
  });

  /** A transaction waits for what is being written before it. */
  async function seenInUs(pk: string): Promise<boolean> {
    const answer = await cells.call('us', 'TransactGetItems', {
      TransactItems: [{ Get: { TableName: DIRECTORY, Key: key(pk) } }],
    });
    return JSON.stringify(answer).includes(pk);
  }

  test('a write arrives after the delay, not before', async () => {
    await cells.write('eu', 'A', 'one');
    vi.advanceTimersByTime(499);
    expect(await seenInUs('A')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await seenInUs('A')).toBe(true);
  });

  test('a changed delay holds for what is underway', async () => {
    await cells.write('eu', 'A', 'one');
    cells.replication.setDelayMs(10_000);
    vi.advanceTimersByTime(9_999);
    expect(await seenInUs('A')).toBe(false);
    cells.replication.setDelayMs(0);
    expect(await seenInUs('A')).toBe(true);
  });

  test('paused, nothing arrives however long it takes; resumed, all that is due does', async () => {
    await cells.write('eu', 'A', 'one');
    cells.replication.pause();
    vi.advanceTimersByTime(60_000);
    expect(await seenInUs('A')).toBe(false);
    await cells.write('eu', 'B', 'not due yet');
    cells.replication.resume();
    expect(await seenInUs('A')).toBe(true);
    expect(await seenInUs('B')).toBe(false);
  });

  test('a region that comes back gets at once what has long been due', async () => {
    cells.replication.hold('us-east-1');
    await cells.write('eu', 'A', 'one');
    vi.advanceTimersByTime(60_000);
    expect(await seenInUs('A')).toBe(false);
    cells.replication.release('us-east-1');
    expect(await seenInUs('A')).toBe(true);
  });

  test('closing leaves no timer behind', async () => {
    await cells.write('eu', 'A', 'one');
    await cells.replication.close();
    expect(await seenInUs('A')).toBe(true);
    await cells.write('eu', 'B', 'too late');
    expect(vi.getTimerCount()).toBe(0);
  });
});
