/**
 * The inside of a Lambda worker thread: loads the handler from the asset and runs one event after
 * the other. It is the entry of the thread; nothing imports it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { countCallDepth } from './call-depth.ts';
import type {
  FunctionErrorBody,
  InvokeMessage,
  WorkerMessage,
  WorkerSettings,
} from './messages.ts';
import { installShiftedDate } from './shifted-date.ts';
import { skipPauses } from './skipped-pauses.ts';

type Handler = (event: unknown, context: object) => unknown;

const settings: WorkerSettings = workerData;
const port = parentPort;
if (port === null) throw new Error('the Lambda runtime runs in a worker thread only');
const deadlineNow = Date.now;
leaveOutWebClient();
installShiftedDate(settings.clockOffset);
const startDepthAnew = countCallDepth();
const pauses = settings.skipsPauses ? skipPauses() : undefined;

const send = (message: WorkerMessage) => port.postMessage(message);

try {
  const handler = await loadHandler();
  port.on('message', (message: InvokeMessage) => {
    void run(handler, message);
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'init-error', error: describeError(error) });
}

async function run(handler: Handler, message: InvokeMessage): Promise<void> {
  const { requestId } = message;
  startDepthAnew();
  pauses?.begin();
  try {
    const event: unknown = JSON.parse(message.payload);
    const result = await handler(event, createContext(message));
    pauses?.end();
    send({ type: 'result', requestId, payload: JSON.stringify(result ?? null) });
  } catch (error) {
    pauses?.end();
    console.error(JSON.stringify({ level: 'ERROR', requestId, ...describeError(error) }));
    send({ type: 'error', requestId, error: describeError(error) });
  }
}

async function loadHandler(): Promise<Handler> {
  const dot = settings.handler.lastIndexOf('.');
  const base = join(settings.assetDirectory, settings.handler.slice(0, dot));
  const file = ['.mjs', '.js', '.cjs'].map((ending) => base + ending).find(existsSync);
  if (file === undefined) throw new Error(`no module for handler ${settings.handler}`);
  const module: Record<string, unknown> = await import(pathToFileURL(file).href);
  const handler = module[settings.handler.slice(dot + 1)];
  if (!isHandler(handler)) throw new Error(`${settings.handler} is not a function`);
  return handler;
}

/**
 * The SDK imports `node:http` for the endpoint of the local cloud. These members load all of undici
 * once a module imports their neighbours, at every cold start, and no function asks for them.
 */
function leaveOutWebClient(): void {
  const http = process.getBuiltinModule('node:http');
  for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent']) {
    Reflect.deleteProperty(http, name);
  }
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

function createContext({ requestId, deadlineMs }: InvokeMessage): object {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: settings.logGroupName,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - deadlineNow()),
  };
}

function describeError(error: unknown): FunctionErrorBody {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  const trace = error.stack?.split('\n') ?? [];
  return { errorType: error.name, errorMessage: error.message, trace };
}
