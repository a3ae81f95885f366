import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Credentials } from '../gateway/credentials.ts';
import type { LambdaFunction } from './function.ts';
import type { WorkerSettings } from './messages.ts';

/** Code that V8 has compiled, by the content of its file. */
const COMPILE_CACHE = fileURLToPath(new URL('../../.tmp/compiled', import.meta.url));

export interface WorkerOptions {
  readonly clockOffset: SharedArrayBuffer;
  /** Whether functions pause in no time while they wait for nothing else. */
  readonly skipsPauses?: boolean;
  /** What `AWS_ENDPOINT_URL` says. */
  readonly endpointUrl: string;
}

/** A thread that runs `runtime.ts` with the function's own environment and memory limit. */
export function startWorker(
  definition: LambdaFunction,
  credentials: Credentials,
  options: WorkerOptions,
): Worker {
  const settings: WorkerSettings = {
    assetDirectory: definition.assetDirectory,
    handler: definition.handler,
    clockOffset: options.clockOffset,
    skipsPauses: options.skipsPauses ?? false,
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
    // Cold starts compile a bundle once per machine instead of once per container.
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    // A developer's own profile must not steer the functions (retry mode, endpoints, region).
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
