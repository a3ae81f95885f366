/**
 * Lambda freezes a container between requests, and whoever is at the other end of its connections
 * gives them up meanwhile. Shorter than AWS's endpoints, and what stands before them, keep one.
 */
const IDLE_FOR_MS = 20_000;

/** What is needed of an SDK client, whichever service it is for. */
interface SdkClient {
  /** Closes all connections; the next call opens a new one. */
  destroy(): void;
  readonly middlewareStack: {
    add(
      middleware: <Arguments, Output>(
        next: (request: Arguments) => Promise<Output>,
      ) => (request: Arguments) => Promise<Output>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/**
 * For clients that try once: has `client` open a new connection for a call after a pause, where an
 * old one would fail it. Returns the client.
 */
export function renewIdleConnections<Client extends SdkClient>(
  client: Client,
  /** Milliseconds since the epoch. */
  nowMs: () => number = Date.now,
): Client {
  let usedAtMs = nowMs();
  client.middlewareStack.add(
    (next) => (request) => {
      // What began so long ago and has not ended was frozen, and is as lost as its connection.
      if (nowMs() - usedAtMs >= IDLE_FOR_MS) client.destroy();
      usedAtMs = nowMs();
      return next(request);
    },
    { step: 'initialize', name: 'renewIdleConnections' },
  );
  return client;
}
