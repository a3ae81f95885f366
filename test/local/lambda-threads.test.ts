/** Containers that share a thread, one after the other: what the later one must not find. */

import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createThreadStock } from '../../local/lambda/thread-stock.ts';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import { createFixture } from './lambda-fixtures.ts';

const closers: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const THREAD = "const { threadId } = require('node:worker_threads');";

/** Functions whose containers leave their threads to one another. */
function sharing(capacity = 4) {
  const threads = createThreadStock(capacity);
  const create = (
    source: string,
    changes: Parameters<typeof createFixture>[1] = {},
    options: Parameters<typeof createFixture>[2] = {},
  ) => {
    const fixture = createFixture(source, changes, { threads, ending: 'cjs', ...options });
    closers.push(() => fixture.pool.recycle());
    return fixture;
  };
  closers.push(async () => threads.close());
  return create;
}

/** The thread of a container that has answered one event and is over. */
async function leaveThread(fixture: ReturnType<typeof createFixture>): Promise<unknown> {
  const { value } = await fixture.invoke();
  await fixture.pool.recycle();
  return value;
}

const idOf = `${THREAD} exports.handler = async () => threadId;`;

describe('a thread whose container is over', () => {
  it('becomes the next container of the function', async () => {
    const own = sharing()(idOf);
    const first = await leaveThread(own);
    expect(await leaveThread(own)).toBe(first);
  });

  it('becomes a container of another function where none knows the code', async () => {
    const create = sharing();
    const first = await leaveThread(create(idOf));
    expect(await leaveThread(create(idOf))).toBe(first);
  });

  it('is kept for those who know its code when there are several', async () => {
    const create = sharing();
    const [one, other] = [create(idOf), create(idOf)];
    const ids = [(await one.invoke()).value, (await other.invoke()).value];
    await other.pool.recycle();
    await one.pool.recycle();
    expect([await leaveThread(one), await leaveThread(other)]).toEqual(ids);
  });

  it('is no thread for functions with other limits, or where pauses take their time', async () => {
    const create = sharing();
    const first = await leaveThread(create(idOf));
    expect(await leaveThread(create(idOf, { memoryMb: 256 }))).not.toBe(first);
    expect(await leaveThread(create(idOf, {}, { skipsPauses: true }))).not.toBe(first);
    expect(await leaveThread(create(idOf))).toBe(first);
  });

  it('ends when as many rest as are kept', async () => {
    const create = sharing(1);
    const [one, other] = [create(idOf), create(idOf)];
    const ids = [(await one.invoke()).value, (await other.invoke()).value];
    await one.pool.recycle();
    await other.pool.recycle();
    expect(await leaveThread(one)).toBe(ids[1]);
  });
});

describe('a container in a thread that was another', () => {
  it.each(['cjs', 'mjs'] as const)('starts its module anew (%s)', async (ending) => {
    const source = { cjs: 'exports.handler =', mjs: 'export const handler =' }[ending];
    const { invoke, pool } = sharing()(
      `const { threadId } = process.getBuiltinModule('node:worker_threads');
      let n = 0; ${source} async () => [threadId, (n += 1)];`,
      {},
      { ending },
    );
    const [thread] = Object((await invoke()).value);
    expect((await invoke()).value).toEqual([thread, 2]);
    await pool.recycle();
    expect((await invoke()).value).toEqual([thread, 1]);
  });

  it('has its own environment and credentials', async () => {
    const create = sharing();
    const source = `${THREAD} exports.handler = async (event) => {
      Object.assign(process.env, event);
      return { threadId, ...process.env };
    };`;
    const former = create(source, { environment: { FORMER: 'yes', BOTH: 'former' } });
    const { value: before } = await former.invoke({ LEFT_BEHIND: 'yes' });
    await former.pool.recycle();
    const { value: after } = await create(source, { environment: { BOTH: 'later' } }).invoke({});
    const { threadId, AWS_ACCESS_KEY_ID } = Object(before);
    expect(after).toMatchObject({ threadId, BOTH: 'later' });
    expect(Object.keys(Object(after))).not.toContain('FORMER');
    expect(Object.keys(Object(after))).not.toContain('LEFT_BEHIND');
    expect(Object(after).AWS_ACCESS_KEY_ID).not.toBe(AWS_ACCESS_KEY_ID);
  });

  it('reads the clock of its own cloud', async () => {
    const create = sharing();
    const source = `${THREAD} exports.handler = async () => [threadId, Date.now()];`;
    const [former, later] = [create(source), create(source)];
    former.clock.advance(86_400);
    later.clock.advance(2 * 86_400);
    const [thread] = Object(await leaveThread(former));
    const [laterThread, nowMs] = Object((await later.invoke()).value);
    expect(laterThread).toBe(thread);
    expect(Math.abs(nowMs - Date.now() - 2 * 86_400_000)).toBeLessThan(5000);
  });

  it('finds no global and no listener of another', async () => {
    const create = sharing();
    const source = `${THREAD}
      const found = [globalThis.left, process.listenerCount('uncaughtException')];
      globalThis.left = 'behind';
      process.on('uncaughtException', () => {});
      exports.handler = async () => [threadId, ...found];`;
    const [thread, ...first] = Object(await leaveThread(create(source)));
    const [later, ...second] = Object(await leaveThread(create(source)));
    expect(later).toBe(thread);
    expect(second).toEqual(first);
  });

  it.each([
    [
      'node:http',
      `(url) => new Promise((resolve, reject) => require('node:http').get(url, (answer) => {
        let port = '';
        answer.on('data', (part) => { port += part; });
        answer.on('end', () => setImmediate(resolve, port));
      }).once('error', reject))`,
    ],
    ['fetch', 'async (url) => (await fetch(url)).text()'],
  ])('calls over connections of its own (%s)', async (_, ask) => {
    const server = createServer((request, response) =>
      response.end(String(request.socket.remotePort)),
    );
    closers.push(() => closeServer(server));
    const url = `http://127.0.0.1:${await listenOnLoopback(server, 0)}`;
    const source = `${THREAD} const ask = ${ask};
      exports.handler = async (url) => [threadId, await ask(url)];`;
    const create = sharing();
    const call = async () => {
      const fixture = create(source);
      const ports = [(await fixture.invoke(url)).value, (await fixture.invoke(url)).value];
      await fixture.pool.recycle();
      return ports;
    };
    const [first, again] = await call();
    expect(again).toEqual(first);
    const [later] = await call();
    const [[thread, port], [laterThread, laterPort]] = [Object(first), Object(later)];
    expect(laterThread).toBe(thread);
    expect(laterPort).not.toBe(port);
  });

  it('is not disturbed by a timer of another', async () => {
    const create = sharing();
    const former = create(`${THREAD} exports.handler = async () => {
      for (const set of [setTimeout, require('node:timers').setInterval]) {
        set(() => { globalThis.left = 'behind'; }, 20);
        set(() => { globalThis.left = 'behind'; }, 20).unref();
      }
      return threadId;
    };`);
    const later = create(`${THREAD} exports.handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return [threadId, globalThis.left];
    };`);
    const thread = await leaveThread(former);
    expect((await later.invoke()).value).toEqual([thread, null]);
  });

  it('does not end a line that another began', async () => {
    const create = sharing();
    const source = `${THREAD} exports.handler = async (line) => {
      process.stdout.write(line);
      return threadId;
    };`;
    const [former, later] = [create(source), create(source)];
    const { value: thread } = await former.invoke('one');
    await former.pool.recycle();
    expect((await later.invoke('other\n')).value).toBe(thread);
    await vi.waitFor(() => expect(later.logs.list()).toHaveLength(1));
    expect([former, later].map(({ logs }) => logs.list().map(({ message }) => message))).toEqual([
      ['one'],
      ['other'],
    ]);
  });

  it('logs what it prints itself, and leaves to another what that one printed', async () => {
    const create = sharing();
    const source = `for (let n = 0; n < 200; n += 1) console.log(process.env.AWS_LAMBDA_FUNCTION_NAME, n);
      exports.handler = async () => console.log('last of', process.env.AWS_LAMBDA_FUNCTION_NAME);`;
    const former = create(source, { name: 'former' });
    const later = create(source, { name: 'later' });
    await leaveThread(former);
    await leaveThread(later);
    for (const [name, { logs }] of Object.entries({ former, later })) {
      await vi.waitFor(() => expect(logs.list()).toHaveLength(201));
      expect(logs.list().every(({ message }) => String(message).includes(name))).toBe(true);
    }
  });
});

