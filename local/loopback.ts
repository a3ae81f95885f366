import type { Server } from 'node:http';

/** A port that somebody else holds: the one start failure that a user can mend at once. */
export class PortInUseError extends Error {
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(`port ${port} is in use; choose another with --port`, { cause });
    this.name = 'PortInUseError';
    this.port = port;
  }
}

const LOOPBACK = '127.0.0.1';

/** Listens on this machine only. Port 0 is any free one; answers with the port. */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, error) : error);
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port was given'));
      else resolve(address.port);
    });
  });
}

/**
 * Whether the `Host` header names this server. A page of another site that had its own name
 * resolved to this machine (DNS rebinding) would send that name.
 */
export function isOwnHost(host: string | undefined, ports: ReadonlyArray<number>): boolean {
  return ports.some((port) => host === `localhost:${port}` || host === `${LOOPBACK}:${port}`);
}

/** Ends open connections too: a restart must find the port free. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}
