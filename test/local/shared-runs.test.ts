import { expect, it } from 'vitest';
import { shareRuns } from '../../local/shared-runs.ts';

/** Runs that end when they are told to; how many have begun. */
function createRuns() {
  const begun: Array<PromiseWithResolvers<void>> = [];
  const runs = shareRuns(() => {
    const running = Promise.withResolvers<void>();
    begun.push(running);
    return running.promise;
  });
  return { ...runs, begun };
}

/** All that was to be done at once has been. */
const atRest = () => new Promise((resolve) => setImmediate(resolve));

it('those who ask while a run is under way share the next one, which begins after it', async () => {
  const { ask, begun } = createRuns();
  const first = ask();
  await atRest();
  const others = [ask(), ask(), ask()];
  await atRest();
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  await first;
  await atRest();
  expect(begun).toHaveLength(2);
  begun[1]?.resolve();
  await Promise.all(others);
  expect(begun).toHaveLength(2);
});

it('those who ask at once share one run', async () => {
  const { ask, begun } = createRuns();
  const all = [ask(), ask()];
  await atRest();
  begun[0]?.resolve();
  await Promise.all(all);
  expect(begun).toHaveLength(1);
});

it('a run that fails is told to those who asked for it, and to nobody else', async () => {
  const { ask, settled, begun } = createRuns();
  const failing = ask();
  await atRest();
  const next = ask();
  begun[0]?.reject(new Error('broken'));
  await expect(failing).rejects.toThrow('broken');
  await atRest();
  begun[1]?.resolve();
  await expect(next).resolves.toBeUndefined();
  await expect(settled()).resolves.toBeUndefined();
});

it('is settled once nothing is under way and nothing is asked for any more', async () => {
  const { ask, settled, begun } = createRuns();
  await settled();
  void ask();
  await atRest();
  void ask();
  let isSettled = false;
  const settling = settled().then(() => {
    isSettled = true;
  });
  begun[0]?.resolve();
  await atRest();
  expect({ isSettled, begun: begun.length }).toEqual({ isSettled: false, begun: 2 });
  begun[1]?.resolve();
  await settling;
});
