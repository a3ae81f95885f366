import { describe, expect, it } from 'vitest';
import { parseCells } from '../../functions/core/cells.ts';
import { UnavailableError } from '../../functions/core/errors.ts';
import type { CellCalls } from '../../functions/core/ports/cell-calls.ts';
import { createForward, findForeignHome } from '../../functions/http/forwarding.ts';
import type { HttpRequest } from '../../functions/http/message.ts';
import type { HttpEvent } from '../../functions/http/request.ts';
import { createSurface } from '../../functions/http/surface.ts';
import { CONTEXT, eventOf, FORM } from './events.ts';
import { writtenLines } from './written-lines.ts';

const SECRET = 'correct-horse-battery-staple';
const HOME_SAYS = {
  statusCode: 400,
  headers: { 'content-type': 'application/json', 'x-home': 'us' },
  cookies: ['a=1'],
  body: '{"error":"invalid_grant"}',
};

const lines = writtenLines();

const NO_CALLS: CellCalls = {
  forward: () => Promise.reject(new Error('a call')),
  isReachable: async () => true,
  tell: async () => undefined,
};

const logLine = () => JSON.parse(lines.find((line) => line.includes('"route"')) ?? '{}');

/** A surface in `eu` whose endpoint leaves every request to `us`, were it not handed on already. */
function surfaceThatLeaves(answer: unknown, alsoWhenForwarded = false) {
  const cells = parseCells('eu', 'eu=https://eu,us=https://us', 'eu=eu-central-1,us=us-east-1');
  const seen: Array<HttpRequest> = [];
  const forwarded: Array<{ cell: string; surface: string; event: object }> = [];
  const forward = createForward(
    {
      forward: async (cell, surface, event) => {
        forwarded.push({ cell, surface, event });
        if (answer instanceof Error) throw answer;
        return answer;
      },
      isReachable: async () => true,
      tell: async () => undefined,
    },
    'token',
  );
  const handler = createSurface({
    surface: 'token',
    forward,
    routes: {
      'POST /form': {
        endpoint: async (request) => {
          seen.push(request);
          const home = alsoWhenForwarded ? 'us' : findForeignHome(cells, request, 'us');
          return home === undefined ? { status: 200, body: 'answered here' } : { home };
        },
        errors: 'oauth',
      },
    },
  });
  const send = (event: HttpEvent) => handler(event, CONTEXT);
  return { send, seen, forwarded };
}

const EVENT = eventOf({
  body: `code=${SECRET}`,
  headers: { ...FORM, authorization: SECRET },
  query: `q=${SECRET}`,
});

describe('a request that is at home elsewhere', () => {
  it('is handed on as it came and answered as its home answers', async () => {
    const { send, forwarded } = surfaceThatLeaves(HOME_SAYS);
    expect(await send(EVENT)).toEqual(HOME_SAYS);
    expect(forwarded).toEqual([{ cell: 'us', surface: 'token', event: EVENT }]);
  });

  it('leaves a line that names the other cell and nothing of the request', async () => {
    await surfaceThatLeaves(HOME_SAYS).send(EVENT);
    expect(logLine()).toMatchObject({ forwardedTo: 'us', status: 400 });
    expect(lines.join('')).not.toContain(SECRET);
  });

  it.each([
    ['its home is away', new UnavailableError('cell us', new Error('down'))],
    ['its home answers no HTTP', 'nonsense'],
    ['its home answers nothing', null],
    ['its home answers without a status', { body: '' }],
    ['its home answers without a body', { statusCode: 200 }],
  ])('gets a 503 that says when to come back when %s', async (_when, answer) => {
    const result = await surfaceThatLeaves(answer).send(EVENT);
    expect(result).toMatchObject({ statusCode: 503, headers: { 'retry-after': '2' } });
    expect(JSON.parse(result.body ?? '')).toMatchObject({ error: 'temporarily_unavailable' });
    expect(logLine()).toMatchObject({ forwardedTo: 'us', status: 503 });
  });
});

describe('a request that was handed on', () => {
  const FORWARDED = { ...EVENT, forwardedBy: 'ap' };
  const endpoint = async () => ({ status: 200 });
  const routes = { 'POST /form': { endpoint, errors: 'oauth' as const } };

  it('is answered where it has come to, whatever it says', async () => {
    const { send, forwarded } = surfaceThatLeaves(HOME_SAYS);
    expect(await send(FORWARDED)).toMatchObject({ statusCode: 200, body: 'answered here' });
    expect(forwarded).toEqual([]);
    expect(logLine()).toMatchObject({ forwardedBy: 'ap' });
  });

  it('does not go round, even if an endpoint would have it so', async () => {
    const { send, forwarded } = surfaceThatLeaves(HOME_SAYS, true);
    expect(await send(FORWARDED)).toMatchObject({ statusCode: 500 });
    expect(forwarded).toEqual([]);
  });

  it('needs no word of CloudFront, since IAM says that a cell has sent it', async () => {
    const forward = createForward(NO_CALLS, 'token');
    const handler = createSurface({ surface: 'token', edgeSecret: 'edge', forward, routes });
    expect(await handler(EVENT, CONTEXT)).toMatchObject({ statusCode: 403 });
    expect(await handler(FORWARDED, CONTEXT)).toMatchObject({ statusCode: 200 });
  });

  it('is refused by a surface that hands nothing on, whatever else it carries', async () => {
    const handler = createSurface({ surface: 'interaction', routes });
    expect(await handler(EVENT, CONTEXT)).toMatchObject({ statusCode: 200 });
    expect(await handler(FORWARDED, CONTEXT)).toMatchObject({ statusCode: 403 });
  });
});

describe('nothing that a caller sends says that it was handed on', () => {
  it.each([
    ['a header', { headers: { ...FORM, forwardedby: 'us', forwardedBy: 'us' }, body: 'a=1' }],
    ['the query', { headers: FORM, query: 'forwardedBy=us', body: 'a=1' }],
    ['the form', { headers: FORM, body: 'forwardedBy=us' }],
    ['a cookie', { headers: FORM, cookies: ['forwardedBy=us'], body: 'a=1' }],
  ])('not in %s', async (_where, sent) => {
    const { send, seen, forwarded } = surfaceThatLeaves(HOME_SAYS);
    await send(eventOf(sent));
    expect(seen[0]?.forwardedBy).toBeUndefined();
    expect(forwarded).toHaveLength(1);
  });
});

describe('the home that a tag names', () => {
  const cells = parseCells('eu', 'eu=https://eu,us=https://us', 'eu=eu-central-1,us=us-east-1');
  it.each([
    ['us', 'us'],
    ['eu', undefined],
    ['xx', undefined],
    [undefined, undefined],
  ])('%s is %s', (name, expected) => {
    expect(findForeignHome(cells, {}, name)).toBe(expected);
    expect(findForeignHome(cells, { forwardedBy: 'us' }, name)).toBeUndefined();
  });
});
