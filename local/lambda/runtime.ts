/**
 * The inside of a Lambda thread: becomes a container of a function, runs one event after the other,
 * and may become another container when that one is over. It is the entry of the thread; nothing
 * imports it.
 */
import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { countCallDepth } from './call-depth.ts';
import { openCompiledCode } from './compiled-code.ts';
import { type CompiledModule, compileModule } from './compiled-module.ts';
import { type Handler, loadHandler } from './handler.ts';
import type {
  ContainerMessage,
  ContainerSettings,
  FunctionErrorBody,
  InvokeMessage,
  LoadMessage,
  ThreadMessage,
  ThreadSettings,
} from './messages.ts';
import { installShiftedDate } from './shifted-date.ts';
import { skipPauses } from './skipped-pauses.ts';
import { rememberSurroundings } from './surroundings.ts';

interface Container {
  readonly settings: ContainerSettings;
  readonly handler: Handler;
}

const { skipsPauses, isShared, compiledDirectory, cutOff }: ThreadSettings = workerData;
const port = parentPort;
if (port === null) throw new Error('the Lambda runtime runs in a worker thread only');
const deadlineNow = Date.now;
leaveOutWebClient();
const followClock = installShiftedDate(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
const startDepthAnew = countCallDepth();
const pauses = skipsPauses ? skipPauses() : undefined;
const isCutOff = () => Atomics.load(new Int32Array(cutOff), 0) !== 0;
const surroundings = isShared ? rememberSurroundings(isCutOff) : undefined;
let container: Container | undefined;
const compiledCode = openCompiledCode(compiledDirectory);
const modules = new Map<string, CompiledModule>();

const send = (message: ContainerMessage) => port.postMessage(message);

port.on('message', (message: ThreadMessage) => {
  if (message.type === 'load') void load(message);
  else if (message.type === 'leave') void leave();
  else if (message.type === 'cut-off') surroundings?.disconnect();
  else if (container !== undefined) void run(container, message);
});

async function load({ settings, environment }: LoadMessage): Promise<void> {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  followClock(settings.clockOffset);
  try {
    container = { settings, handler: await loadHandler(settings, compile) };
    send({ type: 'ready' });
  } catch (error) {
    send({ type: 'init-error', error: describeError(error) });
  }
}

/** Deployments of other topologies hold links to the same files. */
function compile(file: string): CompiledModule {
  const { dev, ino, mtimeMs } = statSync(file);
  const identity = [dev, ino, mtimeMs].join();
  const module = modules.get(identity) ?? compileModule(file, compiledCode);
  modules.set(identity, module);
  return module;
}

/** When the answer is on its way: by then V8 has compiled what events run. */
function shareCode(): void {
  setImmediate(() => {
    for (const module of modules.values()) module.share();
  });
}

async function leave(): Promise<void> {
  container = undefined;
  // What was only put off to the next turn is done by then.
  await new Promise((resolve) => setImmediate(resolve));
  const isComputing = pauses?.isComputing() ?? false;
  const isEmpty = !isComputing && ((await surroundings?.clear()) ?? false);
  send({ type: 'left', isEmpty });
}

async function run({ settings, handler }: Container, message: InvokeMessage): Promise<void> {
  const { requestId } = message;
  startDepthAnew();
  pauses?.begin();
  try {
    const event: unknown = JSON.parse(message.payload);
    const result = await handler(event, createContext(settings, message));
    pauses?.end();
    send({ type: 'result', requestId, payload: JSON.stringify(result ?? null) });
    shareCode();
  } catch (error) {
    pauses?.end();
    console.error(JSON.stringify({ level: 'ERROR', requestId, ...describeError(error) }));
    send({ type: 'error', requestId, error: describeError(error) });
  }
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

function createContext(settings: ContainerSettings, event: InvokeMessage): object {
  return {
    awsRequestId: event.requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: settings.logGroupName,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, event.deadlineMs - deadlineNow()),
  };
}

function describeError(error: unknown): FunctionErrorBody {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  const trace = error.stack?.split('\n') ?? [];
  return { errorType: error.name, errorMessage: error.message, trace };
}
