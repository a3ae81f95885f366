import { describe, expect, it } from 'vitest';
import { createAccessLog } from '../../local/http-api/access-log.ts';
import type { HttpApi } from '../../local/http-api/api-definition.ts';
import { type ApiOptions, createHttpApi } from '../../local/http-api/http-api.ts';
import type { ApiRequest } from '../../local/http-api/request.ts';
import { createFixture } from './lambda-fixtures.ts';

const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE'];

/** Answers with what it was asked. */
const ECHO = `export const handler = async ({ routeKey, pathParameters, body }) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ routeKey, pathParameters, body }),
});`;

const { pool } = createFixture(ECHO);
const api: HttpApi = {
  apiId: 'api',
  accountId: '111122223333',
  region: 'eu-central-1',
  routes: [
    ...METHODS.map((method) => `${method} /v1/things/{thingId}/parts/{partId}`),
    'GET /v1/things/mine/parts/{partId}',
  ].map((routeKey) => ({
    routeKey,
    target: { pool, timeoutMs: 5_000, isPermitted: () => true },
  })),
  cors: {
    allowOrigins: ['*'],
    allowMethods: METHODS,
    allowHeaders: ['authorization', 'content-type'],
    exposeHeaders: [],
    allowCredentials: false,
    maxAgeSeconds: 60,
  },
  defaultThrottle: undefined,
  routeThrottles: new Map(),
};
const OPTIONS: ApiOptions = {
  nowMs: Date.now,
  accessLog: createAccessLog(),
  onFailure: () => undefined,
};
const listen = createHttpApi(api, OPTIONS);

function requestOf(method: string, path: string, headers: ApiRequest['headers'] = {}): ApiRequest {
  const body = Buffer.from(method === 'GET' ? '' : '{"a":1}');
  const type = { 'content-type': 'application/json' };
  return {
    method,
    path,
    query: '',
    headers: { ...type, ...headers },
    body,
    sourceAddress: '::1',
  };
}

async function ask(method: string, path: string) {
  const { status, body } = await listen(requestOf(method, path));
  return { status, json: JSON.parse(body.toString()) };
}

describe('REST routes of the HTTP API', () => {
  it.each(METHODS)(
    'hand %s to the function with its path parameters and its body',
    async (method) => {
      expect(await ask(method, '/v1/things/t 1/parts/p-2')).toEqual({
        status: 200,
        json: {
          routeKey: `${method} /v1/things/{thingId}/parts/{partId}`,
          pathParameters: { thingId: 't 1', partId: 'p-2' },
          ...(method !== 'GET' && { body: '{"a":1}' }),
        },
      });
    },
  );

  it('prefer the route that says more of the path', async () => {
    const { json } = await ask('GET', '/v1/things/mine/parts/p-2');
    expect(json).toMatchObject({ pathParameters: { partId: 'p-2' } });
  });

  it('know no method that none of them names', async () => {
    expect((await ask('POST', '/v1/things/t-1/parts/p-2')).status).toBe(404);
  });

  it.each(METHODS)('answer the preflight of a %s from another origin', async (method) => {
    const asking = { origin: 'https://app.example', 'access-control-request-method': method };
    const { status, headers } = await listen(requestOf('OPTIONS', '/v1/things/t/parts/p', asking));
    expect({ status, origin: headers['access-control-allow-origin'] }).toEqual({
      status: 204,
      origin: '*',
    });
    expect(headers['access-control-allow-methods']?.split(',')).toContain(method);
  });
});

describe('a function that is throttled', () => {
  it('is answered for with 503', async () => {
    const { pool: none } = createFixture(ECHO, { reservedConcurrency: 0 });
    const routes = [
      { routeKey: 'GET /', target: { pool: none, timeoutMs: 5_000, isPermitted: () => true } },
    ];
    const answer = await createHttpApi({ ...api, routes }, OPTIONS)(requestOf('GET', '/'));
    expect(answer.status).toBe(503);
  });
});
