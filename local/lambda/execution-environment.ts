import { randomUUID } from 'node:crypto';
import type { CredentialRegistry } from '../gateway/credentials.ts';
import { type ContainerOptions, describeContainer } from './container.ts';
import type { InvocationResult, LambdaFunction } from './function.ts';
import { captureLogs, type LogOptions } from './log-capture.ts';
import type { FunctionErrorBody } from './messages.ts';
import { startThread } from './thread.ts';
import type { ThreadStock } from './thread-stock.ts';

/** A function none of whose calls is answered any more gives up within milliseconds. */
const GIVING_UP_LIMIT_MS = 500;

export interface EnvironmentOptions extends ContainerOptions, LogOptions {
  readonly credentials: CredentialRegistry;
  /** Whether functions pause in no time while they wait for nothing else. */
  readonly skipsPauses?: boolean;
  /** Where threads come from and go to. Each container has a new one without it. */
  readonly threads?: ThreadStock;
}

/** One warm container of a function: a worker thread that runs one event at a time. */
export interface ExecutionEnvironment {
  /** Rejects when the function's module cannot be loaded. */
  readonly ready: Promise<void>;
  /** Settles when the container is over, for whatever reason. */
  readonly ended: Promise<void>;
  /** `parentRequestId`: the invocation of another function that asked for this one. */
  run(payload: string, requestId?: string, parentRequestId?: string): Promise<InvocationResult>;
  /** Its thread may become another container when it runs no event, and nothing goes on in it. */
  end(): Promise<void>;
  /** False from the moment at which its end was decided. */
  isUsable(): boolean;
}

export function startExecutionEnvironment(
  definition: LambdaFunction,
  options: EnvironmentOptions,
): ExecutionEnvironment {
  const { memoryMb, assetDirectory, roleArn, name, region } = definition;
  const kind = { memoryMb, skipsPauses: options.skipsPauses ?? false };
  const thread = options.threads?.take(kind, assetDirectory) ?? startThread(kind);
  let isUsable = true;
  let isReady = false;
  let isOver = false;
  let onGivenUp: (() => Promise<void>) | undefined;
  const event = createEventSlot();
  const ready = Promise.withResolvers<void>();
  // A container that ends before anybody waits for it must not be an unhandled rejection.
  ready.promise.catch(() => undefined);
  const ended = Promise.withResolvers<void>();

  const close = async () => {
    // Before the answer: whoever gets it must not find this container among the idle ones.
    isUsable = false;
    const mayLeave =
      options.threads !== undefined && isReady && event.runningRequestId() === undefined;
    isReady = false;
    if (isOver) return;
    if (!mayLeave || !(await thread.leave())) return thread.end();
    onEnd();
    options.threads?.give(thread);
  };
  let closing: Promise<void> | undefined;
  const end = () => {
    closing ??= close();
    return closing;
  };
  const kill = () => {
    isUsable = false;
    // Once it is over, the thread may be somebody else's.
    if (!isOver) void thread.end();
  };
  const onEnd = () => {
    isUsable = false;
    isOver = true;
    options.credentials.revoke(credentials.accessKeyId);
    event.fail(exitBody(definition));
    ready.reject(initError(exitBody(definition)));
    ended.resolve();
  };
  /**
   * The function does not know that it has crashed. Nobody hears it, whatever it does: no connection,
   * no credentials, no answer, no log. Once it has given up, its thread is as good as any other.
   */
  const crash = () => {
    if (options.threads === undefined || isOver || !isReady) return kill();
    thread.cutOff();
    onEnd();
    const limit = setTimeout(() => void thread.end(), GIVING_UP_LIMIT_MS);
    onGivenUp = async () => {
      clearTimeout(limit);
      if (await thread.leave()) options.threads?.give(thread);
      else await thread.end();
    };
  };
  const holder = {
    requestId: event.runningRequestId,
    parentRequestId: event.parentRequestId,
    crash,
  };
  const credentials = options.credentials.issue({ roleArn, name, region }, holder);

  thread.enter(describeContainer(definition, credentials, options), {
    onMessage: (message) => {
      if (isOver) void onGivenUp?.();
      else if (message.type === 'ready') {
        isReady = true;
        ready.resolve();
      } else if (message.type === 'init-error') ready.reject(initError(message.error));
      else if (message.type === 'result') event.settle({ payload: message.payload });
      else if (message.type === 'error') event.fail(message.error);
    },
    onLine: captureLogs(definition, options, event.latestRequestId),
    onError: (error) => {
      isUsable = false;
      event.fail({ errorType: error.name, errorMessage: error.message });
    },
    onExit: onEnd,
  });

  return {
    ready: ready.promise,
    ended: ended.promise,
    run: (payload, requestId = randomUUID(), parentRequestId = undefined) => {
      const timeoutMs = definition.timeoutSeconds * 1000;
      const onTimeout = () => {
        kill();
        event.fail(timeoutBody(definition, requestId));
      };
      const result = event.begin({ requestId, parentRequestId, timeoutMs, onTimeout });
      const deadlineMs = Date.now() + timeoutMs;
      thread.send({ type: 'invoke', requestId, payload, deadlineMs });
      return result;
    },
    end,
    isUsable: () => isUsable,
  };
}

/** The one event that a container runs. */
interface EventSlot {
  begin(event: {
    readonly requestId: string;
    readonly parentRequestId: string | undefined;
    readonly timeoutMs: number;
    readonly onTimeout: () => void;
  }): Promise<InvocationResult>;
  /** Nothing happens when no event is running. */
  settle(result: InvocationResult): void;
  fail(error: FunctionErrorBody): void;
  runningRequestId(): string | undefined;
  parentRequestId(): string | undefined;
  /** Log lines of a request may come in after its answer, never after the next one has begun. */
  latestRequestId(): string | undefined;
}

function createEventSlot(): EventSlot {
  let latest: string | undefined;
  let parent: string | undefined;
  let running: ((result: InvocationResult) => void) | undefined;
  const settle = (result: InvocationResult) => running?.(result);
  return {
    begin: ({ requestId, parentRequestId, timeoutMs, onTimeout }) =>
      new Promise((resolve) => {
        const timer = setTimeout(onTimeout, timeoutMs);
        latest = requestId;
        parent = parentRequestId;
        running = (result) => {
          clearTimeout(timer);
          running = undefined;
          resolve(result);
        };
      }),
    settle,
    fail: (error) => settle({ payload: JSON.stringify(error), functionError: 'Unhandled' }),
    runningRequestId: () => (running === undefined ? undefined : latest),
    parentRequestId: () => (running === undefined ? undefined : parent),
    latestRequestId: () => latest,
  };
}

function timeoutBody({ timeoutSeconds }: LambdaFunction, requestId: string): FunctionErrorBody {
  const seconds = timeoutSeconds.toFixed(2);
  const errorMessage = `${requestId} Task timed out after ${seconds} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage };
}

function exitBody(definition: LambdaFunction): FunctionErrorBody {
  return { errorType: 'Runtime.ExitError', errorMessage: `${definition.name}: runtime exited` };
}

function initError(body: FunctionErrorBody): Error {
  return new Error(`${body.errorType}: ${body.errorMessage}`, { cause: body });
}
