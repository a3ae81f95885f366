import { closeAll } from '../closing.ts';
import {
  CLUB_PORT_OFFSET,
  portOf,
  type ReservedPort,
  reservePort,
  SHOP_PORT_OFFSET,
} from '../ports.ts';
import type { DemoUrls, SeededClient } from '../seed.ts';
import { type Demo, startDemo } from './demo.ts';

/** The demo apps of a running cloud. */
export interface Demos {
  /** Empty when they were not wanted. */
  readonly apps: ReadonlyArray<Demo>;
  /** Starts them anew, without their sessions. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface DemosOptions {
  readonly isWanted: boolean;
  readonly issuer: string;
  readonly seed: ReadonlyArray<SeededClient>;
  readonly clockOffset: SharedArrayBuffer;
}

export interface DemoPorts {
  /** What the registrations of the apps' clients name. */
  readonly urls: DemoUrls;
  start(options: DemosOptions): Promise<Demos>;
  release(): Promise<void>;
}

/** Ports first, apps last: the clients are registered in between. Throws PortInUseError. */
export async function reserveDemoPorts(base: number): Promise<DemoPorts> {
  const shop = await reservePort(portOf(base, SHOP_PORT_OFFSET));
  const club = await reservePort(portOf(base, CLUB_PORT_OFFSET)).catch(async (error: unknown) => {
    await shop.release();
    throw error;
  });
  const urls = { shop: `http://localhost:${shop.port}`, club: `http://localhost:${club.port}` };
  const release = () => closeAll([shop.release, club.release]);
  return {
    urls,
    release,
    async start(options) {
      await release();
      const run = () => startApps(options, urls, { shop, club });
      let apps = options.isWanted ? await run() : [];
      const close = () => closeAll(apps.map((app) => app.close));
      return {
        get apps() {
          return apps;
        },
        restart: async () => {
          if (apps.length === 0) return;
          await close();
          apps = await run();
        },
        close,
      };
    },
  };
}

async function startApps(
  { issuer, seed, clockOffset }: DemosOptions,
  urls: DemoUrls,
  ports: { readonly shop: ReservedPort; readonly club: ReservedPort },
): Promise<ReadonlyArray<Demo>> {
  const start = (theme: 'shop' | 'club', neighbourUrl: string) => {
    const seeded = seed.find(({ role }) => role === `demo-${theme}`);
    if (seeded === undefined) throw new Error(`the seed lacks a client for the ${theme}`);
    const { port } = ports[theme];
    return startDemo({ issuer, port, seeded, theme, clockOffset, neighbourUrl });
  };
  return await Promise.all([start('shop', urls.club), start('club', urls.shop)]);
}
