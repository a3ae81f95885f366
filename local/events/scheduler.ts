import type { FunctionLogs } from '../lambda/function-logs.ts';
import { createAlarmClock } from '../states/alarm-clock.ts';
import type { RoleClient } from '../states/role-client.ts';
import { Halted } from '../states/states-error.ts';
import type { Deployment } from '../template/deployment.ts';
import type { Clock } from '../types.ts';
import { type RuleTarget, readRule, type ScheduledRule } from './rule.ts';

/** The schedules of EventBridge in one region. */
export interface Scheduler {
  /** After a move of the clock: starts what has become due, and waits until it is started. */
  clockMoved(): Promise<void>;
  /** The clock went back to its start: all schedules begin anew. */
  reset(): void;
  close(): void;
}

export interface SchedulerOptions {
  readonly region: string;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly callAs: RoleClient;
  readonly logs: FunctionLogs;
}

/**
 * A rule fires for the first time one period after the start. Periods that a move of the clock leapt
 * over fire once: to a rule, such a move is one moment.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { region, deployment, clock, logs } = options;
  const alarms = createAlarmClock(clock);
  const rules = deployment
    .byType('AWS::Events::Rule')
    .filter((resource) => resource.region === region)
    .flatMap((resource) => readRule(deployment, resource) ?? []);
  const firing = new Set<Promise<void>>();
  let over = new AbortController();

  const fire = async (rule: ScheduledRule) => {
    for (const target of rule.targets) {
      const outcome = await startExecution(target, options);
      const message = { rule: rule.name, target: target.stateMachineArn, outcome };
      logs.add({ function: rule.name, region, requestId: undefined, stream: 'platform', message });
    }
  };
  const follow = async (rule: ScheduledRule, signal: AbortSignal) => {
    let dueMs = rule.schedule.nextAfter(clock.nowMs());
    while (dueMs !== undefined) {
      await alarms.until(dueMs, signal);
      const fired = fire(rule).finally(() => firing.delete(fired));
      firing.add(fired);
      dueMs = rule.schedule.nextAfter(clock.nowMs());
    }
  };
  const followAll = () => {
    for (const rule of rules) {
      follow(rule, over.signal).catch((error: unknown) => {
        if (!(error instanceof Halted)) console.error(`the rule ${rule.name} failed:`, error);
      });
    }
  };

  followAll();
  return {
    async clockMoved() {
      alarms.ring();
      // Whoever was rung awake starts a round of the event loop later.
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(firing);
    },
    reset: () => {
      over.abort();
      over = new AbortController();
      followAll();
    },
    close: () => over.abort(),
  };
}

/** `ok`, or AWS's error code. EventBridge tries again for a day; nothing here lasts that long. */
async function startExecution(
  { stateMachineArn, principal, input }: RuleTarget,
  { region, callAs }: SchedulerOptions,
): Promise<string> {
  const answer = await callAs(principal, {
    service: 'states',
    region,
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AWSStepFunctions.StartExecution',
    },
    body: JSON.stringify({ stateMachineArn, input }),
  });
  if (answer.status === undefined) return 'NoAnswer';
  if (answer.status === 200) return 'ok';
  const { __type = 'Unknown' } = JSON.parse(answer.body);
  return String(__type);
}
