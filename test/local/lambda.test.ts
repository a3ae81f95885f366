import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFixture } from './lambda-fixtures.ts';

const open: Array<ReturnType<typeof createFixture>> = [];
const fixture: typeof createFixture = (...settings) => {
  const created = createFixture(...settings);
  open.push(created);
  return created;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ pool }) => pool.recycle()));
});

describe('a function', () => {
  it('sees its own environment and what Lambda adds, nothing of this machine', async () => {
    const { invoke } = fixture('export const handler = async () => ({ ...process.env });');
    const { value } = await invoke();
    expect(value).toMatchObject({
      GREETING: 'hello',
      AWS_REGION: 'eu-central-1',
      AWS_LAMBDA_FUNCTION_NAME: 'fixture',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
    });
    expect(value).not.toHaveProperty('HOME');
    expect(value).not.toHaveProperty('PATH');
  });

  it('reads the shared clock however it asks for the time', async () => {
    const { invoke, clock } = fixture(`export const handler = async () => [
      Date.now(), new Date().getTime(), Date.parse(Date()), new Date(0).getTime(),
      new Date() instanceof Date, new Date(2020, 0, 2).getDate(),
    ];`);
    clock.advance(86_400);
    const { value } = await invoke();
    const ahead = Date.now() + 86_400_000;
    const [now, fresh, text, ...fixed] = Array.isArray(value) ? value.map(Number) : [];
    for (const reading of [now, fresh, text]) {
      expect(Math.abs((reading ?? 0) - ahead)).toBeLessThan(5000);
    }
    expect(fixed).toEqual([0, 1, 2]);
  });

  it('stays warm: the next event finds the same container', async () => {
    const { invoke } = fixture('let n = 0; export const handler = async () => (n += 1);');
    await invoke();
    expect((await invoke()).value).toBe(2);
  });

  it('is served by the container that ran last, not by one that has started since', async () => {
    const { invoke, logs } = fixture(`
      import { existsSync, writeFileSync } from 'node:fs';
      import { setTimeout as delay } from 'node:timers/promises';
      const mark = new URL('another', import.meta.url);
      if (existsSync(mark)) await delay(500);
      writeFileSync(mark, '');
      console.log('started');
      let n = 0;
      export const handler = async () => (n += 1);`);
    await invoke();
    // The second event has another container started, and is served by the first before that is ready.
    const both = await Promise.all([invoke(), invoke()]);
    expect(both.map(({ value }) => value)).toEqual([2, 3]);
    await vi.waitFor(() => expect(logs.list()).toHaveLength(2));
    // The other one is ready at some time during these.
    for (let n = 4; n < 100; n += 1) expect((await invoke()).value).toBe(n);
  });

  it('runs one event at a time per container, and others beside it', async () => {
    const { invoke } = fixture(`let busy = 0; let most = 0;
      export const handler = async () => {
        busy += 1; most = Math.max(most, busy);
        await new Promise((resolve) => setTimeout(resolve, 20));
        busy -= 1; return [process.env.AWS_ACCESS_KEY_ID, most];
      };`);
    const results = await Promise.all(Array.from({ length: 20 }, () => invoke()));
    const pairs = results.map(({ value }) => (Array.isArray(value) ? value : []));
    expect(pairs.every(([, most]) => most === 1)).toBe(true);
    expect(new Set(pairs.map(([key]) => key)).size).toBeGreaterThan(1);
  });

  it('fails alone when its handler throws, and answers with the error as Lambda does', async () => {
    const { invoke } = fixture(`export const handler = async (event) => {
      if (event === 1) throw new TypeError('no'); return 'fine';
    };`);
    expect(await invoke(1)).toMatchObject({
      functionError: 'Unhandled',
      value: { errorType: 'TypeError', errorMessage: 'no' },
    });
    expect(await invoke(2)).toEqual({ value: 'fine', functionError: undefined });
  });

  it('times out after what the template allows, and starts anew', async () => {
    const source = `export const handler = (event) =>
      event === 1 ? new Promise(() => setInterval(() => {}, 1000)) : 'fine';`;
    const { invoke } = fixture(source, { timeoutSeconds: 1 });
    expect(await invoke(1)).toMatchObject({
      functionError: 'Unhandled',
      value: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringContaining('1.00 seconds'),
      },
    });
    expect((await invoke(2)).value).toBe('fine');
  });

  it('that exits fails its event with an exit error', async () => {
    const { invoke } = fixture('export const handler = () => process.exit(1);');
    expect(await invoke()).toMatchObject({ value: { errorType: 'Runtime.ExitError' } });
  });

  it('that cannot be loaded fails each event and says why in the log', async () => {
    const { invoke, logs } = fixture("throw new Error('broken');");
    expect(await invoke()).toMatchObject({
      functionError: 'Unhandled',
      value: { errorType: 'Runtime.InitError', errorMessage: expect.stringContaining('broken') },
    });
    expect(logs.list()[0]).toMatchObject({ stream: 'platform' });
  });

  it('is throttled beyond its reserved concurrency', async () => {
    const source = 'export const handler = () => new Promise((r) => setTimeout(r, 100));';
    const { invoke } = fixture(source, { reservedConcurrency: 1 });
    const [first, second] = await Promise.allSettled([invoke(), invoke()]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'TooManyRequestsException', status: 429 } });
  });

  it('leaves structured lines in its log, each with the request that wrote it', async () => {
    const { pool, logs } = fixture(
      `export const handler = () => console.log(JSON.stringify({ level: 'INFO', n: 1 }));`,
    );
    await pool.invoke('null', 'request-1');
    await vi.waitFor(() =>
      expect(logs.list()).toContainEqual(
        expect.objectContaining({ requestId: 'request-1', message: { level: 'INFO', n: 1 } }),
      ),
    );
  });

  it('is served by a new container while the others are being ended', async () => {
    const { invoke, pool } = fixture('let n = 0; export const handler = async () => (n += 1);');
    await invoke();
    const ending = pool.recycle();
    expect(await invoke()).toEqual({ value: 1, functionError: undefined });
    await ending;
  });

  it('loses its credentials with its container', async () => {
    const { invoke, pool, credentials } = fixture(
      'export const handler = () => process.env.AWS_ACCESS_KEY_ID;',
    );
    const key = String((await invoke()).value);
    expect(credentials.find(key)?.principal.name).toBe('fixture');
    await pool.recycle();
    expect(credentials.find(key)).toBeUndefined();
  });
});
