import { describe, expect, it } from 'vitest';
import { describeActual, describePreflight, isPreflight } from '../../local/http-api/cors.ts';
import { createEvent } from '../../local/http-api/event.ts';
import type { ApiRequest } from '../../local/http-api/request.ts';
import { parseFunctionResponse } from '../../local/http-api/response.ts';
import { createRouteTable } from '../../local/http-api/routes.ts';
import { createBucket } from '../../local/http-api/throttle.ts';

describe('routes', () => {
  const find = createRouteTable(
    ['$default', 'ANY /files/{proxy+}', 'GET /users/{id}', 'GET /users/me', 'ANY /users/me'].map(
      (routeKey) => ({ routeKey, target: routeKey }),
    ),
  );

  it.each([
    ['GET', '/users/me', 'GET /users/me', {}],
    ['PUT', '/users/me', 'ANY /users/me', {}],
    ['GET', '/users/7', 'GET /users/{id}', { id: '7' }],
    ['POST', '/files/a/b', 'ANY /files/{proxy+}', { proxy: 'a/b' }],
    ['GET', '/users/7/x', '$default', {}],
    ['GET', '/users/me/', '$default', {}],
  ])('selects the most specific route: %s %s → %s', (method, path, routeKey, pathParameters) => {
    expect(find(method, path)).toMatchObject({ route: { routeKey }, pathParameters });
  });

  it('finds nothing without a default route, and takes no HEAD for a GET', () => {
    const only = createRouteTable([{ routeKey: 'GET /a.b', target: 1 }]);
    expect(only('GET', '/axb')).toBeUndefined();
    expect(only('HEAD', '/a.b')).toBeUndefined();
    expect(only('GET', '/a.b')?.route.target).toBe(1);
  });
});

describe('throttling', () => {
  it('lets a burst through, then as many as the rate refills', () => {
    const bucket = createBucket({ burst: 3, ratePerSecond: 2 });
    const at = (ms: number) => bucket.take(ms);
    expect([at(0), at(0), at(0), at(0)]).toEqual([true, true, true, false]);
    expect([at(500), at(500)]).toEqual([true, false]);
    expect([at(9000), at(9000), at(9000), at(9000)]).toEqual([true, true, true, false]);
  });
});

describe('CORS', () => {
  const cors = {
    allowOrigins: ['*'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization'],
    exposeHeaders: ['www-authenticate'],
    allowCredentials: false,
    maxAgeSeconds: 60,
  };
  const preflight = { origin: 'https://app.example', 'access-control-request-method': 'POST' };

  it('takes OPTIONS for a preflight only when it asks for a method', () => {
    expect(isPreflight('OPTIONS', preflight)).toBe(true);
    expect(isPreflight('OPTIONS', { origin: 'https://app.example' })).toBe(false);
  });

  it('answers a preflight with what is configured, and a method that is not with nothing', () => {
    expect(describePreflight(cors, preflight)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '60',
    });
    const wrong = { ...preflight, 'access-control-request-method': 'DELETE' };
    expect(describePreflight(cors, wrong)).toEqual({});
  });

  it('names the origin when origins are listed, and only those', () => {
    const listed = { ...cors, allowOrigins: ['https://app.example'] };
    expect(describeActual(listed, { origin: 'https://app.example' })).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      vary: 'Origin',
    });
    expect(describeActual(listed, { origin: 'https://evil.example' })).toEqual({});
    expect(describeActual(listed, {})).toEqual({});
  });
});

describe('events of payload format 2.0', () => {
  const context = {
    routeKey: 'POST /x',
    pathParameters: {},
    apiId: 'api',
    accountId: '111122223333',
    requestId: 'r',
    nowMs: 1_700_000_000_000,
  };
  const request: ApiRequest = {
    method: 'POST',
    path: '/x',
    query: 'a=1&a=2&__proto__=3',
    headers: { host: 'localhost:4000', cookie: 'a=1; b=2', 'content-type': 'application/json' },
    body: Buffer.from('{"ä":1}'),
    sourceAddress: '127.0.0.1',
  };

  it('carries cookies apart from headers, and joins repeated parameters', () => {
    expect(createEvent(request, context)).toMatchObject({
      version: '2.0',
      cookies: ['a=1', 'b=2'],
      rawQueryString: 'a=1&a=2&__proto__=3',
      queryStringParameters: { a: '1,2', ['__proto__']: '3' },
      requestContext: { http: { method: 'POST', sourceIp: '127.0.0.1' }, stage: '$default' },
    });
    expect(createEvent(request, context)).not.toHaveProperty('headers.cookie');
  });

  it('hands text over as it is, and forms and binary as base64', () => {
    expect(createEvent(request, context)).toMatchObject({
      body: '{"ä":1}',
      isBase64Encoded: false,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = createEvent({ ...request, headers, body: Buffer.from('a=1') }, context);
    expect(form).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
    const empty = createEvent({ ...request, body: Buffer.alloc(0) }, context);
    expect(empty).not.toHaveProperty('body');
  });
});

describe('answers of functions', () => {
  it('decodes base64 bodies and lower-cases header names', () => {
    const payload = {
      statusCode: 201,
      headers: { ETag: '"1"' },
      body: 'YWJj',
      isBase64Encoded: true,
    };
    expect(parseFunctionResponse(JSON.stringify(payload))).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: Buffer.from('abc'),
    });
  });

  it('takes a value without a status as a JSON body', () => {
    const response = parseFunctionResponse('{"a":1}');
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
    });
    expect(response?.body.toString()).toBe('{"a":1}');
  });

  it.each(['{"statusCode":"x"}', '{"statusCode":200,"body":{}}', '{"statusCode":200,"cookies":1}'])(
    'refuses a malformed answer: %s',
    (payload) => {
      expect(parseFunctionResponse(payload)).toBeUndefined();
    },
  );
});
