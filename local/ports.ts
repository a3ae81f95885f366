import { createServer } from 'node:http';
import { closeServer, listenOnLoopback } from './loopback.ts';

/** A port that is kept from others until the app that wants it starts. */
export interface ReservedPort {
  readonly port: number;
  /** To be called right before the app listens. */
  release(): Promise<void>;
}

/** Throws PortInUseError. Port 0 reserves any free one. */
export async function reservePort(wanted: number): Promise<ReservedPort> {
  const server = createServer((_, response) => {
    response.writeHead(503).end('starting');
  });
  const port = await listenOnLoopback(server, wanted);
  let isReleased = false;
  return {
    port,
    release: async () => {
      if (!isReleased) await closeServer(server);
      isReleased = true;
    },
  };
}

/** Where the parts of a local cloud listen, counted from the issuer's port; 0 stays 0. */
export function portOf(base: number, offset: number): number {
  return base === 0 ? 0 : base + offset;
}

/** Cell i listens at the issuer's port + 1 + i. */
export const CELL_PORT_OFFSET = 1;
export const SHOP_PORT_OFFSET = 10;
export const CLUB_PORT_OFFSET = 11;
