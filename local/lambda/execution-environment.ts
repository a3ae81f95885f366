import { randomUUID } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { CredentialRegistry } from '../gateway/credentials.ts';
import type { InvocationResult, LambdaFunction } from './function.ts';
import { captureLogs, type LogOptions } from './log-capture.ts';
import type { FunctionErrorBody, InvokeMessage, WorkerMessage } from './messages.ts';
import { startWorker, type WorkerOptions } from './worker.ts';

export interface EnvironmentOptions extends WorkerOptions, LogOptions {
  readonly credentials: CredentialRegistry;
}

/** One warm container of a function: a worker thread that runs one event at a time. */
export interface ExecutionEnvironment {
  /** Rejects when the function's module cannot be loaded. */
  readonly ready: Promise<void>;
  /** Settles when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** `parentRequestId`: the invocation of another function that asked for this one. */
  run(payload: string, requestId?: string, parentRequestId?: string): Promise<InvocationResult>;
  terminate(): Promise<void>;
  /** False from the moment at which its end was decided. */
  isUsable(): boolean;
}

export function startExecutionEnvironment(
  definition: LambdaFunction,
  options: EnvironmentOptions,
): ExecutionEnvironment {
  let isUsable = true;
  const event = createEventSlot();
  const end = async () => {
    // Before the answer: whoever gets it must not find this container among the idle ones.
    isUsable = false;
    await worker.terminate();
  };
  const { roleArn, name, region } = definition;
  const holder = {
    requestId: event.runningRequestId,
    parentRequestId: event.parentRequestId,
    crash: () => void end(),
  };
  const credentials = options.credentials.issue({ roleArn, name, region }, holder);
  const worker = startWorker(definition, credentials, options);
  captureLogs(worker, definition, options, event.latestRequestId);

  worker.on('error', (error: Error) => {
    isUsable = false;
    event.fail({ errorType: error.name, errorMessage: error.message });
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      isUsable = false;
      options.credentials.revoke(credentials.accessKeyId);
      event.fail(exitBody(definition));
      resolve();
    });
  });

  return {
    ready: awaitReady(worker, definition, event),
    ended,
    run: (payload, requestId = randomUUID(), parentRequestId = undefined) => {
      const timeoutMs = definition.timeoutSeconds * 1000;
      const onTimeout = () => {
        void end();
        event.fail(timeoutBody(definition, requestId));
      };
      const result = event.begin({ requestId, parentRequestId, timeoutMs, onTimeout });
      const message: InvokeMessage = { requestId, payload, deadlineMs: Date.now() + timeoutMs };
      worker.postMessage(message);
      return result;
    },
    terminate: end,
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

function awaitReady(worker: Worker, definition: LambdaFunction, event: EventSlot): Promise<void> {
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'ready') resolve();
      else if (message.type === 'init-error') reject(initError(message.error));
      else if (message.type === 'result') event.settle({ payload: message.payload });
      else event.fail(message.error);
    });
    worker.once('exit', () => reject(initError(exitBody(definition))));
  });
  // A thread that ends before anybody waits for it must not be an unhandled rejection.
  ready.catch(() => undefined);
  return ready;
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
