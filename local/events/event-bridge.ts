import type { FunctionLogs } from '../lambda/function-logs.ts';
import type { RoleClient } from '../states/role-client.ts';
import type { Deployment } from '../template/deployment.ts';
import type { AwsService, Clock } from '../types.ts';
import type { EventArchive } from './event-archive.ts';
import { type PatternRule, readRules, type ScheduledRule } from './rule.ts';
import { startScheduler } from './scheduler.ts';
import { createEventsService } from './service.ts';
import { createTargetCaller } from './targets.ts';

/** EventBridge of one region: its buses, and the rules on them and on the clock. */
export interface EventBridge {
  readonly service: AwsService;
  /** After a move of the clock: fires what has become due, and waits until it is taken. */
  clockMoved(): Promise<void>;
  /** Resolves when all targets of the events put so far have taken them. */
  settled(): Promise<void>;
  /** The clock went back to its start: all schedules begin anew. */
  reset(): void;
  close(): void;
}

export interface EventBridgeOptions {
  readonly region: string;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly callAs: RoleClient;
  readonly logs: FunctionLogs;
  readonly archive: EventArchive;
  /** Names of rules that the operator has disabled. */
  readonly disabledRules: ReadonlyArray<string>;
}

/** Throws TemplateError and AwsError for rules that cannot be. */
export function startEventBridge(options: EventBridgeOptions): EventBridge {
  const { region, deployment, clock, archive, disabledRules } = options;
  const rules = readRules(deployment, region).filter(({ name }) => !disabledRules.includes(name));
  const targets = createTargetCaller(options);
  const scheduler = startScheduler({
    region,
    rules: rules.filter((rule): rule is ScheduledRule => 'schedule' in rule),
    targets,
    clock,
  });
  const service = createEventsService({
    region,
    buses: deployment
      .byType('AWS::Events::EventBus')
      .filter((bus) => bus.region === region)
      .map(({ physicalId }) => physicalId),
    rules: rules.filter((rule): rule is PatternRule => 'pattern' in rule),
    targets,
    archive,
    clock,
  });
  const { clockMoved, reset, close } = scheduler;
  return { service, clockMoved, settled: targets.settled, reset, close };
}
