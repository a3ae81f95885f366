import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import { type Answer, answerAwsRequest, type PipelineOptions } from './pipeline.ts';
import type { RawRequest } from './protocol.ts';

/** The AWS endpoint of the local cloud: what `AWS_ENDPOINT_URL` points to. */
export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/** Lambda's limit on a synchronous payload, the largest of the services spoken here. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** Serves all services of all regions; the credential scope of each request tells which is meant. */
export async function startGateway(options: PipelineOptions): Promise<Gateway> {
  const server = createServer((request, response) => {
    serve(request, response, options).catch((error: unknown) => {
      console.error('the AWS gateway failed:', error);
      response.destroy();
    });
  });
  // SDK clients keep connections open; a worker that was frozen must not find its socket closed.
  server.keepAliveTimeout = 120_000;
  const port = await listenOnLoopback(server, 0);
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: PipelineOptions,
): Promise<void> {
  const hungUp = new AbortController();
  response.once('close', () => hungUp.abort());
  const raw = await readRequest(request);
  if (raw === undefined) {
    response.writeHead(413).end();
    return;
  }
  send(response, await answerAwsRequest(raw, hungUp.signal, options));
}

async function readRequest(request: IncomingMessage): Promise<RawRequest | undefined> {
  const chunks: Array<Buffer> = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers,
    body: Buffer.concat(chunks),
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
