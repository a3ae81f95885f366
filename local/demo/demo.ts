import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { SeededClient } from '../seed.ts';
import type { DemoSettings } from './settings.ts';

/** A running demo app. */
export interface Demo {
  readonly role: SeededClient['role'];
  readonly url: string;
  close(): Promise<void>;
}

export interface DemoOptions {
  readonly issuer: string;
  readonly port: number;
  readonly seeded: SeededClient;
  readonly theme: 'shop' | 'club';
  readonly clockOffset: SharedArrayBuffer;
  /** URL of the other app, which shares the session. */
  readonly neighbourUrl: string;
}

const START_TIMEOUT_MS = 15_000;

/**
 * Starts `examples/shop` as anybody would, configured by its environment alone; in a thread of its
 * own, so that it shares the clock of the functions whose tokens it checks.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { issuer, port, seeded, theme, clockOffset, neighbourUrl } = options;
  const settings: DemoSettings = { clockOffset };
  const worker = new Worker(new URL('./runtime.ts', import.meta.url), {
    workerData: settings,
    env: {
      ISSUER: issuer,
      PORT: String(port),
      CLIENT_ID: seeded.client.client_id,
      CLIENT_SECRET: seeded.client.client_secret ?? '',
      THEME: theme,
      NEIGHBOUR_URL: neighbourUrl,
    },
    argv: [],
    execArgv: [],
    stdout: true,
  });
  await listening(worker, theme);
  return {
    role: seeded.role,
    url: `http://localhost:${port}`,
    close: async () => {
      await worker.terminate();
    },
  };
}

/** The app says so when it listens. */
function listening(worker: Worker, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the demo ${name} did not start`)),
      START_TIMEOUT_MS,
    );
    const settle = (done: () => void) => {
      clearTimeout(timer);
      done();
    };
    worker.once('error', (error) => settle(() => reject(error)));
    worker.once('exit', () => settle(() => reject(new Error(`the demo ${name} ended`))));
    createInterface({ input: worker.stdout }).on('line', (line) => {
      if (line.startsWith('listening')) settle(resolve);
    });
  });
}
