import { randomUUID } from 'node:crypto';
import { AwsError, type AwsRequest, type AwsService } from '../types.ts';
import type { FunctionPool } from './function-pool.ts';

/** On calls of AWS's own services: the ARN of what they call for (`aws:SourceArn`). */
export const SOURCE_HEADER = 'x-local-source-arn';

export interface LambdaService extends AwsService {
  /** Resolves when no function is running any more that was invoked as an event. */
  settled(): Promise<void>;
}

/**
 * Lambda's `Invoke` over the wire, for operators and for functions that call functions. `find`
 * takes a name or an ARN, as `FunctionName` does.
 */
export function createLambdaService(
  find: (nameOrArn: string) => FunctionPool | undefined,
): LambdaService {
  const running = new Set<Promise<unknown>>();
  const requirePool = (request: AwsRequest): FunctionPool => {
    const name = String(request.input['FunctionName']);
    const found = find(name);
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
  };
  const follow = (invocation: Promise<unknown>) => {
    const ended = invocation.catch(() => undefined).finally(() => running.delete(ended));
    running.add(ended);
  };
  return {
    authorizations: (request) => [
      {
        action: 'lambda:InvokeFunction',
        resource: requirePool(request).definition.arn,
        context: sourceOf(request),
      },
    ],
    async handle(request) {
      const type = request.input['InvocationType'];
      if (type === 'DryRun') return { status: 204, headers: {}, body: '' };
      const payload = String(request.input['Payload']) || 'null';
      assertJson(payload);
      const requestId = randomUUID();
      const result = requirePool(request).invoke(payload, requestId, request.callerRequestId);
      // As on AWS, the answer names the invocation that it caused.
      const own = { 'x-amzn-requestid': requestId };
      if (type === 'Event') {
        follow(result);
        return { status: 202, headers: own, body: '' };
      }
      const { payload: body, functionError } = await result;
      const headers = {
        ...own,
        'content-type': 'application/json',
        'x-amz-executed-version': '$LATEST',
        ...(functionError && { 'x-amz-function-error': functionError }),
      };
      return { status: 200, headers, body };
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** Roles are no services, whatever they say of themselves. */
function sourceOf({ principal, headers }: AwsRequest): Readonly<Record<string, [string]>> {
  const source = headers[SOURCE_HEADER];
  const isService = principal.roleArn.endsWith('.amazonaws.com');
  return isService && source !== undefined ? { 'aws:SourceArn': [source] } : {};
}

function assertJson(payload: string): void {
  try {
    JSON.parse(payload);
  } catch {
    const message = 'Could not parse request body into json';
    throw new AwsError('InvalidRequestContentException', message, 400);
  }
}
