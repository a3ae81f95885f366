import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createCellCalls } from '../../functions/adapters/lambda/cell-calls.ts';
import { parseCells } from '../../functions/core/cells.ts';
import { InvariantError, UnavailableError } from '../../functions/core/errors.ts';
import type { ClientId } from '../../functions/core/ids.ts';
import { functionName } from '../../lib/names.ts';

const cells = parseCells(
  'eu',
  'eu=https://eu.id.example,us=https://us.id.example,ap=https://ap.id.example',
  'eu=eu-central-1,us=us-east-1,ap=ap-southeast-2',
);

interface Received {
  readonly path: string;
  readonly type: string | undefined;
  readonly region: string | undefined;
  readonly payload: unknown;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const servers: Array<Server> = [];
afterAll(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Lambda of every region at one address; `undefined` never answers. */
async function lambdaThat(initial: Answer | undefined) {
  let answer = initial;
  let givesUpIdle = false;
  const used = new WeakSet<Socket>();
  const received: Array<Received> = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, region] = /\/\d{8}\/([\w-]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const type = request.headers['x-amz-invocation-type'];
    received.push({
      ...{ path: request.url ?? '', type: String(type ?? ''), region },
      payload: body === '' ? undefined : JSON.parse(body),
    });
    if (givesUpIdle && used.has(request.socket)) return void request.socket.destroy();
    used.add(request.socket);
    if (answer === undefined) return;
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? 'null');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  let nowMs = 0;
  const calls = createCellCalls({
    cells,
    signOfLife: 'interaction',
    nowMs: () => nowMs,
    connect: (of) =>
      new LambdaClient({
        region: of,
        endpoint: `http://127.0.0.1:${address.port}`,
        maxAttempts: 1,
        credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
      }),
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const change = (to: Answer | undefined) => {
    answer = to;
  };
  /** What has carried a request carries no other: as after a pause in which it was given up. */
  const giveUpIdle = () => {
    givesUpIdle = true;
  };
  return { calls, received, pass, change, giveUpIdle };
}

const EVENT = { version: '2.0', routeKey: 'POST /oauth2/token', body: 'grant_type=x' };

// Side by side: each has a Lambda of its own, and the time limits of several are waited for in full.
describe.concurrent('a call to another cell', () => {
  it('hands the event on as it came and says by whom', async () => {
    const { calls, received } = await lambdaThat({ body: '{"statusCode":200,"body":"{}"}' });
    expect(await calls.forward('us', 'token', EVENT)).toEqual({ statusCode: 200, body: '{}' });
    expect(received).toEqual([
      {
        path: `/2015-03-31/functions/${functionName('token')}/invocations`,
        ...{ type: '', region: 'us-east-1', payload: { ...EVENT, forwardedBy: 'eu' } },
      },
    ]);
  });

  it('replaces what an event says of who handed it on', async () => {
    const { calls, received } = await lambdaThat({ body: '{}' });
    await calls.forward('us', 'token', { ...EVENT, forwardedBy: 'ap' });
    expect(received[0]?.payload).toMatchObject({ forwardedBy: 'eu' });
  });

  it('carries messages, and what is answered', async () => {
    const { calls, received } = await lambdaThat({ body: '{"request":null}' });
    const message = {
      kind: 'consume-pushed-request',
      ...{ reference: 'r', clientId: 'app' as ClientId },
    } as const;
    expect(await calls.tell('ap', message)).toEqual({ request: null });
    expect(received).toMatchObject([
      { region: 'ap-southeast-2', payload: { cellMessage: message, from: 'eu' } },
    ]);
  });

  it.each<[string, Answer]>([
    ['is down', { status: 503, body: '{"message":"no"}' }],
    ['is busy', { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } }],
    [
      'is not deployed yet',
      { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{}' },
    ],
    [
      'fails',
      { headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"ada@"}' },
    ],
    ['answers no JSON', { body: '<html>ada@' }],
  ])('that %s is unavailable, and is not called again', async (_what, answer) => {
    const { calls, received } = await lambdaThat(answer);
    const error = await calls.forward('us', 'token', EVENT).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty('message', 'cell us is unavailable');
    expect(String(Reflect.get(Object(error), 'cause'))).not.toContain('ada@');
    expect(received).toHaveLength(1);
  });

  it('that IAM refuses is a mistake of ours and no outage', async () => {
    const { calls } = await lambdaThat({
      ...{ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{}' },
    });
    const denied = { name: 'AccessDeniedException' };
    await expect(calls.forward('us', 'token', EVENT)).rejects.toMatchObject(denied);
    await expect(calls.isReachable('us')).rejects.toMatchObject(denied);
  });

  it.each(['eu', 'xx'])('does not go to %s, which is no other cell', async (cell) => {
    const { calls, received } = await lambdaThat({});
    await expect(calls.forward(cell, 'token', EVENT)).rejects.toBeInstanceOf(InvariantError);
    expect(received).toEqual([]);
  });

  it('that never answers is given up after 4 s, a sign of life after 1 s', async () => {
    const { calls, received } = await lambdaThat(undefined);
    const startedAt = performance.now();
    const took = async (call: Promise<unknown>) => {
      const outcome = await call.catch((thrown: unknown) => thrown);
      return { outcome, ms: performance.now() - startedAt };
    };
    const [forwarded, alive] = await Promise.all([
      took(calls.forward('us', 'token', EVENT)),
      took(calls.isReachable('us')),
    ]);
    expect(forwarded.outcome).toBeInstanceOf(UnavailableError);
    expect(forwarded.ms).toBeGreaterThan(3900);
    expect(forwarded.ms).toBeLessThan(5500);
    expect(alive.outcome).toBe(false);
    expect(alive.ms).toBeLessThan(3000);
    expect(received).toHaveLength(2);
  });
});

describe.concurrent('a cell that was silent', () => {
  const failed = (call: Promise<unknown>) => call.catch((thrown: unknown) => thrown);

  it('is not waited for again for 15 s, then not longer than for a sign of life', async () => {
    const { calls, received, pass } = await lambdaThat(undefined);
    await failed(calls.forward('us', 'token', EVENT));
    const startedAt = performance.now();
    pass(14_999);
    expect(await failed(calls.forward('us', 'token', EVENT))).toBeInstanceOf(UnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(received).toHaveLength(1);
    pass(1);
    const both = await Promise.all([
      failed(calls.forward('us', 'token', EVENT)),
      failed(calls.forward('us', 'token', EVENT)),
    ]);
    expect(both).toEqual([expect.any(UnavailableError), expect.any(UnavailableError)]);
    expect(performance.now() - startedAt).toBeLessThan(2500);
    const asked = { type: 'DryRun', path: expect.stringContaining(functionName('token')) };
    expect(received.slice(1)).toMatchObject([asked]);
    expect(await failed(calls.forward('us', 'token', EVENT))).toBeInstanceOf(UnavailableError);
    expect(received).toHaveLength(2);
  });

  it('is called again once it has given a sign of life', async () => {
    const { calls, received, pass, change } = await lambdaThat(undefined);
    expect(await calls.isReachable('us')).toBe(false);
    expect(await failed(calls.forward('us', 'token', EVENT))).toBeInstanceOf(UnavailableError);
    change({ body: '{}' });
    pass(15_000);
    expect(await calls.forward('us', 'token', EVENT)).toEqual({});
    expect(await calls.forward('us', 'token', EVENT)).toEqual({});
    expect(received.map(({ type }) => type)).toEqual(['DryRun', 'DryRun', '', '']);
  });

  it('was not, if this container was frozen while it waited', async () => {
    const { calls, received, pass, change } = await lambdaThat(undefined);
    const waiting = failed(calls.forward('us', 'token', EVENT));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    pass(60_000);
    expect(await waiting).toBeInstanceOf(UnavailableError);
    change({ body: '{}' });
    expect(await calls.forward('us', 'token', EVENT)).toEqual({});
    expect(received).toHaveLength(2);
  });

  it('does not stand for the others, nor does one that refuses at once', async () => {
    const { calls, received, change } = await lambdaThat(undefined);
    await calls.isReachable('us');
    change({ status: 503 });
    await failed(calls.forward('ap', 'token', EVENT));
    await failed(calls.forward('ap', 'token', EVENT));
    expect(received.map(({ region }) => region)).toEqual([
      'us-east-1',
      ...['ap-southeast-2', 'ap-southeast-2'],
    ]);
  });
});

describe('a connection', () => {
  it('that was idle for 20 s carries no call: its other end may have given it up', async () => {
    const { calls, received, pass, giveUpIdle } = await lambdaThat({ body: '{}' });
    await calls.forward('us', 'token', EVENT);
    giveUpIdle();
    pass(20_000);
    expect(await calls.forward('us', 'token', EVENT)).toEqual({});
    expect(received).toHaveLength(2);
  });
});

describe('a sign of life', () => {
  it('is Lambda saying that it would run the function, and runs nothing', async () => {
    const { calls, received } = await lambdaThat({ status: 204 });
    expect(await calls.isReachable('us')).toBe(true);
    expect(received).toMatchObject([{ type: 'DryRun', region: 'us-east-1' }]);
  });

  it.each<[boolean, Answer, number]>([
    [true, { status: 204 }, 5000],
    [false, { status: 503 }, 15_000],
  ])('is remembered for a while, its absence longer: %s', async (expected, answer, forMs) => {
    const { calls, received, pass } = await lambdaThat(answer);
    const both = await Promise.all([calls.isReachable('us'), calls.isReachable('us')]);
    pass(forMs - 1);
    expect([...both, await calls.isReachable('us')]).toEqual([expected, expected, expected]);
    expect(received).toHaveLength(1);
    pass(1);
    await calls.isReachable('us');
    expect(received).toHaveLength(2);
  });

  it('of this very cell, and of none, costs no call', async () => {
    const { calls, received } = await lambdaThat({});
    expect(await calls.isReachable('eu')).toBe(true);
    expect(await calls.isReachable('xx')).toBe(false);
    expect(received).toEqual([]);
  });
});
