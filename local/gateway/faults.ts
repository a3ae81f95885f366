import type { AwsRequest, Fault } from '../types.ts';
import { AwsError } from '../types.ts';

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  list(): ReadonlyArray<Fault>;
  /** Takes one hit off the first fault that matches this call. */
  take(request: AwsRequest, resources: ReadonlyArray<string>): Fault | undefined;
}

/** Faults that were injected through the control API; each is gone after its `times`. */
export function createFaults(): Faults {
  let faults: Array<Fault> = [];
  return {
    add: (fault) => {
      faults.push(fault);
    },
    clear: () => {
      faults = [];
    },
    list: () => [...faults],
    take(request, resources) {
      const index = faults.findIndex((fault) => matches(fault, request, resources));
      const fault = faults[index];
      if (fault === undefined) return undefined;
      if (fault.times > 1) faults[index] = { ...fault, times: fault.times - 1 };
      else faults.splice(index, 1);
      return fault;
    },
  };
}

function matches(fault: Fault, request: AwsRequest, resources: ReadonlyArray<string>): boolean {
  const { service, operation, region, resource, principal } = fault;
  if (service !== request.service && service !== '*') return false;
  if (operation !== request.operation && operation !== '*') return false;
  if (region !== undefined && region !== request.region) return false;
  if (principal !== undefined && principal !== request.principal.name) return false;
  if (resource === undefined) return true;
  // A full ARN, or a name at an ARN's end: `domicile-data-eu`, `table/domicile-data-eu`.
  return resources.some(
    (arn) => arn === resource || arn.endsWith(`/${resource}`) || arn.endsWith(`:${resource}`),
  );
}

const THROTTLES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  dynamodb: ['ProvisionedThroughputExceededException', 400],
  kms: ['ThrottlingException', 400],
  ses: ['Throttling', 400],
  lambda: ['TooManyRequestsException', 429],
  s3: ['SlowDown', 503],
};

/** The service's own throttling error, so that the SDK's retries treat it as the real one. */
export function throttlingError(service: string): AwsError {
  const [code, status] = THROTTLES[service] ?? ['ThrottlingException', 400];
  return new AwsError(code, 'Rate exceeded', status);
}

const FAILURES: Readonly<Record<string, string>> = {
  dynamodb: 'InternalServerError',
  kms: 'KMSInternalException',
  ses: 'InternalFailure',
  lambda: 'ServiceException',
  s3: 'InternalError',
};

export function internalError(service: string): AwsError {
  return new AwsError(FAILURES[service] ?? 'InternalServerError', 'Internal server error', 500);
}

const OUTAGES: Readonly<Record<string, string>> = {
  dynamodb: 'ServiceUnavailable',
  kms: 'DependencyTimeoutException',
  ses: 'ServiceUnavailable',
  lambda: 'ServiceUnavailableException',
};

/** What a service says while its region is down. */
export function unavailableError(service: string): AwsError {
  const code = OUTAGES[service] ?? 'ServiceUnavailable';
  return new AwsError(code, 'The service is unavailable. Please try again later.', 503);
}

const FORBIDDING = ['ses', 'lambda', 's3'];

/** What a service says of a call that IAM refuses. */
export function deniedError(service: string, message: string): AwsError {
  const code = service === 's3' ? 'AccessDenied' : 'AccessDeniedException';
  return new AwsError(code, message, FORBIDDING.includes(service) ? 403 : 400);
}
