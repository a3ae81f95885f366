import { AwsError, type AwsResponse } from '../types.ts';

/** An AWS request before its principal is known. */
export interface ParsedRequest {
  /** The operation's name in the service's own model: `GetItem`, `Sign`, `SendEmail`, `Invoke`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface RawRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How a service speaks on the wire: reads its requests, renders its errors. */
export interface Protocol {
  parse(request: RawRequest): ParsedRequest;
  renderError(error: AwsError, requestId: string): AwsResponse;
}

/** AWS JSON 1.0 and 1.1: `X-Amz-Target: <service model>.<operation>`, JSON in and out. */
export function createJsonProtocol(version: '1.0' | '1.1', errorNamespace: string): Protocol {
  return {
    parse({ headers, body }) {
      const [, operation] = (headers['x-amz-target'] ?? '').split('.');
      if (operation === undefined || operation === '') {
        throw new AwsError('UnknownOperationException', 'the request names no operation');
      }
      return { operation, input: parseJsonObject(body) };
    },
    renderError: (error) => ({
      status: error.status,
      headers: { 'content-type': `application/x-amz-json-${version}` },
      body: JSON.stringify({
        __type: `${errorNamespace}${error.code}`,
        message: error.message,
        ...error.extra,
      }),
    }),
  };
}

function parseJsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new AwsError('SerializationException', 'the body is not a JSON object');
}

/** AWS Query: a form in, XML out; the form's `Action` is the operation. */
export function createQueryProtocol(renderError: Protocol['renderError']): Protocol {
  return {
    parse({ body }) {
      const form = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
      const operation = form['Action'];
      if (operation === undefined) {
        throw new AwsError('MissingAction', 'the request names no Action');
      }
      return { operation, input: form };
    },
    renderError,
  };
}

const INVOKE = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/;

/** Lambda's REST API, of which `Invoke` is spoken. */
export const LAMBDA_PROTOCOL: Protocol = {
  parse({ method, target, headers, body }) {
    const [, name] = INVOKE.exec(target) ?? [];
    if (method !== 'POST' || name === undefined) {
      throw new AwsError('UnknownOperationException', 'only Invoke is spoken here', 404);
    }
    return {
      operation: 'Invoke',
      input: {
        FunctionName: decodeURIComponent(name),
        InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse',
        Payload: body.toString('utf8'),
      },
    };
  },
  renderError: (error) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
    body: JSON.stringify({
      Type: error.status < 500 ? 'User' : 'Service',
      Message: error.message,
      ...error.extra,
    }),
  }),
};
