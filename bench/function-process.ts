import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LambdaFunction } from '../local/lambda/function.ts';
import type { FunctionPool } from '../local/lambda/function-pool.ts';
import type { TestCloud } from '../test/harness/cloud.ts';

const ENTRY = fileURLToPath(new URL('./lone-function.ts', import.meta.url));

/** To the process. */
export interface LoneEvent {
  readonly requestId: string;
  /** How far the cloud's clock was moved. */
  readonly clockOffsetMs: number;
  readonly payload: string;
}

/** From the process. */
export type LoneAnswer =
  | { readonly type: 'ready'; readonly importCpuMs: number }
  | ({ readonly type: 'result'; readonly payload: string } & Spent);

/** On one event. */
export interface Spent {
  /** Processor time of all threads. */
  readonly cpuMs: number;
  /** From event to answer, waiting for AWS included. */
  readonly durationMs: number;
  /** Most memory that the process has held so far. */
  readonly peakMiB: number;
}

/** A function outside the local cloud's own process, which takes the cloud's events meanwhile. */
export interface FunctionProcess {
  /** Of Node's start and the import of the bundle. */
  readonly importCpuMs: number;
  /** Since the process began. */
  readonly invocations: ReadonlyArray<Spent>;
  end(): void;
}

/**
 * Starts the function's bundle and leads the pool's events to it, one after the other. It calls the
 * local cloud's AWS as the operator: permissions are no subject here.
 */
export async function startFunctionProcess(
  { cloud }: TestCloud,
  pool: FunctionPool,
): Promise<FunctionProcess> {
  const { definition } = pool;
  const child = fork(ENTRY, [join(definition.assetDirectory, 'index.cjs')], {
    env: environmentOf(definition, cloud),
    // What it logs is no subject either.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const first = await nextAnswer(child);
  if (first.type !== 'ready') throw new Error(`${definition.name} answered before it was asked`);
  const invocations: Array<Spent> = [];
  let queue: Promise<unknown> = Promise.resolve();
  const run = async (payload: string, requestId: string = randomUUID()) => {
    const clockOffsetMs = cloud.clock.nowMs() - Date.now();
    child.send({ requestId, clockOffsetMs, payload } satisfies LoneEvent);
    const answer = await nextAnswer(child);
    if (answer.type !== 'result') throw new Error(`${definition.name} began anew`);
    const { payload: result, type: _, ...spent } = answer;
    invocations.push(spent);
    return { payload: result };
  };
  pool.invoke = (payload, requestId) => {
    const result = queue.then(() => run(payload, requestId));
    queue = result.catch(() => undefined);
    return result;
  };
  return { importCpuMs: first.importCpuMs, invocations, end: () => void child.kill() };
}

async function nextAnswer(child: ChildProcess): Promise<LoneAnswer> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([answer]) => answer),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`a function's process ended with ${String(code)}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}

function environmentOf({ environment, name, region }: LambdaFunction, cloud: TestCloud['cloud']) {
  const { gatewayUrl, operatorCredentials } = cloud.infrastructure;
  return {
    ...environment,
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_ACCESS_KEY_ID: operatorCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operatorCredentials.secretAccessKey,
    AWS_ENDPOINT_URL: gatewayUrl,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
