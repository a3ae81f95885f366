import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

export interface Sent {
  readonly routeKey?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: ReadonlyArray<string>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** An HTTP API event, payload format 2.0. */
export function eventOf(sent: Sent = {}): APIGatewayProxyEventV2 {
  const routeKey = sent.routeKey ?? 'POST /form';
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: sent.query ?? '',
    headers: { ...sent.headers },
    ...(sent.cookies === undefined ? {} : { cookies: [...sent.cookies] }),
    requestContext: {
      accountId: '111122223333',
      apiId: 'api',
      domainName: 'id.example',
      domainPrefix: 'id',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(sent.body === undefined ? {} : { body: sent.body }),
    isBase64Encoded: sent.isBase64Encoded ?? false,
  };
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export const CONTEXT: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:test',
  memoryLimitInMB: '128',
  awsRequestId: 'invocation-1',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
