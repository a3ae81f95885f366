/** Containers that crash at a call, in threads that others have after them. */

import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { createThreadStock } from '../../local/lambda/thread-stock.ts';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import { createFixture } from './lambda-fixtures.ts';

const closers: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Calls `/crash`, at which the container crashes, and does the rest afterwards. */
const CRASH = `
  for (let n = 0; n < 5; n += 1) console.log('before', n);
  await call(url + '/crash?' + key);`;

const crashing = (act: string) => `
  const http = require('node:http');
  const { threadId } = require('node:worker_threads');
  const { AWS_ACCESS_KEY_ID: key } = process.env;
  const call = (url, agent) => new Promise((resolve) => {
    http.get(url, { agent }, (answer) => answer.resume().on('end', resolve)).once('error', resolve);
  });
  exports.handler = async (url) => {
    if (url !== null) {
      ${act}
    }
    return threadId;
  };`;

/** A function, and a server that knows what its containers called. */
async function openCliff(act: string) {
  const threads = createThreadStock(4);
  const give = vi.spyOn(threads, 'give');
  const fixture = createFixture(crashing(act), {}, { threads, ending: 'cjs' });
  const called: Array<string> = [];
  const server = createServer(({ url = '' }, response) => {
    const [path = '', key = ''] = url.split('?');
    called.push(path);
    if (path === '/crash') fixture.credentials.find(key)?.holder?.crash();
    response.end();
  });
  closers.push(
    () => threads.close(),
    () => fixture.pool.recycle(),
    () => closeServer(server),
  );
  const url = `http://127.0.0.1:${await listenOnLoopback(server, 0)}`;
  return { ...fixture, url, called, give };
}

test('whoever asked is told at once, and the next event has a container of its own', async () => {
  const { invoke, url } = await openCliff(`${CRASH} await new Promise(() => {});`);
  const { value: crashed } = await invoke();
  const { value, functionError } = await invoke(url);
  expect([value, functionError]).toMatchObject([{ errorType: 'Runtime.ExitError' }, 'Unhandled']);
  expect((await invoke()).value).not.toBe(crashed);
});

test('what it printed before is logged, nothing after; it calls nobody, and its credentials are no longer good', async () => {
  const { invoke, url, called, logs, credentials, give } = await openCliff(`${CRASH}
    console.log('after');
    await call(url + '/after');
    await fetch(url + '/after').catch(() => undefined);`);
  const issue = vi.spyOn(credentials, 'issue');
  await invoke(url);
  await vi.waitFor(() => expect(give).toHaveBeenCalled());
  expect(called).toEqual(['/crash']);
  const before = ['before 0', 'before 1', 'before 2', 'before 3', 'before 4'];
  expect(logs.list().map(({ message }) => message)).toEqual(before.toReversed());
  const [issued] = issue.mock.results;
  expect(issued?.type).toBe('return');
  expect(credentials.find(issued?.value.accessKeyId)).toBeUndefined();
});

test('a connection that is open already carries nothing more', async () => {
  const { invoke, url, called, give } = await openCliff(`
    const agent = new http.Agent({ keepAlive: true });
    await Promise.all([call(url + '/warm', agent), call(url + '/warm', agent)]);
    const crash = call(url + '/crash?' + key, agent);
    await new Promise(setImmediate);
    // Long enough for the crash, which this thread cannot hear of meanwhile.
    for (const start = performance.now(); performance.now() - start < 200; );
    await Promise.all([crash, call(url + '/after', agent)]);`);
  await invoke(url);
  await vi.waitFor(() => expect(give).toHaveBeenCalled());
  expect(called).toEqual(['/warm', '/warm', '/crash']);
});

test('its thread becomes another container once the function has given up', async () => {
  const { invoke, url, give, called } = await openCliff(`${CRASH} await call(url + '/after');`);
  const { value: crashed } = await invoke();
  await invoke(url);
  await vi.waitFor(() => expect(give).toHaveBeenCalledOnce());
  expect((await invoke()).value).toBe(crashed);
  await invoke(url);
  expect(called).toEqual(['/crash', '/crash']);
});

test('a function that does not give up loses its thread', async () => {
  const ended = vi.fn();
  process.once('worker', (worker) => worker.once('exit', ended));
  const { invoke, url, give } = await openCliff(`${CRASH} await new Promise(() => {});`);
  await invoke(url);
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce(), { timeout: 10_000 });
  expect(give).not.toHaveBeenCalled();
});
