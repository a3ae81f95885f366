import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { getHeapSpaceStatistics } from 'node:v8';

/** What V8 may hold of containers past: beyond it, a new thread costs less than to clean this one. */
const MOST_HELD_BYTES = 40 * 1024 * 1024;

/** What a container may change in its thread besides its own modules. */
export interface Surroundings {
  /**
   * Takes away what the containers so far have left. False when that is not possible: something
   * still goes on, or too much is held.
   */
  clear(): Promise<boolean>;
}

interface ClientMessage {
  readonly request: ClientRequest;
}

/** Call it before the first container. */
export function rememberSurroundings(): Surroundings {
  const globals = new Set(Reflect.ownKeys(globalThis));
  const listeners = new Set(listListeners().map(({ listener }) => listener));
  const sockets = followSockets();
  return {
    async clear() {
      await Promise.all([process.stdout, process.stderr].map(deliver));
      if (!isAtRest() || oldSpaceBytes() > MOST_HELD_BYTES) return false;
      for (const socket of sockets) socket.destroy();
      for (const key of Reflect.ownKeys(globalThis)) {
        if (!globals.has(key)) Reflect.deleteProperty(globalThis, key);
      }
      for (const { name, listener } of listListeners()) {
        if (!listeners.has(listener)) process.off(name, listener);
      }
      return true;
    },
  };
}

/** Connections that clients keep open for later calls. */
function followSockets(): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  subscribe('http.client.request.created', (message) => {
    const { request } = message as ClientMessage;
    request.once('socket', (socket) => {
      if (sockets.has(socket)) return;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  });
  return sockets;
}

type Listener = (...values: ReadonlyArray<unknown>) => void;

function listListeners(): ReadonlyArray<{ readonly name: string | symbol; listener: Listener }> {
  const emitter: NodeJS.EventEmitter = process;
  return emitter
    .eventNames()
    .flatMap((name) =>
      emitter.rawListeners(name).map((listener) => ({ name, listener: listener as Listener })),
    );
}

/** Whoever reads the thread's output has all of it. */
async function deliver(output: NodeJS.WriteStream): Promise<void> {
  if (output.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    output.write('', () => resolve());
  });
}

/** No timer, call or file of the container's is awaited; connections that rest do not count. */
function isAtRest(): boolean {
  return process.getActiveResourcesInfo().every((resource) => resource === 'MessagePort');
}

function oldSpaceBytes(): number {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
  return old?.space_used_size ?? 0;
}
