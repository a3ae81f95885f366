import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { closeServer, isOwnHost, listenOnLoopback } from '../loopback.ts';
import { readRequestBody } from '../request-body.ts';
import { findCredentialScope } from './credential-scope.ts';
import { type Answer, answerAwsRequest, type PipelineOptions } from './pipeline.ts';
import type { RawRequest } from './protocol.ts';

/** The AWS endpoint of the local cloud: what `AWS_ENDPOINT_URL` points to. */
export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

export interface GatewayOptions extends PipelineOptions {
  /** Whether callers are told of calls that nobody will answer, so that they need not wait. */
  readonly tellsOfSilence?: boolean;
}

/** Lambda's limit on a synchronous payload, the largest of the services spoken here but one. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;
/** S3 takes more, but a body is held whole here: what is larger than this comes in parts. */
const MAX_OBJECT_BODY_BYTES = 64 * 1024 * 1024;

/** Serves all services of all regions; the credential scope of each request tells which is meant. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  let port = 0;
  const server = createServer((request, response) => {
    if (!isOwnHost(request.headers.host, [port])) {
      response.writeHead(421).end();
      return;
    }
    serve(request, response, options).catch((error: unknown) => {
      console.error('the AWS gateway failed:', error);
      response.destroy();
    });
  });
  // SDK clients keep connections open; a worker that was frozen must not find its socket closed.
  server.keepAliveTimeout = 120_000;
  port = await listenOnLoopback(server, 0);
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: GatewayOptions,
): Promise<void> {
  const hungUp = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) hungUp.abort();
  });
  const raw = await readRequest(request);
  if (raw === undefined) {
    response.writeHead(413).end();
    return;
  }
  // As an interim answer, which our SDK clients pass over; others might take it for the answer.
  const tellOfSilence = () => {
    if (options.tellsOfSilence === true) response.writeProcessing();
  };
  const caller = { hungUp: hungUp.signal, tellOfSilence };
  await send(response, await answerAwsRequest(raw, caller, options));
}

async function readRequest(request: IncomingMessage): Promise<RawRequest | undefined> {
  const scope = findCredentialScope(request.headers.authorization);
  const limit = scope?.service === 's3' ? MAX_OBJECT_BODY_BYTES : MAX_BODY_BYTES;
  const body = await readRequestBody(request, limit);
  if (body === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers,
    body,
  };
}

async function send(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  // The head waits for the body: together they are one write, of a length that is known.
  if (answer.bytes === undefined) response.end(answer.body);
  else await pipeline(Readable.from(answer.bytes), response);
}
