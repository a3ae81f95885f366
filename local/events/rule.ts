import { z } from 'zod';
import { requireTrust } from '../iam/trust.ts';
import type { Deployment } from '../template/deployment.ts';
import { TemplateError } from '../template/template-error.ts';
import type { DeployedResource, Principal } from '../types.ts';
import { parseSchedule, type Schedule, ScheduleError } from './schedule.ts';

/** A workflow that a rule starts. */
export interface RuleTarget {
  readonly stateMachineArn: string;
  /** As whom: the role that EventBridge assumes, under the rule's name. */
  readonly principal: Principal;
  /** JSON text. */
  readonly input: string;
}

export interface ScheduledRule {
  readonly name: string;
  readonly schedule: Schedule;
  readonly targets: ReadonlyArray<RuleTarget>;
}

const PropertiesSchema = z.object({
  ScheduleExpression: z.string().optional(),
  EventPattern: z.unknown().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(z.object({ Arn: z.string(), RoleArn: z.string(), Input: z.string().default('{}') }))
    .default([]),
});

/**
 * Reads an AWS::Events::Rule; undefined when it is disabled. Throws TemplateError for what is not
 * spoken here (rules by event pattern, targets other than workflows), and AwsError when EventBridge
 * may not assume a target's role.
 */
export function readRule(
  deployment: Deployment,
  resource: DeployedResource,
): ScheduledRule | undefined {
  const { stack, region, logicalId, physicalId: name } = resource;
  const where = `${stack}/${logicalId}`;
  const parsed = PropertiesSchema.safeParse(resource.properties);
  if (!parsed.success) throw new TemplateError(where, 'a target needs Arn and RoleArn');
  const { ScheduleExpression, EventPattern, State, Targets } = parsed.data;
  if (ScheduleExpression === undefined || EventPattern !== undefined) {
    throw new TemplateError(where, 'only rules with a schedule run locally');
  }
  const targets = Targets.map(({ Arn, RoleArn, Input }) => {
    if (!/^arn:aws:states:[^:]+:\d+:stateMachine:/.test(Arn)) {
      throw new TemplateError(where, `the target ${Arn} is no workflow`);
    }
    requireTrust(deployment, RoleArn, 'events.amazonaws.com', resource.attributes['Arn']);
    const principal = { roleArn: RoleArn, name, region };
    return { stateMachineArn: Arn, principal, input: Input };
  });
  if (State === 'DISABLED') return undefined;
  return { name, schedule: readSchedule(ScheduleExpression, where), targets };
}

function readSchedule(expression: string, where: string): Schedule {
  try {
    return parseSchedule(expression);
  } catch (error) {
    if (error instanceof ScheduleError) throw new TemplateError(where, error.message);
    throw error;
  }
}
