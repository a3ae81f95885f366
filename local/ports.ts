import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { closeServer, listenOnLoopback, PortInUseError } from './loopback.ts';

/** Ports that no system gives out by itself, to whoever calls or listens (RFC 6335 §6, Linux from 32768). */
const NEVER_GIVEN_OUT = { from: 20_000, to: 32_000 } as const;
const TRIES = 50;

/** A port that is kept from others until the app that wants it starts. */
export interface ReservedPort {
  readonly port: number;
  /** To be called right before the app listens. */
  release(): Promise<void>;
}

/**
 * Throws PortInUseError. Port 0 reserves any free one that is still free when it was released: nobody
 * gets it by chance in between.
 */
export async function reservePort(wanted: number): Promise<ReservedPort> {
  const server = createServer((_, response) => {
    response.writeHead(503).end('starting');
  });
  const port =
    wanted === 0 ? await listenWhereFree(server) : await listenOnLoopback(server, wanted);
  let isReleased = false;
  return {
    port,
    release: async () => {
      if (!isReleased) await closeServer(server);
      isReleased = true;
    },
  };
}

async function listenWhereFree(server: Server, tries = TRIES): Promise<number> {
  const port = randomInt(NEVER_GIVEN_OUT.from, NEVER_GIVEN_OUT.to);
  try {
    return await listenOnLoopback(server, port);
  } catch (error) {
    if (!(error instanceof PortInUseError) || tries === 1) throw error;
    return listenWhereFree(server, tries - 1);
  }
}

/** Where the parts of a local cloud listen, counted from the issuer's port; 0 stays 0. */
export function portOf(base: number, offset: number): number {
  return base === 0 ? 0 : base + offset;
}

/** Cell i listens at the issuer's port + 1 + i. */
export const CELL_PORT_OFFSET = 1;
export const SHOP_PORT_OFFSET = 10;
export const CLUB_PORT_OFFSET = 11;
