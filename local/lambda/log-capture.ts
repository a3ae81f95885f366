import type { AuthorizationQuery } from '../types.ts';
import type { LambdaFunction } from './function.ts';
import { type FunctionLogs, parseLogLine } from './function-logs.ts';

export interface LogOptions {
  readonly logs: FunctionLogs;
  /** Asked before a line reaches the function's log: its role must allow that, as in AWS. */
  readonly isAllowed: (query: AuthorizationQuery) => boolean;
}

/** Puts what one container prints into the function's log, line by line. */
export function captureLogs(
  definition: LambdaFunction,
  { logs, isAllowed }: LogOptions,
  requestId: () => string | undefined,
): (line: string, stream: 'stdout' | 'stderr') => void {
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
  return (line, stream) => {
    if (!hasStream || !mayLog('logs:PutLogEvents')) return;
    const message = parseLogLine(line);
    logs.add({ function: name, region, requestId: requestId(), stream, message });
  };
}
