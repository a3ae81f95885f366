import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ContainerMessage, LoadMessage, ThreadMessage, ThreadSettings } from './messages.ts';

/** Code that V8 has compiled, by the content of its file. */
const COMPILED_DIRECTORY = fileURLToPath(new URL('../../.tmp/compiled', import.meta.url));
/** A thread at rest says so within milliseconds. */
const LEAVING_LIMIT_MS = 2000;

/** What all containers of a thread have in common. */
export interface ThreadKind extends Pick<ThreadSettings, 'skipsPauses'> {
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
  /** From now on the container reaches nobody, whatever it does. */
  cutOff(): void;
  /** Ends the container alone. False when something of it is left: then the thread has to end. */
  leave(): Promise<boolean>;
  end(): Promise<void>;
}

/** `isShared`: one container may follow another in it. */
export function startThread(kind: ThreadKind, isShared = false): Thread {
  const cutOff = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const worker = new Worker(new URL('./runtime.ts', import.meta.url), {
    workerData: {
      skipsPauses: kind.skipsPauses,
      isShared,
      // Cold starts compile a bundle once per machine instead of once per thread.
      compiledDirectory: join(COMPILED_DIRECTORY, 'bundles'),
      cutOff,
    } satisfies ThreadSettings,
    env: { NODE_COMPILE_CACHE: COMPILED_DIRECTORY },
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

  const outputs = [
    readLines(worker.stdout, (line) => tenant?.onLine(line, 'stdout')),
    readLines(worker.stderr, (line) => tenant?.onLine(line, 'stderr')),
  ];
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
    for (const output of outputs) output.endLine();
    tenant?.onExit();
  });

  return {
    kind,
    // By what CDK calls it, after its content: deployments have directories of their own.
    knows: (assetDirectory) => known.has(basename(assetDirectory)),
    isAlive: () => isAlive,
    enter: (load, next) => {
      tenant = next;
      known.add(basename(load.settings.assetDirectory));
      worker.ref();
      Atomics.store(new Int32Array(cutOff), 0, 0);
      worker.postMessage(load);
    },
    cutOff: () => {
      Atomics.store(new Int32Array(cutOff), 0, 1);
      worker.postMessage({ type: 'cut-off' } satisfies ThreadMessage);
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
      for (const output of outputs) output.endLine();
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

/** `endLine` has what came since the last line's end be a line of its own. */
function readLines(input: Readable, onLine: (line: string) => void): { endLine(): void } {
  let begun = '';
  input.setEncoding('utf8').on('data', (text: string) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  return {
    endLine: () => {
      if (begun !== '') onLine(begun);
      begun = '';
    },
  };
}
