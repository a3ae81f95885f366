import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../local/streams/invocation.ts';
import { createFixture, failed, odd, ok } from './streams-fixtures.ts';

describe('a stream that a function follows', () => {
  it('is delivered in order, batch by batch, each record once', async () => {
    const { consumer, append, invoked, state } = createFixture(ok);
    append(5);
    expect(await consumer.deliver()).toBe(true);
    append(1);
    expect(await consumer.deliver()).toBe(true);
    expect(invoked).toEqual([[1, 2, 3], [4, 5], [6]]);
    expect(state.position).toBe('6');
  });

  it('costs no invocation while there is nothing new', async () => {
    const { consumer, invoked } = createFixture(ok);
    expect(await consumer.deliver()).toBe(true);
    expect(invoked).toEqual([]);
  });

  it('leaves out what no filter wants, and does not come back to it', async () => {
    const { consumer, append, invoked, state } = createFixture(ok, { wants: odd });
    append(6);
    await consumer.deliver();
    expect(invoked).toEqual([[1, 3, 5]]);
    expect(state.position).toBe('6');
  });

  it('runs one invocation at a time, whoever asks meanwhile', async () => {
    const { consumer, append, invoked } = createFixture(ok, { batchSize: 1 });
    append(3);
    await Promise.all([consumer.deliver(), consumer.deliver()]);
    expect(invoked).toEqual([[1], [2], [3]]);
  });

  it('goes on at the record that failed, as the function says', async () => {
    let isBroken = true;
    const work = (sequences: ReadonlyArray<number>): Attempt => {
      const done = isBroken ? sequences.indexOf(2) : sequences.length;
      isBroken = false;
      return { done, requestId: 'r' };
    };
    const { consumer, append, invoked } = createFixture(work);
    append(4);
    expect(await consumer.deliver()).toBe(true);
    expect(invoked).toEqual([[1, 2, 3], [2, 3], [4]]);
  });

  it('gives up what failed once more often than the template allows, tells of it, and goes on', async () => {
    const work = (sequences: ReadonlyArray<number>) =>
      sequences.includes(2) ? failed : ok(sequences);
    const { consumer, append, invoked, givenUp, state } = createFixture(work, { maxRetries: 2 });
    append(4);
    expect(await consumer.deliver()).toBe(true);
    expect(invoked).toEqual([[1, 2, 3], [1, 2, 3], [1, 2, 3], [4]]);
    expect(givenUp).toEqual([
      { records: [1, 2, 3], condition: 'RetryAttemptsExhausted', attempts: 3 },
    ]);
    expect(state.position).toBe('4');
  });

  it('is halved around a poisonous record until that one stands alone', async () => {
    const work = (sequences: ReadonlyArray<number>) =>
      sequences.includes(3) ? failed : ok(sequences);
    const { consumer, append, invoked, givenUp } = createFixture(work, {
      batchSize: 4,
      bisects: true,
      maxRetries: 1,
    });
    append(4);
    expect(await consumer.deliver()).toBe(true);
    expect(invoked).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
    expect(givenUp).toEqual([{ records: [3], condition: 'RetryAttemptsExhausted', attempts: 2 }]);
  });

  it('gives up records that have grown too old, without trying them', async () => {
    const { consumer, append, invoked, givenUp } = createFixture(ok, { maxRecordAgeSeconds: 3600 });
    append(2, 7200);
    append(1);
    await consumer.deliver();
    expect(invoked).toEqual([[3]]);
    expect(givenUp).toEqual([{ records: [1, 2], condition: 'RecordAgeExceeded', attempts: 0 }]);
  });

  it('waits with what fails without end, and begins there with the next delivery', async () => {
    let isBroken = true;
    const { consumer, append, state, invoked } = createFixture((sequences) =>
      isBroken && sequences.includes(4) ? failed : ok(sequences),
    );
    append(5);
    expect(await consumer.deliver()).toBe(false);
    expect(state.position).toBe('3');
    isBroken = false;
    expect(await consumer.deliver()).toBe(true);
    expect(invoked.at(-1)).toEqual([4, 5]);
  });

  it.each<[string, (state: { isDown: boolean; isSilent: boolean }, away: boolean) => void]>([
    ['the region is down', (state, away) => Object.assign(state, { isDown: away })],
    ['the stream gives no answer', (state, away) => Object.assign(state, { isSilent: away })],
  ])('waits while %s', async (_, set) => {
    const { consumer, append, invoked, state } = createFixture(ok);
    append(1);
    set(state, true);
    expect(await consumer.deliver()).toBe(false);
    set(state, false);
    expect(await consumer.deliver()).toBe(true);
    expect(invoked).toEqual([[1]]);
  });

  it('waits while functions may not run, and counts no attempt', async () => {
    const refusals: Array<Attempt> = ['throttled', 'throttled'];
    const { consumer, append, givenUp } = createFixture((all) => refusals.pop() ?? ok(all), {
      maxRetries: 0,
    });
    append(1);
    expect(await consumer.deliver()).toBe(true);
    expect(givenUp).toEqual([]);
  });

  it('begins anew when its table was emptied', async () => {
    const { consumer, append, invoked } = createFixture(ok);
    append(1);
    await consumer.deliver();
    await consumer.halt();
    consumer.restart();
    await consumer.deliver();
    expect(invoked).toEqual([[1], [1]]);
  });
});
