import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import { followComputations } from './computations.ts';

/** The gateway's interim answer to a call that nobody will ever answer. */
const NEVER_ANSWERED = 102;

/** What waits for longer is a limit of a whole event rather than a pause of it. */
const LONGEST_PAUSE_MS = 10_000;
/** Between two looks at what the thread waits for; it has to be the same twice. */
const LOOK_EVERY_MS = 4;

/** As `process.getActiveResourcesInfo()` names them: of these a thread at rest has some, too. */
const AT_REST: ReadonlySet<string> = new Set(['MessagePort', 'Timeout', 'Immediate']);
const SOCKET = 'TCPSocketWrap';

interface Pause {
  readonly dueMs: number;
  /** Holds for a call, and ends early only when that is never answered. */
  readonly isLimit: boolean;
  end(): void;
}

/** What starts and ends an event: between events nothing is skipped. */
export interface PauseSkipper {
  begin(): void;
  end(): void;
  /** Whether other threads work something out for this one. */
  isComputing(): boolean;
}

interface ClientMessage {
  readonly request: ClientRequest;
}

/**
 * Has the timers of this thread end at once, in their order, while it waits for nothing else: the
 * pauses before another attempt, and the time limit of a call that is never answered. Whoever waits
 * for an answer waits as long as ever.
 */
export function skipPauses(): PauseSkipper {
  const pauses = new Set<Pause>();
  const silent = followSilentCalls();
  const computing = followComputations();
  const setRealTimeout = globalThis.setTimeout;
  let isRunning = false;
  let isLooking = false;
  let wasIdle = false;

  const look = () => {
    isLooking = false;
    const isIdle = computing.size === 0 && waitsForNothing(silent.size);
    const next = isIdle && wasIdle ? earliest(pauses, silent.size > 0) : undefined;
    wasIdle = isIdle && next === undefined;
    if (next !== undefined) {
      pauses.delete(next);
      next.end();
    }
    lookLater();
  };
  const lookLater = () => {
    if (isLooking || !isRunning || pauses.size === 0) return;
    isLooking = true;
    setRealTimeout(look, LOOK_EVERY_MS).unref();
  };
  const add = (ms: unknown, end: () => void, isLimit = false): Pause => {
    const pause = { dueMs: performance.now() + Number(ms), isLimit, end };
    if (Number(ms) > 0 && Number(ms) <= LONGEST_PAUSE_MS) pauses.add(pause);
    lookLater();
    return pause;
  };
  const forget = (pause: Pause | undefined) => {
    if (pause !== undefined) pauses.delete(pause);
  };

  replaceTimeout(add, forget);
  replaceDelay(add, forget);
  replaceTimeLimit(add, forget);
  return {
    begin: () => {
      isRunning = true;
      lookLater();
    },
    end: () => {
      isRunning = false;
    },
    isComputing: () => computing.size > 0,
  };
}

type Add = (ms: unknown, end: () => void, isLimit?: boolean) => Pause;
type Forget = (pause: Pause | undefined) => void;

type Callback = (...values: ReadonlyArray<unknown>) => void;
type TimeoutArguments = [Callback, unknown, ...Array<unknown>];
type DelayArguments = [unknown, unknown?, { readonly signal?: AbortSignal }?];

/** The SDK pauses by it, and gives its requests up by it. */
function replaceTimeout(add: Add, forget: Forget): void {
  const clearRealTimeout = globalThis.clearTimeout;
  const pauseOf = new WeakMap<object, Pause>();
  globalThis.setTimeout = new Proxy(globalThis.setTimeout, {
    apply: (target, self, [callback, ms, ...values]: TimeoutArguments) => {
      const run = () => {
        forget(pause);
        callback(...values);
      };
      const timer: NodeJS.Timeout = Reflect.apply(target, self, [run, ms]);
      const pause = add(ms, () => {
        clearRealTimeout(timer);
        run();
      });
      pauseOf.set(timer, pause);
      return timer;
    },
  });
  globalThis.clearTimeout = new Proxy(clearRealTimeout, {
    apply: (target, self, [timer]: [unknown]) => {
      if (typeof timer === 'object' && timer !== null) forget(pauseOf.get(timer));
      return Reflect.apply(target, self, [timer]);
    },
  });
}

/** Our own code pauses by it. */
function replaceDelay(add: Add, forget: Forget): void {
  const replaced = new Proxy(timersPromises.setTimeout, {
    apply: async (target, self, [ms, value, options]: DelayArguments) => {
      const skipped = new AbortController();
      const given = options?.signal;
      const signal = AbortSignal.any(given ? [skipped.signal, given] : [skipped.signal]);
      const pause = add(ms, () => skipped.abort());
      try {
        return await Reflect.apply(target, self, [ms, value, { ...options, signal }]);
      } catch (error) {
        if (given?.aborted !== true && skipped.signal.aborted) return value;
        throw error;
      } finally {
        forget(pause);
      }
    },
  });
  Object.assign(timersPromises, { setTimeout: replaced });
  syncBuiltinESMExports();
}

/** Our own calls of other cells are given up by it. */
function replaceTimeLimit(add: Add, forget: Forget): void {
  AbortSignal.timeout = new Proxy(AbortSignal.timeout, {
    apply: (target, self, [ms]: [number]) => {
      const skipped = new AbortController();
      const pause = add(
        ms,
        () => skipped.abort(new DOMException('The operation timed out', 'TimeoutError')),
        true,
      );
      const real: AbortSignal = Reflect.apply(target, self, [ms]);
      real.addEventListener('abort', () => forget(pause), { once: true });
      return AbortSignal.any([real, skipped.signal]);
    },
  });
}

/** Calls under way of which the local cloud has said that nobody will answer them. */
function followSilentCalls(): ReadonlySet<ClientRequest> {
  const silent = new Set<ClientRequest>();
  subscribe('http.client.request.created', (message) => {
    const { request } = message as ClientMessage;
    request.on('information', ({ statusCode }) => {
      if (statusCode === NEVER_ANSWERED) silent.add(request);
    });
    request.once('close', () => silent.delete(request));
  });
  return silent;
}

/** Neither for files nor for an answer; what the thread itself has to do comes before any timer. */
function waitsForNothing(silentCalls: number): boolean {
  const awaited = process.getActiveResourcesInfo().filter((one) => !AT_REST.has(one));
  return awaited.length <= silentCalls && awaited.every((one) => one === SOCKET);
}

function earliest(pauses: ReadonlySet<Pause>, mayEndLimits: boolean): Pause | undefined {
  const [first] = [...pauses]
    .filter(({ isLimit }) => mayEndLimits || !isLimit)
    .sort((a, b) => a.dueMs - b.dueMs);
  return first;
}
