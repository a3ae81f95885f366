import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { CredentialHolder, CredentialRegistry, Credentials } from '../gateway/credentials.ts';
import type { AuthorizationQuery } from '../types.ts';
import type { InvocationResult, LambdaFunction } from './function.ts';
import { type FunctionLogs, parseLogLine } from './function-logs.ts';
import type {
  FunctionErrorBody,
  InvokeMessage,
  WorkerMessage,
  WorkerSettings,
} from './messages.ts';

export interface EnvironmentOptions {
  readonly credentials: CredentialRegistry;
  readonly clockOffset: SharedArrayBuffer;
  readonly logs: FunctionLogs;
  /** What `AWS_ENDPOINT_URL` says. */
  readonly endpointUrl: string;
  /** Asked before a line reaches the function's log: its role must allow that, as in AWS. */
  readonly isAllowed: (query: AuthorizationQuery) => boolean;
}

/** One warm container of a function: a worker thread that runs one event at a time. */
export interface ExecutionEnvironment {
  readonly ready: Promise<void>;
  /** Settles when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;
  run(payload: string, requestId?: string): Promise<InvocationResult>;
  terminate(): Promise<void>;
}

interface Running {
  readonly requestId: string;
  settle(result: InvocationResult): void;
}

export function startExecutionEnvironment(
  definition: LambdaFunction,
  options: EnvironmentOptions,
): ExecutionEnvironment {
  let running: Running | undefined;
  let latestRequestId: string | undefined;
  const holder: CredentialHolder = {
    requestId: () => running?.requestId,
    crash: () => void worker.terminate(),
  };
  const principal = { roleArn: definition.roleArn, name: definition.name };
  const credentials = options.credentials.issue(principal, holder);
  const worker = startWorker(definition, credentials, options);
  // Lines of a request may come in after its answer, never after the next request has begun.
  captureLogs(worker, definition, options, () => latestRequestId);

  const fail = (error: FunctionErrorBody) => {
    running?.settle({ payload: JSON.stringify(error), functionError: 'Unhandled' });
  };
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'ready') resolve();
      else if (message.type === 'init-error') reject(initError(message.error));
      else if (message.type === 'result') running?.settle({ payload: message.payload });
      else fail(message.error);
    });
    worker.once('exit', () => reject(initError(exitBody(definition))));
  });
  // Whoever runs an event awaits it; a thread that ends while idle must not be an unhandled rejection.
  ready.catch(() => undefined);
  worker.on('error', (error: Error) => {
    fail({ errorType: error.name, errorMessage: error.message });
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      options.credentials.revoke(credentials.accessKeyId);
      fail(exitBody(definition));
      resolve();
    });
  });

  return {
    ready,
    ended,
    run(payload, requestId = randomUUID()) {
      return new Promise((resolve) => {
        const timeoutMs = definition.timeoutSeconds * 1000;
        const timer = setTimeout(() => {
          const seconds = definition.timeoutSeconds.toFixed(2);
          const errorMessage = `${requestId} Task timed out after ${seconds} seconds`;
          fail({ errorType: 'Sandbox.Timedout', errorMessage });
          void worker.terminate();
        }, timeoutMs);
        latestRequestId = requestId;
        running = {
          requestId,
          settle(result) {
            clearTimeout(timer);
            running = undefined;
            resolve(result);
          },
        };
        const message: InvokeMessage = { requestId, payload, deadlineMs: Date.now() + timeoutMs };
        worker.postMessage(message);
      });
    },
    terminate: async () => {
      await worker.terminate();
    },
  };
}

function startWorker(
  definition: LambdaFunction,
  credentials: Credentials,
  options: EnvironmentOptions,
): Worker {
  const settings: WorkerSettings = {
    assetDirectory: definition.assetDirectory,
    handler: definition.handler,
    clockOffset: options.clockOffset,
    functionName: definition.name,
    functionArn: definition.arn,
    memoryMb: definition.memoryMb,
    logGroupName: definition.logGroupName,
  };
  return new Worker(new URL('./runtime.ts', import.meta.url), {
    workerData: settings,
    env: describeEnvironment(definition, credentials, options.endpointUrl),
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb },
  });
}

/** What Lambda puts into a function's environment, and nothing of this machine's. */
function describeEnvironment(
  definition: LambdaFunction,
  credentials: Credentials,
  endpointUrl: string,
): Record<string, string> {
  return {
    ...definition.environment,
    TZ: ':UTC',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: definition.region,
    AWS_DEFAULT_REGION: definition.region,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: definition.assetDirectory,
    _HANDLER: definition.handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_ENDPOINT_URL: endpointUrl,
    // A developer's own profile must not steer the functions (retry mode, endpoints, region).
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

function captureLogs(
  worker: Worker,
  definition: LambdaFunction,
  { logs, isAllowed }: EnvironmentOptions,
  requestId: () => string | undefined,
): void {
  const { name, region, logGroupArn } = definition;
  const mayLog = (action: string) =>
    isAllowed({
      principal: { roleArn: definition.roleArn, name },
      region,
      action,
      resource: `${logGroupArn}:log-stream:local`,
      context: {},
    });
  // Lambda asks once per container; without the permission a function runs and leaves no trace.
  const hasStream = mayLog('logs:CreateLogStream');
  const capture = (input: Readable, stream: 'stdout' | 'stderr') => {
    createInterface({ input }).on('line', (line) => {
      if (!hasStream || !mayLog('logs:PutLogEvents')) return;
      const message = parseLogLine(line);
      logs.add({ function: name, region, requestId: requestId(), stream, message });
    });
  };
  capture(worker.stdout, 'stdout');
  capture(worker.stderr, 'stderr');
}

function exitBody(definition: LambdaFunction): FunctionErrorBody {
  return { errorType: 'Runtime.ExitError', errorMessage: `${definition.name}: runtime exited` };
}

function initError(body: FunctionErrorBody): Error {
  return new Error(`${body.errorType}: ${body.errorMessage}`, { cause: body });
}