describe('no other container gets a thread', () => {
  const restless = {
    'a pause goes on': "void require('node:timers/promises').setTimeout(60_000);",
    'a server listens': "require('node:net').createServer().listen(0, '127.0.0.1');",
    'a call has no answer yet': "require('node:http').get(url).on('error', () => {});",
    'a prototype was changed': 'Array.prototype.last = () => undefined;',
    'a built-in function was replaced': 'JSON.parse = () => null;',
    'a global was replaced': 'globalThis.structuredClone = (value) => value;',
    'much is held': 'globalThis.held = Array.from({ length: 8e6 }, (_, n) => ({ n }));',
  };

  it.each(Object.entries(restless))('in which %s', async (_, going) => {
    const server = createServer(() => undefined);
    closers.push(() => closeServer(server));
    const url = `http://127.0.0.1:${await listenOnLoopback(server, 0)}`;
    const own = sharing()(
      `${THREAD} exports.handler = async (url) => {
      if (url !== null) { ${going} await new Promise(setImmediate); }
      return threadId;
    };`,
      { memoryMb: 1024 },
    );
    const { value: first } = await own.invoke(url);
    await own.pool.recycle();
    expect((await own.invoke()).value).not.toBe(first);
  });

  it('in which a password is still hashed', async () => {
    const source = `${THREAD} const { argon2 } = require('node:crypto');
      exports.handler = async (event) => {
        const cost = { memory: 65536, passes: 3, parallelism: 1, tagLength: 32 };
        const given = { message: Buffer.alloc(8), nonce: Buffer.alloc(16) };
        if (event === 'hash') argon2('argon2id', { ...given, ...cost }, () => {});
        return threadId;
      };`;
    const own = sharing()(source, {}, { skipsPauses: true });
    const { value: first } = await own.invoke('hash');
    await own.pool.recycle();
    expect((await own.invoke()).value).not.toBe(first);
  });

  it('that was running an event when its container was ended', async () => {
    const own = sharing()(`${THREAD} exports.handler = async (event) => {
      if (event === 'hang') await new Promise(() => {});
      return threadId;
    };`);
    const { value: first } = await own.invoke();
    const hanging = own.invoke('hang');
    await own.pool.recycle();
    expect(await hanging).toMatchObject({ functionError: 'Unhandled' });
    expect((await own.invoke()).value).not.toBe(first);
  });

  it('that died after its container was over', async () => {
    const create = sharing();
    const own = create(`${THREAD} exports.handler = async () => {
      const { setTimeout } = require('node:timers/promises');
      setTimeout(50, undefined, { ref: false }).then(() => process.exit(1));
      return threadId;
    };`);
    const first = await leaveThread(own);
    await vi.waitFor(async () => expect(await leaveThread(create(idOf))).not.toBe(first));
  });
});
