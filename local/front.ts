import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ApiRequest, RequestRefusedError, readApiRequest } from './http-api/request.ts';
import { type ApiResponse, messageResponse } from './http-api/response.ts';
import { closeServer, isOwnHost, listenOnLoopback } from './loopback.ts';

/** No answer at all cuts the connection. */
export type Listener = (request: ApiRequest) => Promise<ApiResponse | undefined>;

/** A server that listens before there is anything behind it, so that its port is known. */
export interface Front {
  readonly port: number;
  readonly url: string;
  /** Until then it answers 503. */
  serve(listener: Listener): void;
  close(): Promise<void>;
}

/** Listens on loopback and refuses other names than its own. Throws PortInUseError. */
export async function openFront(wantedPort: number): Promise<Front> {
  let listener: Listener = async () => messageResponse(503, 'Service Unavailable');
  const server = createServer((message, response) => {
    answer(message, port, listener)
      .then((result) => send(response, result))
      .catch((error: unknown) => {
        console.error('the local cloud failed:', error);
        response.destroy();
      });
  });
  const port = await listenOnLoopback(server, wantedPort);
  return {
    port,
    url: `http://localhost:${port}`,
    serve: (next) => {
      listener = next;
    },
    close: () => closeServer(server),
  };
}

async function answer(
  message: IncomingMessage,
  port: number,
  listener: Listener,
): Promise<ApiResponse | undefined> {
  if (!isOwnHost(message.headers.host, [port])) {
    return messageResponse(421, 'Misdirected Request');
  }
  try {
    return await listener(await readApiRequest(message));
  } catch (error) {
    if (error instanceof RequestRefusedError) return messageResponse(error.status, error.message);
    throw error;
  }
}

function send(response: ServerResponse, answer: ApiResponse | undefined): void {
  if (answer === undefined) {
    response.destroy();
    return;
  }
  const { status, headers, cookies, body } = answer;
  response.writeHead(status, {
    ...headers,
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    ...(status !== 204 && { 'content-length': String(body.length) }),
  });
  response.end(body);
}
