import { UnavailableError } from '../core/errors.ts';

/** Errors that say "busy" or "broken", never "no": asking again later may succeed. */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'TransactionInProgressException',
  'TransactionConflictException',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
  'KMSInternalException',
  'KeyUnavailableException',
  'DependencyTimeoutException',
  'TimeoutError',
  'AbortError',
]);

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** True for throttling, timeouts, network failures and 5xx answers of an AWS service. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (TRANSIENT_NAMES.has(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && NETWORK_CODES.has(error.code)) {
    return true;
  }
  if ('$fault' in error && error.$fault === 'server') return true;
  return (findHttpStatus(error) ?? 0) >= 500;
}

/** IAM said no; for a while also of what it has not heard of yet. */
export function isAccessDenied(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AccessDeniedException';
}

function findHttpStatus(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  if (!('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/**
 * Runs one AWS call whose SDK client has done its retries; what is still transient becomes
 * UnavailableError (503). Refusals, such as a failed condition or a missing permission, pass.
 */
export async function callAws<Output>(
  dependency: 'DynamoDB' | 'EventBridge' | 'KMS' | 'S3' | 'Step Functions',
  call: () => Promise<Output>,
): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    if (isTransient(error)) throw new UnavailableError(dependency, error);
    throw error;
  }
}

/**
 * Settings that every SDK client shares: maxAttempts × requestTimeout + the pauses between them
 * (under 1 s) < the timeout of every function, so that a call which hangs becomes a 503 of ours.
 * Without `throwOnRequestTimeout` the SDK only warns.
 */
export const AWS_CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;
