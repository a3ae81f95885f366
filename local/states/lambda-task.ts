import { isObject } from '../template/json.ts';
import type { Principal } from '../types.ts';
import type { RoleAnswer, RoleClient } from './role-client.ts';
import type { TaskCall } from './run.ts';
import { StatesError } from './states-error.ts';

/**
 * A task that invokes a function: named by its ARN, which answers with what the function returns,
 * or through `arn:aws:states:::lambda:invoke`, which wraps that. Throws StatesError with the names
 * that AWS uses (Step Functions Developer Guide, "Handling errors").
 */
export async function performLambdaTask(
  { resource, parameters }: TaskCall,
  principal: Principal,
  callAs: RoleClient,
): Promise<unknown> {
  if (resource.startsWith('arn:aws:lambda:')) {
    return (await invoke(resource, parameters, principal, callAs)).payload;
  }
  const { FunctionName, Payload = {} } = isObject(parameters) ? parameters : {};
  const { payload, status } = await invoke(String(FunctionName), Payload, principal, callAs);
  return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: status };
}

async function invoke(
  functionName: string,
  payload: unknown,
  principal: Principal,
  callAs: RoleClient,
): Promise<{ readonly payload: unknown; readonly status: number }> {
  const [, , , region = ''] = functionName.split(':');
  const answer = await callAs(principal, {
    service: 'lambda',
    region,
    path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    body: JSON.stringify(payload),
  });
  if (answer.status === undefined) {
    throw new StatesError('Lambda.SdkClientException', 'Unable to execute HTTP request');
  }
  if (answer.status >= 300) throw serviceError(answer);
  const result: unknown = JSON.parse(answer.body || 'null');
  if (answer.headers.has('x-amz-function-error')) throw functionError(result, answer.body);
  return { payload: result, status: answer.status };
}

/** A function that ended without having answered is not told from one that AWS knows nothing of. */
function functionError(result: unknown, body: string): StatesError {
  const type = isObject(result) ? String(result['errorType'] ?? 'Error') : 'Error';
  return new StatesError(type.startsWith('Runtime.') ? 'Lambda.Unknown' : type, body);
}

function serviceError(answer: Exclude<RoleAnswer, { status: undefined }>): StatesError {
  const code = answer.headers.get('x-amzn-errortype') ?? '';
  const parsed: unknown = JSON.parse(answer.body || '{}');
  const message = isObject(parsed) ? String(parsed['Message'] ?? parsed['message'] ?? code) : code;
  if (answer.status >= 500) return new StatesError('Lambda.ServiceException', message);
  const own = ['TooManyRequestsException', 'ResourceNotFoundException'];
  return new StatesError(`Lambda.${own.includes(code) ? code : 'AWSLambdaException'}`, message);
}
