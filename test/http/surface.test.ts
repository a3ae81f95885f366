import { describe, expect, it } from 'vitest';
import {
  CellAwayError,
  HttpError,
  InvariantError,
  OAuthError,
  UnavailableError,
} from '../../functions/core/errors.ts';
import type { ClientId, Sub } from '../../functions/core/ids.ts';
import { noteSubject } from '../../functions/http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../../functions/http/message.ts';
import { createSurface, type Route } from '../../functions/http/surface.ts';
import { CONTEXT, eventOf, FORM } from './events.ts';
import { writtenLines } from './written-lines.ts';

const SECRET = 'correct-horse-battery-staple';

const lines = writtenLines();

function logged(): string {
  return lines.join('');
}

async function answer(
  outcome: HttpResponse | Error,
  errors: Route['errors'] = 'oauth',
  renderError?: () => HttpResponse,
  before?: (request: HttpRequest) => void,
) {
  const handler = createSurface({
    surface: 'test',
    routes: {
      'POST /form': {
        endpoint: async (request) => {
          before?.(request);
          if (outcome instanceof Error) throw outcome;
          return outcome;
        },
        errors,
      },
    },
    ...(renderError === undefined ? {} : { renderError }),
  });
  const sent = {
    body: `password=${SECRET}`,
    headers: { ...FORM, authorization: SECRET },
    query: `q=${SECRET}`,
  };
  return handler(eventOf({ ...sent, cookies: [`session=${SECRET}`] }), CONTEXT);
}

describe('a surface', () => {
  it('answers as its endpoint says, with cookies', async () => {
    const result = await answer({ status: 201, body: 'made', cookies: ['a=1'] });
    expect(result).toMatchObject({ statusCode: 201, body: 'made', cookies: ['a=1'] });
    expect(result.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });

  it('says 404 for a route that it does not have', async () => {
    const handler = createSurface({ surface: 'test', routes: {} });
    expect(await handler(eventOf(), CONTEXT)).toMatchObject({ statusCode: 404 });
  });

  it.each([
    [
      new OAuthError('invalid_client', { detail: 'd', headers: { 'www-authenticate': 'Basic' } }),
      401,
      'invalid_client',
    ],
    [new OAuthError('invalid_grant', { detail: 'd' }), 400, 'invalid_grant'],
    [new HttpError(415, 'wrong type'), 415, 'invalid_request'],
    [new UnavailableError('KMS', new Error('busy')), 503, 'temporarily_unavailable'],
    [new Error('a mistake'), 500, 'server_error'],
  ])('renders %s as RFC 6749 §5.2 says', async (error, status, code) => {
    const result = await answer(error);
    expect(result.statusCode).toBe(status);
    expect(JSON.parse(result.body ?? '')).toMatchObject({ error: code });
    expect(result.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    if (status === 401) expect(result.headers).toHaveProperty('www-authenticate', 'Basic');
    if (status === 503) expect(result.headers).toHaveProperty('retry-after', '2');
  });

  it('renders problem details on REST routes (RFC 9457)', async () => {
    const result = await answer(new HttpError(403, 'not yours'), 'problem');
    expect(result.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(JSON.parse(result.body ?? '')).toEqual({
      title: 'Forbidden',
      status: 403,
      detail: 'not yours',
    });
  });

  it('lets page routes render their own errors, and answers even if that fails', async () => {
    const page = { status: 418, body: 'page' };
    expect(await answer(new Error('x'), 'page', () => page)).toMatchObject({ statusCode: 418 });
    const failing = await answer(new Error('x'), 'page', () => {
      throw new Error('the page is broken too');
    });
    expect(failing.statusCode).toBe(500);
  });

  it('keeps the precise reason out of the answer and in the log', async () => {
    const result = await answer(new OAuthError('invalid_grant', { detail: 'presented twice' }));
    expect(result.body).not.toContain('twice');
    expect(logged()).toContain('presented twice');
  });

  it('says in the log what we ourselves say of a failure, and which permission is missing', async () => {
    await answer(new InvariantError('the keyring was not provisioned'));
    const denied = new Error('role/x is not authorized to perform kms:Sign on key/y');
    await answer(Object.assign(denied, { name: 'AccessDeniedException' }));
    expect(logged()).toContain('the keyring was not provisioned');
    expect(logged()).toContain('kms:Sign on key/y');
  });

  it.each([
    ['that succeeds', { status: 200 }],
    ['that is refused', new OAuthError('invalid_grant', { detail: 'd' })],
    ['that fails on our side', new Error('a mistake')],
    ['whose failure quotes its input', new SyntaxError(`Unexpected token in ${SECRET}`)],
    [
      'whose failure is in the words of somebody else',
      Object.assign(new Error(`refused: ${SECRET}`), { name: 'MessageRejected' }),
    ],
    [
      'whose cause is in the words of somebody else',
      new UnavailableError('SES', new Error(`refused: ${SECRET}`)),
    ],
    [
      'whose failure carries an item',
      Object.assign(new Error('condition'), { Item: { x: SECRET } }),
    ],
  ])(
    'leaves nothing of a request %s in the log but its route and outcome',
    async (_what, outcome) => {
      await answer(outcome);
      expect(logged()).toContain('POST /form');
      expect(logged()).toContain('request-1');
      expect(logged()).not.toContain(SECRET);
      expect(logged()).not.toContain('192.0.2.1');
    },
  );

  it.each([
    ['that succeeds', { status: 200, counts: ['SignInSucceeded'] as const }],
    ['that is refused', new OAuthError('invalid_grant', { detail: 'd' })],
  ])('says whom a request %s was about, as far as its endpoint came', async (_what, outcome) => {
    await answer(outcome, 'oauth', undefined, (request) => {
      noteSubject(request, { clientId: 'shop' as ClientId });
      noteSubject(request, { sub: 'ada' as Sub });
    });
    const [line = ''] = lines.filter((text) => text.includes('"route"'));
    expect(JSON.parse(line)).toMatchObject({ clientId: 'shop', sub: 'ada' });
    expect(line.includes('"events":["SignInSucceeded"]')).toBe(
      'status' in outcome && outcome.status === 200,
    );
  });

  it('counts calls of other cells that failed, whatever the answer', async () => {
    await answer(new CellAwayError('us', new Error('no answer')));
    expect(logged()).toContain('"Name":"CellCallFailed"');
    lines.length = 0;
    await answer({ status: 200 }, 'oauth', undefined, (request) =>
      noteSubject(request, { untold: 'us' }),
    );
    expect(logged()).toContain('"Name":"CellCallFailed"');
    lines.length = 0;
    await answer(new UnavailableError('KMS', new Error('busy')));
    expect(logged()).not.toContain('CellCallFailed');
  });

  it('counts the events that an endpoint names, as metrics of the surface', async () => {
    await answer({ status: 200, counts: ['SignInFailed'] });
    const record =
      logged()
        .split('\n')
        .find((line) => line.includes('"_aws"')) ?? '{}';
    expect(JSON.parse(record)).toMatchObject({ service: 'test', SignInFailed: 1 });
  });

  it('pays for no metric when there is nothing to count', async () => {
    await answer({ status: 200 });
    expect(logged()).not.toContain('_aws');
  });
});
