import type { ApiRequest } from './request.ts';

export interface EventContext {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly apiId: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly nowMs: number;
}

/** Bodies of these types reach the function as text; all others, forms included, as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b|application\/[\w.-]+\+(json|xml)\b)/i;

/** The event of payload format 2.0. */
export function createEvent(request: ApiRequest, context: EventContext): object {
  const { cookie, ...headers } = request.headers;
  const isText =
    TEXT.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
  const { body } = request;
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: { ...headers, ...describeForwarding(request) },
    ...(request.query !== '' && { queryStringParameters: joinParameters(request.query) }),
    ...(Object.keys(context.pathParameters).length > 0 && {
      pathParameters: context.pathParameters,
    }),
    requestContext: describeRequestContext(request, context),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function describeForwarding({ headers, sourceAddress }: ApiRequest): Record<string, string> {
  return {
    // The caller's own entry is kept in front, as API Gateway does: it proves nothing.
    'x-forwarded-for': [headers['x-forwarded-for'], sourceAddress].filter(Boolean).join(', '),
    'x-forwarded-port': headers['host']?.split(':')[1] ?? '80',
    'x-forwarded-proto': 'http',
  };
}

function describeRequestContext(request: ApiRequest, context: EventContext): object {
  const { host = '', 'user-agent': userAgent = '' } = request.headers;
  const now = new Date(context.nowMs);
  return {
    accountId: context.accountId,
    apiId: context.apiId,
    domainName: host,
    domainPrefix: host.split('.')[0],
    http: {
      method: request.method,
      path: request.path,
      protocol: 'HTTP/1.1',
      sourceIp: request.sourceAddress,
      userAgent,
    },
    requestId: context.requestId,
    routeKey: context.routeKey,
    stage: '$default',
    time: now.toUTCString(),
    timeEpoch: context.nowMs,
  };
}

/** Values of a repeated name are joined by commas. */
function joinParameters(query: string): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined[name];
    joined[name] = before === undefined ? value : `${before},${value}`;
  }
  return joined;
}
