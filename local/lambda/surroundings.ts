import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { getHeapSpaceStatistics } from 'node:v8';
import { rememberBuiltIns } from './built-ins.ts';
import { followTimers } from './timers.ts';

/** What V8 may hold of containers past: beyond it, a new thread costs less than to clean this one. */
const MOST_HELD_BYTES = 40 * 1024 * 1024;

/** Within so many turns everybody has heard that a connection is gone, and has said what follows. */
const TURNS = 3;

/** What a container may change in its thread besides its own modules. */
export interface Surroundings {
  /** Ends its connections. */
  disconnect(): void;
  /**
   * Takes away what the containers so far have left. False when that is not possible: something
   * still goes on, too much is held, or what all modules share was changed.
   */
  clear(): Promise<boolean>;
}

/** Call it before the first container. While `isCutOff`, no connection comes about. */
export function rememberSurroundings(isCutOff: () => boolean): Surroundings {
  const sockets = followSockets(isCutOff);
  const outputs = [process.stdout, process.stderr];
  const deliveries = outputs.map((output) => muteOutput(output, isCutOff));
  const timers = followTimers();
  const globals = new Set(Reflect.ownKeys(globalThis));
  const listeners = new Set(listListeners().map(({ listener }) => listener));
  const areBuiltInsAsBefore = rememberBuiltIns();
  const disconnect = () => {
    for (const socket of sockets) socket.destroy();
  };
  const endAll = async () => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      disconnect();
      timers.clear();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const takeAway = () => {
    for (const key of Reflect.ownKeys(globalThis)) {
      if (!globals.has(key)) Reflect.deleteProperty(globalThis, key);
    }
    for (const { name, listener } of listListeners()) {
      if (!listeners.has(listener)) process.off(name, listener);
    }
    process.exitCode = undefined;
  };
  return {
    disconnect,
    async clear() {
      await Promise.all(deliveries.map((deliver) => deliver()));
      // Who was cut off may have calls under way, of which nothing can come.
      if (!isCutOff() && !waitsForTimersAlone()) return false;
      await endAll();
      if (!isAtRest() || oldSpaceBytes() > MOST_HELD_BYTES || !areBuiltInsAsBefore()) return false;
      takeAway();
      return true;
    },
  };
}

/** Connections to others, those among them that are kept open for later calls. */
function followSockets(isCutOff: () => boolean): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { readonly socket: Socket };
    // Not yet: `net.connect` would bring it to life again.
    if (isCutOff()) process.nextTick(() => socket.destroy(new Error('cut off')));
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // One that is open already would serve a further call.
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { readonly request: ClientRequest };
    if (isCutOff()) request.destroy();
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

/**
 * What was printed before the cut is read by whoever reads the thread's output, what comes after it by
 * nobody. Answers with what waits until all of it has been read.
 */
function muteOutput(output: NodeJS.WriteStream, isCutOff: () => boolean): () => Promise<void> {
  const write = output.write.bind(output);
  output.write = new Proxy(output.write, {
    apply: (target, self, values: Array<unknown>) => {
      if (!isCutOff()) return Reflect.apply(target, self, values);
      const done = values.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    },
  });
  return async () => {
    if (output.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      write('', () => resolve());
    });
  };
}

/** No timer, call or file of the container's is awaited; connections that rest do not count. */
function isAtRest(): boolean {
  return awaited().length === 0;
}

function waitsForTimersAlone(): boolean {
  return awaited().every((resource) => resource === 'Timeout');
}

function awaited(): ReadonlyArray<string> {
  return process.getActiveResourcesInfo().filter((resource) => resource !== 'MessagePort');
}

function oldSpaceBytes(): number {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
  return old?.space_used_size ?? 0;
}
