import type { FunctionLogs } from '../lambda/function-logs.ts';
import { SOURCE_HEADER } from '../lambda/lambda-service.ts';
import type { RoleAnswer, RoleClient } from '../states/role-client.ts';
import type { BusEvent } from './event.ts';
import type { RuleTarget, ScheduledRule } from './rule.ts';

/** Sets the targets of rules going. */
export interface TargetCaller {
  /** Returns at once; what came of it is in the logs. EventBridge would try again for a day. */
  call(rule: Pick<ScheduledRule, 'name' | 'arn' | 'targets'>, event: BusEvent): void;
  /** Resolves when every target that was called so far has taken it. */
  settled(): Promise<void>;
}

export interface TargetOptions {
  readonly region: string;
  readonly callAs: RoleClient;
  readonly logs: FunctionLogs;
}

export function createTargetCaller(options: TargetOptions): TargetCaller {
  const { region, logs } = options;
  const underway = new Set<Promise<void>>();
  const callOne = async (name: string, ruleArn: string, target: RuleTarget, event: BusEvent) => {
    const input = target.input ?? JSON.stringify(event);
    const answer = await (target.kind === 'workflow'
      ? startExecution(target, input, options)
      : invokeFunction(target, input, ruleArn, options));
    const message = { rule: name, target: target.arn, outcome: outcomeOf(answer) };
    logs.add({ function: name, region, requestId: undefined, stream: 'platform', message });
  };
  return {
    call({ name, arn, targets }, event) {
      for (const target of targets) {
        const called = callOne(name, arn, target, event)
          .catch((error: unknown) => console.error(`the rule ${name} failed:`, error))
          .finally(() => underway.delete(called));
        underway.add(called);
      }
    },
    settled: async () => {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

function startExecution(
  { arn: stateMachineArn, principal }: RuleTarget,
  input: string,
  { region, callAs }: TargetOptions,
): Promise<RoleAnswer> {
  return callAs(principal, {
    service: 'states',
    region,
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AWSStepFunctions.StartExecution',
    },
    body: JSON.stringify({ stateMachineArn, input }),
  });
}

/** By the function's own policy, which names the rule; the function runs on by itself. */
function invokeFunction(
  { arn, principal }: RuleTarget,
  input: string,
  ruleArn: string,
  { region, callAs }: TargetOptions,
): Promise<RoleAnswer> {
  return callAs(principal, {
    service: 'lambda',
    region,
    path: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
    headers: { 'x-amz-invocation-type': 'Event', [SOURCE_HEADER]: ruleArn },
    body: input,
  });
}

/** `ok`, or AWS's error code. */
function outcomeOf(answer: RoleAnswer): string {
  if (answer.status === undefined) return 'NoAnswer';
  if (answer.status < 300) return 'ok';
  const { __type } = JSON.parse(answer.body || '{}');
  return String(__type ?? answer.headers.get('x-amzn-errortype') ?? 'Unknown');
}
