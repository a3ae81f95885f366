import type { Credentials } from '../gateway/credentials.ts';
import type { LambdaFunction } from './function.ts';
import type { LoadMessage } from './messages.ts';

export interface ContainerOptions {
  readonly clockOffset: SharedArrayBuffer;
  /** What `AWS_ENDPOINT_URL` says. */
  readonly endpointUrl: string;
}

/** What makes a thread a container of the function. */
export function describeContainer(
  definition: LambdaFunction,
  credentials: Credentials,
  { clockOffset, endpointUrl }: ContainerOptions,
): LoadMessage {
  return {
    type: 'load',
    settings: {
      assetDirectory: definition.assetDirectory,
      handler: definition.handler,
      clockOffset,
      functionName: definition.name,
      functionArn: definition.arn,
      memoryMb: definition.memoryMb,
      logGroupName: definition.logGroupName,
    },
    environment: describeEnvironment(definition, credentials, endpointUrl),
  };
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
