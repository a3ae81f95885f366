import { z } from 'zod';
import { requireTrust } from '../iam/trust.ts';
import type { Deployment } from '../template/deployment.ts';
import { TemplateError } from '../template/template-error.ts';
import type { DeployedResource, Principal } from '../types.ts';
import { type EventPattern, EventPatternError, readEventPattern } from './event-pattern.ts';
import { parseSchedule, type Schedule, ScheduleError } from './schedule.ts';

/** A workflow or a function that a rule sets going. */
export interface RuleTarget {
  readonly kind: 'workflow' | 'function';
  readonly arn: string;
  /** As whom: the role that EventBridge assumes, under the rule's name; for functions the service. */
  readonly principal: Principal;
  /** JSON text; without it the target gets the event. */
  readonly input: string | undefined;
}

interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly targets: ReadonlyArray<RuleTarget>;
}

export interface ScheduledRule extends Rule {
  readonly schedule: Schedule;
}

/** A rule that waits for events on a bus. */
export interface PatternRule extends Rule {
  readonly bus: string;
  readonly pattern: EventPattern;
}

export const DEFAULT_BUS = 'default';

const TargetSchema = z.object({
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
});
const PropertiesSchema = z.object({
  ScheduleExpression: z.string().optional(),
  EventPattern: z.unknown().optional(),
  EventBusName: z.string().default(DEFAULT_BUS),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(TargetSchema.loose()).default([]),
});
type Properties = z.infer<typeof PropertiesSchema>;

/** The targets' own ways to make an input of an event: whoever needs one adds it here. */
const NOT_SPOKEN = ['InputPath', 'InputTransformer'];

/**
 * Reads an AWS::Events::Rule; undefined when it is disabled. Throws TemplateError for what is not
 * spoken here (targets other than workflows and functions), and AwsError when EventBridge may not
 * assume a target's role.
 */
export function readRule(
  deployment: Deployment,
  resource: DeployedResource,
): ScheduledRule | PatternRule | undefined {
  const where = `${resource.stack}/${resource.logicalId}`;
  const parsed = PropertiesSchema.safeParse(resource.properties);
  if (!parsed.success) throw new TemplateError(where, 'a target needs an Arn');
  const { ScheduleExpression, EventPattern, State, Targets } = parsed.data;
  const arn = resource.attributes['Arn'] ?? '';
  const name = arn.split('/').at(-1) ?? '';
  const targets = Targets.map((target) => readTarget(deployment, resource, name, target));
  if (State === 'DISABLED') return undefined;
  if ((ScheduleExpression === undefined) === (EventPattern === undefined)) {
    throw new TemplateError(where, 'a rule has either a schedule or an event pattern');
  }
  const rule = { name, arn, targets };
  return ScheduleExpression === undefined
    ? { ...rule, ...readPattern(parsed.data, where) }
    : { ...rule, schedule: readSchedule(ScheduleExpression, where) };
}

function readTarget(
  deployment: Deployment,
  resource: DeployedResource,
  name: string,
  { Arn, RoleArn, Input, ...rest }: z.infer<typeof TargetSchema>,
): RuleTarget {
  const where = `${resource.stack}/${resource.logicalId}`;
  const unknown = Object.keys(rest).find((property) => NOT_SPOKEN.includes(property));
  if (unknown !== undefined) throw new TemplateError(where, `${unknown} is not spoken here`);
  const common = { arn: Arn, input: Input };
  const { region } = resource;
  if (/^arn:aws:lambda:[^:]+:\d+:function:/.test(Arn)) {
    const principal = { roleArn: 'events.amazonaws.com', name, region };
    return { ...common, kind: 'function', principal };
  }
  if (!/^arn:aws:states:[^:]+:\d+:stateMachine:/.test(Arn)) {
    throw new TemplateError(where, `the target ${Arn} is neither a workflow nor a function`);
  }
  if (RoleArn === undefined) throw new TemplateError(where, 'a workflow as target needs a RoleArn');
  requireTrust(deployment, RoleArn, 'events.amazonaws.com', resource.attributes['Arn']);
  return { ...common, kind: 'workflow', principal: { roleArn: RoleArn, name, region } };
}

function readPattern({ EventPattern, EventBusName }: Properties, where: string) {
  try {
    // A bus may be named by its ARN.
    const bus = EventBusName.split('/').at(-1) ?? EventBusName;
    return { bus, pattern: readEventPattern(EventPattern) };
  } catch (error) {
    if (error instanceof EventPatternError) throw new TemplateError(where, error.message);
    throw error;
  }
}

function readSchedule(expression: string, where: string): Schedule {
  try {
    return parseSchedule(expression);
  } catch (error) {
    if (error instanceof ScheduleError) throw new TemplateError(where, error.message);
    throw error;
  }
}

/** Every rule of a region that is in force. Throws as `readRule` does. */
export function readRules(
  deployment: Deployment,
  region: string,
): ReadonlyArray<ScheduledRule | PatternRule> {
  return deployment
    .byType('AWS::Events::Rule')
    .filter((resource) => resource.region === region)
    .flatMap((resource) => readRule(deployment, resource) ?? []);
}
