import type { IncomingMessage } from 'node:http';
import { readRequestBody } from '../request-body.ts';

/** An HTTP request as the API reads it. */
export interface ApiRequest {
  readonly method: string;
  /** Percent-decoded. */
  readonly path: string;
  /** Without the question mark, as sent. */
  readonly query: string;
  /** Lower-case names; values of a repeated name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceAddress: string;
}

/** The request breaks one of the API's own limits. */
export class RequestRefusedError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RequestRefusedError';
    this.status = status;
  }
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Request line and header values together: an HTTP API takes no more than 10,240 bytes. */
const MAX_HEADER_BYTES = 10_240;

/** Throws RequestRefusedError: 400 for a path that is not UTF-8, 413 and 431 over the limits. */
export async function readApiRequest(message: IncomingMessage): Promise<ApiRequest> {
  const target = message.url ?? '/';
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const headers = joinHeaders(message);
  const headerBytes = Object.values(headers).reduce((sum, value) => sum + value.length, 0);
  if (headerBytes + target.length > MAX_HEADER_BYTES) {
    throw new RequestRefusedError(431, 'Request Header Fields Too Large');
  }
  return {
    method: message.method ?? 'GET',
    path: decodePath(path),
    query: question < 0 ? '' : target.slice(question + 1),
    headers,
    body: await readBody(message),
    sourceAddress: message.socket.remoteAddress ?? '127.0.0.1',
  };
}

function joinHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    headers[name] = (values ?? []).join(name === 'cookie' ? '; ' : ',');
  }
  return headers;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) throw new RequestRefusedError(400, 'Bad Request');
    throw error;
  }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const body = await readRequestBody(message, MAX_BODY_BYTES);
  if (body === undefined) throw new RequestRefusedError(413, 'Request Entity Too Large');
  return body;
}
