import { randomUUID } from 'node:crypto';
import { AwsError } from '../types.ts';
import type { AccessLog } from './access-log.ts';
import type { HttpApi, Integration } from './api-definition.ts';
import { describeActual, describePreflight, isPreflight } from './cors.ts';
import { createEvent } from './event.ts';
import type { ApiRequest } from './request.ts';
import { type ApiResponse, messageResponse, parseFunctionResponse } from './response.ts';
import { createRouteTable, type RouteMatch } from './routes.ts';
import { type Bucket, createBucket } from './throttle.ts';

export type ApiListener = (request: ApiRequest) => Promise<ApiResponse>;

export interface ApiOptions {
  readonly nowMs: () => number;
  readonly accessLog: AccessLog;
  /** Told why the API itself failed a request. */
  readonly onFailure: (functionName: string, message: string) => void;
}

/** Answers requests as API Gateway's HTTP API does: CORS, route, throttle, permission, function. */
export function createHttpApi(api: HttpApi, options: ApiOptions): ApiListener {
  const findRoute = createRouteTable(api.routes);
  const isWithinLimit = createLimiter(api);

  const answer = async (
    request: ApiRequest,
    match: RouteMatch<Integration> | undefined,
    requestId: string,
  ): Promise<ApiResponse> => {
    if (match === undefined) return messageResponse(404, 'Not Found');
    if (!isWithinLimit(match.route.routeKey)) return messageResponse(429, 'Too Many Requests');
    return await invoke(api, match, request, requestId, options);
  };

  return async (request) => {
    if (api.cors !== undefined && isPreflight(request.method, request.headers)) {
      const headers = describePreflight(api.cors, request.headers);
      return { status: 204, headers, cookies: [], body: Buffer.alloc(0) };
    }
    const requestId = randomUUID();
    const startedAt = performance.now();
    const match = findRoute(request.method, request.path);
    const response = await answer(request, match, requestId);
    options.accessLog.add({
      requestId,
      region: api.region,
      at: new Date(options.nowMs()).toISOString(),
      method: request.method,
      path: request.path,
      function: match?.route.target.pool.definition.name,
      status: response.status,
      durationMs: Math.round(performance.now() - startedAt),
    });
    return finish(api, request, response, requestId);
  };
}

function createLimiter(api: HttpApi): (routeKey: string) => boolean {
  const buckets = new Map<string, Bucket>();
  return (routeKey) => {
    const settings = api.routeThrottles.get(routeKey) ?? api.defaultThrottle;
    if (settings === undefined) return true;
    const bucket = buckets.get(routeKey) ?? createBucket(settings);
    buckets.set(routeKey, bucket);
    return bucket.take(performance.now());
  };
}

async function invoke(
  api: HttpApi,
  { route, pathParameters }: RouteMatch<Integration>,
  request: ApiRequest,
  requestId: string,
  options: ApiOptions,
): Promise<ApiResponse> {
  const { pool, timeoutMs } = route.target;
  const { name } = pool.definition;
  if (!route.target.isPermitted()) {
    const why = `no AWS::Lambda::Permission lets API ${api.apiId} invoke it for ${route.routeKey}`;
    options.onFailure(name, why);
    return messageResponse(500, 'Internal Server Error');
  }
  const { apiId, accountId } = api;
  const { routeKey } = route;
  const context = { routeKey, pathParameters, apiId, accountId, requestId, nowMs: options.nowMs() };
  const payload = JSON.stringify(createEvent(request, context));
  try {
    const result = await within(timeoutMs, pool.invoke(payload, requestId));
    if (result === undefined) return messageResponse(503, 'Service Unavailable');
    const response =
      result.functionError === undefined ? parseFunctionResponse(result.payload) : undefined;
    return response ?? messageResponse(500, 'Internal Server Error');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    options.onFailure(name, error.message);
    return messageResponse(error.status === 429 ? 503 : 500, 'Service Unavailable');
  }
}

/** Undefined when the time is up; the function itself goes on, as it does behind the real API. */
async function within<Value>(ms: number, value: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([value, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** With CORS configured, the API's own CORS headers replace those of the function. */
function finish(
  api: HttpApi,
  request: ApiRequest,
  response: ApiResponse,
  requestId: string,
): ApiResponse {
  const own = { 'apigw-requestid': requestId };
  if (api.cors === undefined) return { ...response, headers: { ...response.headers, ...own } };
  const kept = Object.entries(response.headers).filter(
    ([name]) => !name.startsWith('access-control-'),
  );
  const cors = describeActual(api.cors, request.headers);
  return { ...response, headers: { ...Object.fromEntries(kept), ...cors, ...own } };
}
