/** What passes at once when pauses are skipped, and what takes its time all the same. */
import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import { createFixture } from './lambda-fixtures.ts';

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Answers with what the handler returned, and how long it had taken by the thread's own time. */
async function run(body: string, pauses: 'real' | 'skipped' = 'skipped') {
  const source = `
    import { get } from 'node:http';
    import { setTimeout as delay } from 'node:timers/promises';
    const call = (url, signal) => new Promise((resolve, reject) => {
      get(url, { signal }, (answer) => answer.resume().once('end', () => resolve('answered')))
        .once('error', (error) => reject(error.cause ?? error));
    });
    export const handler = async (url) => {
      const startedMs = performance.now();
      const value = await (async () => { ${body} })();
      return { value, tookMs: performance.now() - startedMs };
    };`;
  const { pool } = createFixture(source, {}, { skipsPauses: pauses === 'skipped' });
  closers.push(() => pool.recycle());
  const { payload } = await pool.invoke(JSON.stringify(await serve()));
  return JSON.parse(payload);
}

const listeners: Readonly<Record<string, RequestListener>> = {
  '/late': (_, response) => void setTimeout(() => response.end(), 400),
  '/never': (_, response) => response.writeProcessing(),
};

async function serve(): Promise<string> {
  const server = createServer((request, response) =>
    listeners[request.url ?? '']?.(request, response),
  );
  closers.push(() => closeServer(server));
  return `http://127.0.0.1:${await listenOnLoopback(server, 0)}`;
}

const PAUSES = {
  'of our own': 'return await delay(3000, "over");',
  'of the SDK': 'return await new Promise((over) => setTimeout(over, 3000, "over"));',
};

describe.each(Object.entries(PAUSES))('a pause %s', (_, pause) => {
  it('passes at once', async () => {
    const { value, tookMs } = await run(pause);
    expect(value).toBe('over');
    expect(tookMs).toBeLessThan(2000);
  });

  it('takes its time in a cloud that skips none', async () => {
    const { value, tookMs } = await run(pause.replace('3000', '300'), 'real');
    expect(value).toBe('over');
    expect(tookMs).toBeGreaterThan(290);
  });

  it('takes its time while an answer is awaited', async () => {
    const { value } = await run(`
      const order = [];
      const other = async () => { ${pause.replace('3000', '200')} };
      const start = performance.now();
      await Promise.all([call(url + '/late'), other().then(() => order.push(performance.now()))]);
      return order[0] - start;
    `);
    expect(value).toBeGreaterThan(190);
  });
});

it.each([
  ['a hash', 'crypto.subtle.digest("SHA-512", new Uint8Array(60_000_000))'],
  [
    'a key of a password',
    `new Promise((resolve) => argon2('argon2id', {
      message: 'password', nonce: Buffer.alloc(16), tagLength: 32,
      parallelism: 1, memory: 131_072, passes: 3,
    }, resolve))`,
  ],
])('a pause takes its time while %s is worked out', async (_, work) => {
  const { value } = await run(`
    const order = [];
    const { argon2 } = await import('node:crypto');
    await Promise.all([
      ${work}.then(() => order.push('work')),
      delay(9000).then(() => order.push('pause')),
    ]);
    return order;
  `);
  expect(value).toEqual(['work', 'pause']);
});

it('pauses end in their order', async () => {
  const { value } = await run(`
    const order = [];
    const after = (ms) => delay(ms).then(() => order.push(ms));
    await Promise.all([after(3000), after(1000), after(2000)]);
    return order;
  `);
  expect(value).toEqual([1000, 2000, 3000]);
});

it('a pause that is given up ends nothing', async () => {
  const { value } = await run(`
    let ended = false;
    const timer = setTimeout(() => { ended = true; }, 1000);
    clearTimeout(timer);
    const leaving = new AbortController();
    const pause = delay(1000, 'over', { signal: leaving.signal }).catch(({ name }) => name);
    leaving.abort();
    return [await pause, await delay(2000, ended)];
  `);
  expect(value).toEqual(['AbortError', false]);
});

describe('the time limit of a call', () => {
  const limited = (path: string, limitMs: number) =>
    `return await call(url + '${path}', AbortSignal.timeout(${limitMs})).catch(({ name }) => name);`;

  it('that is never answered is over at once', async () => {
    const { value, tookMs } = await run(limited('/never', 4000));
    expect(value).toBe('TimeoutError');
    expect(tookMs).toBeLessThan(2000);
  });

  it('that is answered late holds', async () => {
    expect((await run(limited('/late', 4000))).value).toBe('answered');
    const { value, tookMs } = await run(limited('/late', 200));
    expect(value).toBe('TimeoutError');
    expect(tookMs).toBeGreaterThan(190);
  });

  it('that begins later holds through all pauses', async () => {
    const { value } = await run(`
      const limit = AbortSignal.timeout(4000);
      await delay(5000);
      return await call(url + '/late', limit).catch(({ name }) => name);
    `);
    expect(value).toBe('answered');
  });
});

it('what is longer than a pause is waited for', async () => {
  const { value } = await run(`
    const late = delay(11_000, 'late');
    return await Promise.race([late, delay(3000, 'pause')]);
  `);
  expect(value).toBe('pause');
});
