import { requireTrust } from '../iam/trust.ts';
import type { Deployment } from '../template/deployment.ts';
import { isObject } from '../template/json.ts';
import { TemplateError } from '../template/template-error.ts';
import type { AuthorizationQuery, DeployedResource, Principal } from '../types.ts';
import type { Definition, State } from './definition.ts';
import { DefinitionError, parseDefinition } from './parse-definition.ts';

/** A deployed state machine, its definition read. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly roleArn: string;
  /** Who calls, for IAM and for the call log. */
  readonly principal: Principal;
  readonly definitionText: string;
  readonly definition: Definition;
  readonly logging: { readonly level: string; readonly includesData: boolean };
}

const LAMBDA_ARN = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+$/;
const INVOKE = 'arn:aws:states:::lambda:invoke';
const RESOURCES = [INVOKE, `${INVOKE}.waitForTaskToken`];

/** Of `CreateStateMachine`, before a log group may be written to. */
const LOG_DELIVERY_ACTIONS = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/**
 * Reads an AWS::StepFunctions::StateMachine. Throws TemplateError for what is not spoken here, and
 * AwsError when Step Functions may not assume its role.
 */
export function readStateMachine(
  deployment: Deployment,
  resource: DeployedResource,
  isAllowed: (query: AuthorizationQuery) => boolean,
): StateMachine {
  const { properties, region, stack, logicalId } = resource;
  const where = `${stack}/${logicalId}`;
  if ((properties['StateMachineType'] ?? 'STANDARD') !== 'STANDARD') {
    throw new TemplateError(where, 'only standard workflows run locally');
  }
  const arn = resource.attributes['Arn'] ?? '';
  const name = resource.attributes['Name'] ?? '';
  const roleArn = String(properties['RoleArn']);
  requireTrust(deployment, roleArn, 'states.amazonaws.com', arn);
  const definitionText = readText(properties, where);
  const principal = { roleArn, name, region };
  const logging = readLogging(properties['LoggingConfiguration']);
  if (logging.level !== 'OFF') requireLogDelivery(principal, region, where, isAllowed);
  const definition = readDefinition(definitionText, where);
  return { arn, name, region, roleArn, principal, definitionText, definition, logging };
}

function readText(properties: DeployedResource['properties'], where: string): string {
  const { DefinitionString, DefinitionSubstitutions } = properties;
  if (typeof DefinitionString !== 'string' || DefinitionSubstitutions !== undefined) {
    throw new TemplateError(where, 'the definition must stand in DefinitionString');
  }
  return DefinitionString;
}

function readDefinition(text: string, where: string): Definition {
  try {
    const definition = parseDefinition(text);
    requireKnownTasks(definition);
    return definition;
  } catch (error) {
    if (error instanceof DefinitionError) throw new TemplateError(where, error.message);
    throw error;
  }
}

function requireKnownTasks({ States }: Definition): void {
  for (const [name, state] of Object.entries(States)) requireKnownTask(name, state);
}

function requireKnownTask(name: string, state: State): void {
  if (state.Type === 'Map') requireKnownTasks(state.ItemProcessor);
  if (state.Type === 'Parallel') state.Branches.forEach(requireKnownTasks);
  if (state.Type !== 'Task') return;
  if (RESOURCES.includes(state.Resource) || LAMBDA_ARN.test(state.Resource)) return;
  throw new DefinitionError(`${name}: the resource ${state.Resource} is not spoken here`);
}

function readLogging(value: unknown): StateMachine['logging'] {
  const { Level = 'OFF', IncludeExecutionData = false } = isObject(value) ? value : {};
  return { level: String(Level), includesData: IncludeExecutionData === true };
}

function requireLogDelivery(
  principal: Principal,
  region: string,
  where: string,
  isAllowed: (query: AuthorizationQuery) => boolean,
): void {
  const missing = LOG_DELIVERY_ACTIONS.find(
    (action) => !isAllowed({ principal, region, action, resource: '*', context: {} }),
  );
  if (missing === undefined) return;
  throw new TemplateError(
    where,
    `the state machine's role is not authorized to access the log destination: ${missing}`,
  );
}
