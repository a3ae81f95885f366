import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parseStartOptions, UsageError } from '../../local/cli/options.ts';
import { listenOnLoopback } from '../../local/loopback.ts';

describe('options of npm start', () => {
  it('has a default for everything', () => {
    expect(parseStartOptions([])).toEqual({
      cells: ['eu'],
      port: 4000,
      dataDirectory: undefined,
      parameters: {},
      latency: 'none',
      dynamodb: 'dynalite',
      concurrency: 1000,
      help: false,
    });
  });

  it('takes stack parameters, also those of one stack and with an equals sign in the value', () => {
    const args = ['--param', 'A=1', '--param', 'Stack:B=x=y', '--param', 'C='];
    expect(parseStartOptions(args).parameters).toEqual({ A: '1', 'Stack:B': 'x=y', C: '' });
  });

  it.each([
    [['--prt', '1'], "Unknown option '--prt'"],
    [['stray'], 'stray'],
    [['--port'], '--port'],
    [['--port', '4e3'], "--port must be 0 or 1024 to 65524, not '4e3'"],
    [['--port', '80'], "--port must be 0 or 1024 to 65524, not '80'"],
    [['--port', '65530'], '--port'],
    [['--param', 'novalue'], "--param must be KEY=VALUE, not 'novalue'"],
    [['--latency', 'mars'], "--latency must be none or aws, not 'mars'"],
    [['--dynamodb', 'x'], '--dynamodb must be'],
    [['--cells', 'EU'], "not 'EU'"],
    [['--cells', 'eu,us,eu'], '--cells names a cell twice'],
    [['--cells', 'aa,ab,ac,ad,ae,af,ag,ah,ai,aj'], '--cells takes 9 at most'],
    [['--concurrency', '0'], "--concurrency must be 1 to 100000, not '0'"],
    [['--data', ''], '--data needs a value'],
  ])('refuses %j in one sentence', (args, sentence) => {
    const parse = () => parseStartOptions(args);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(sentence);
    expect(parse).not.toThrow(/\n/);
  });
});

/** Most of what a refusal takes is to compile what it was never asked to run. */
const COMPILED = { ...process.env, NODE_COMPILE_CACHE: '.tmp/compiled' };

async function run(...args: ReadonlyArray<string>) {
  const child = spawn(process.execPath, ['local/start.ts', ...args], { env: COMPILED });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code]: Array<unknown> = await once(child, 'close');
  return { code, errors };
}

/** The promise of the README, on two cores. */
const READY_WITHIN_MS = 20_000;

function start(...args: ReadonlyArray<string>) {
  return untilReady(spawn(process.execPath, ['local/start.ts', ...args]));
}

/** Waits for the line `ready`; answers with everything that was printed before. */
async function untilReady(child: ChildProcessWithoutNullStreams) {
  const startedAt = performance.now();
  let printed = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (/^ready$/m.test(printed)) resolve();
    });
    child.once('close', () => reject(new Error(`it ended early:\n${printed}`)));
  });
  await ready;
  return { child, printed, readyAfterMs: performance.now() - startedAt };
}

/** Whatever is left of it, so that a red test leaves nothing running. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}

describe('npm start', () => {
  it('is ready in time, and ends with 0 and all ports free on Ctrl-C', async () => {
    const { child, printed, readyAfterMs } = await start('--port', '0');
    const ended = once(child, 'close');
    const urls = [...printed.matchAll(/http:\/\/(?:localhost|127\.0\.0\.1):\d+/g)].map(String);
    const origins = [...new Set(urls)];
    try {
      // Issuer, cell, two demo apps, AWS endpoint.
      expect(origins).toHaveLength(5);
      for (const origin of origins) expect((await fetch(origin)).status).toBeLessThan(600);
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toEqual([0, null]);
    for (const origin of origins) await expect(fetch(origin)).rejects.toThrow('fetch failed');
    expect(readyAfterMs).toBeLessThan(READY_WITHIN_MS);
  });

  it.each([
    ['only npm is told to, as by a script that started it in the background', 1],
    ['npm and all below it are told to at once, as by `timeout`', -1],
  ])('ends when %s', async (_, sign) => {
    const npm = spawn('npm', ['start', '--', '--port', '0'], { detached: true });
    const { pid = 0 } = npm;
    // The pipes close when the last process that holds them has ended.
    const ended = once(npm, 'close');
    try {
      const { printed } = await untilReady(npm);
      const [issuer = ''] = /http:\/\/localhost:\d+/.exec(printed) ?? [];
      expect((await fetch(issuer)).status).toBeLessThan(600);
      process.kill(sign * pid, 'SIGTERM');
      await ended;
      await expect(fetch(issuer)).rejects.toThrow('fetch failed');
    } finally {
      endGroup(pid);
    }
  });

  it('runs several cells, each at a URL of its own in a region of its own', async () => {
    const { child, printed } = await start('--port', '0', '--cells', 'eu,us,xx');
    const ended = once(child, 'close');
    try {
      const cells = [...printed.matchAll(/cell (\w+) +(http:\S+) +\((\S+)\)/g)];
      expect(cells.map(([, name, , region]) => [name, region])).toEqual([
        ['eu', 'eu-central-1'],
        ['us', 'us-east-1'],
        ['xx', 'eu-west-1'],
      ]);
      for (const [, , url] of cells) expect((await fetch(`${url}/sign-in`)).status).toBe(200);
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toEqual([0, null]);
  });

  it('ends with one sentence and 2 on a bad flag', async () => {
    expect(await run('--nope')).toEqual({
      code: 2,
      errors: "npm start: Unknown option '--nope'; see --help\n",
    });
  });

  it.each([
    ['lies where no directory can be made', '/proc/x', '/proc/x cannot be made a directory'],
    ['is a file', 'package.json', 'package.json cannot be made a directory'],
    ['is not ours to write', '/proc/self', '/proc/self cannot be written to'],
  ])('ends with one sentence and 2 when the data directory %s', async (_, path, sentence) => {
    expect(await run('--data', path)).toEqual({ code: 2, errors: `npm start: ${sentence}\n` });
  });

  it('ends with one sentence and 2 when the port is taken', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server, 0);
    try {
      expect(await run('--port', String(port))).toEqual({
        code: 2,
        errors: `npm start: port ${port} is in use; choose another with --port\n`,
      });
    } finally {
      server.close();
    }
  });
});
