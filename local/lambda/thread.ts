import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ContainerMessage, LoadMessage, ThreadMessage, ThreadSettings } from './messages.ts';

/** Code that V8 has compiled, by the content of its file. */
const COMPILE_CACHE = fileURLToPath(new URL('../../.tmp/compiled', import.meta.url));
/** A thread at rest says so within milliseconds. */
const LEAVING_LIMIT_MS = 2000;

/** What all containers of a thread have in common. */
export interface ThreadKind extends ThreadSettings {
  readonly memoryMb: number;
}

/** The container that a thread is, as seen from outside. */
export interface Tenant {
  onMessage(message: ContainerMessage): void;
  /** A line that it printed. */
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  onError(error: Error): void;
  onExit(): void;
}

/** Runs `runtime.ts`: one container after the other. */
export interface Thread {
  readonly kind: ThreadKind;
  /** Whether it has been a container of that code before. */
  knows(assetDirectory: string): boolean;
  isAlive(): boolean;
  enter(load: LoadMessage, tenant: Tenant): void;
  send(message: ThreadMessage): void;
  /** Ends the container alone. False when something of it is left: then the thread has to end. */
  leave(): Promise<boolean>;
  end(): Promise<void>;
}

export function startThread(kind: ThreadKind): Thread {
  const worker = new Worker(new URL('./runtime.ts', import.meta.url), {
    workerData: { skipsPauses: kind.skipsPauses } satisfies ThreadSettings,
    // Cold starts compile a bundle once per machine instead of once per thread.
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: kind.memoryMb },
  });
  const known = new Set<string>();
  let isAlive = true;
  let tenant: Tenant | undefined;
  let left: ((isEmpty: boolean) => void) | undefined;

  const read = (input: Readable, stream: 'stdout' | 'stderr') =>
    createInterface({ input }).on('line', (line) => tenant?.onLine(line, stream));
  read(worker.stdout, 'stdout');
  read(worker.stderr, 'stderr');
  worker.on('message', (message: ContainerMessage) => {
    if (message.type === 'left') left?.(message.isEmpty);
    else tenant?.onMessage(message);
  });
  worker.on('error', (error: Error) => {
    isAlive = false;
    tenant?.onError(error);
  });
  worker.once('exit', () => {
    isAlive = false;
    left?.(false);
    tenant?.onExit();
  });

  return {
    kind,
    knows: (assetDirectory) => known.has(assetDirectory),
    isAlive: () => isAlive,
    enter: (load, next) => {
      tenant = next;
      known.add(load.settings.assetDirectory);
      worker.ref();
      worker.postMessage(load);
    },
    send: (message) => worker.postMessage(message),
    leave: async () => {
      const isEmpty = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, LEAVING_LIMIT_MS, false);
        left = (answer) => {
          clearTimeout(timer);
          resolve(answer);
        };
        worker.postMessage({ type: 'leave' } satisfies ThreadMessage);
      });
      left = undefined;
      if (!isEmpty || !isAlive) return false;
      tenant = undefined;
      // A thread that nobody uses keeps no process alive.
      worker.unref();
      return true;
    },
    end: async () => {
      isAlive = false;
      await worker.terminate();
    },
  };
}
