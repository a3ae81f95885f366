import type { Deployment } from '../template/deployment.ts';
import { isObject, type JsonObject, scalarText } from '../template/json.ts';
import { ACCOUNT_ID, PARTITION } from '../template/physical-ids.ts';
import type { DeployedResource } from '../types.ts';
import { MANAGED_POLICIES } from './managed-policies.ts';
import { PolicyError } from './policy-error.ts';
import { OPERATOR_ROLE_ARN } from './principals.ts';
import { parseDocument, parseStatement, type Statement } from './statements.ts';

/** Every policy of the account, by what it hangs on. */
export interface Policies {
  /** ARN of the role → statements of its identity-based policies. */
  readonly identity: ReadonlyMap<string, ReadonlyArray<Statement>>;
  /** ARN of the key, function or bucket → statements of its resource-based policy. */
  readonly resource: ReadonlyMap<string, ReadonlyArray<Statement>>;
}

/** Begins the ids of statements that AWS supplies; no stack's name holds a colon. */
export const AWS_OWNED = 'aws:';

const MANAGED_PREFIX = `arn:${PARTITION}:iam::aws:policy/`;

/** Reads all policies, so that a malformed one stops the start. Throws PolicyError and TemplateError. */
export function collectPolicies(deployment: Deployment): Policies {
  const roles = deployment.byType('AWS::IAM::Role');
  return {
    identity: new Map([
      ...roles.map((role) => [arnOf(role), identityStatements(deployment, role)] as const),
      [OPERATOR_ROLE_ARN, [administratorAccess()]],
    ]),
    resource: new Map([
      ...[...deployment.byType('AWS::KMS::Key'), ...deployment.byType('AWS::KMS::ReplicaKey')].map(
        (key) => [arnOf(key), keyPolicy(key)] as const,
      ),
      ...deployment
        .byType('AWS::Lambda::Function')
        .map((lambda) => [arnOf(lambda), permissions(deployment, lambda)] as const),
      ...deployment
        .byType('AWS::S3::BucketPolicy')
        .map((policy) => [bucketOf(policy), bucketPolicy(policy)] as const),
    ]),
  };
}

/** All but one statement, of the owner named or, since cells share ids, of all. */
export function omit(
  { identity, resource }: Policies,
  statementId: string,
  owner?: string,
): Policies {
  const without = (policies: ReadonlyMap<string, ReadonlyArray<Statement>>) =>
    new Map(
      [...policies].map(([holder, statements]) => [
        holder,
        owner === undefined || owner === holder
          ? statements.filter(({ id }) => id !== statementId)
          : statements,
      ]),
    );
  return { identity: without(identity), resource: without(resource) };
}

function identityStatements(
  deployment: Deployment,
  role: DeployedResource,
): ReadonlyArray<Statement> {
  if (role.properties['PermissionsBoundary'] !== undefined) {
    throw new PolicyError(place(role, role.logicalId), 'permissions boundaries are not evaluated');
  }
  return [
    ...listOf(role.properties['Policies']).flatMap((inline) => inlinePolicy(role, inline)),
    ...deployment
      .byType('AWS::IAM::Policy')
      .filter((policy) => listOf(policy.properties['Roles']).includes(role.physicalId))
      .flatMap((policy) => attachedPolicy(role, policy)),
    ...managedArns(deployment, role).flatMap((arn) => managedPolicy(deployment, role, arn)),
  ];
}

function inlinePolicy(role: DeployedResource, inline: unknown): ReadonlyArray<Statement> {
  const policy = isObject(inline) ? inline : {};
  const name = scalarText(policy['PolicyName']) ?? 'inline';
  return parseDocument(policy['PolicyDocument'], 'identity', (index) =>
    statementId(role.stack, role, name, index),
  );
}

function attachedPolicy(
  role: DeployedResource,
  policy: DeployedResource,
): ReadonlyArray<Statement> {
  return parseDocument(policy.properties['PolicyDocument'], 'identity', (index) =>
    statementId(policy.stack, role, policy.logicalId, index),
  );
}

/** Named by the role, or naming the role. */
function managedArns(deployment: Deployment, role: DeployedResource): ReadonlyArray<string> {
  const naming = deployment
    .byType('AWS::IAM::ManagedPolicy')
    .filter((policy) => listOf(policy.properties['Roles']).includes(role.physicalId))
    .map((policy) => policy.physicalId);
  return [...new Set([...listOf(role.properties['ManagedPolicyArns']).map(String), ...naming])];
}

function managedPolicy(
  deployment: Deployment,
  role: DeployedResource,
  arn: string,
): ReadonlyArray<Statement> {
  const own = deployment
    .byType('AWS::IAM::ManagedPolicy')
    .find(({ physicalId }) => physicalId === arn);
  if (own !== undefined) return attachedPolicy(role, own);
  const path = arn.startsWith(MANAGED_PREFIX) ? arn.slice(MANAGED_PREFIX.length) : '';
  const document = MANAGED_POLICIES[path];
  if (document === undefined) {
    throw new PolicyError(
      place(role, role.logicalId),
      `the local cloud does not know the managed policy ${arn}`,
    );
  }
  const name = path.split('/').at(-1) ?? path;
  return parseDocument(document, 'identity', (index) =>
    statementId(`${AWS_OWNED}${role.stack}`, role, name, index),
  );
}

/** A key without a policy gets AWS's default one, which leaves all to IAM. */
function keyPolicy(key: DeployedResource): ReadonlyArray<Statement> {
  const declared = key.properties['KeyPolicy'];
  const isEmpty = !isObject(declared) || Object.keys(declared).length === 0;
  if (isEmpty) return [defaultKeyPolicy(place(key, 'KeyPolicy#0'))];
  return parseDocument(declared, 'resource', (index) => place(key, `KeyPolicy#${index}`));
}

/** What AWS gives a key that is made without a policy. */
export function defaultKeyPolicy(where: string): Statement {
  const root: JsonObject = {
    Effect: 'Allow',
    Principal: { AWS: `arn:${PARTITION}:iam::${ACCOUNT_ID}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return parseStatement(root, 'resource', AWS_OWNED + where);
}

/** Of its own bucket, whose name is the last part of the ARN. */
function bucketOf({ properties }: DeployedResource): string {
  return `arn:${PARTITION}:s3:::${String(properties['Bucket'])}`;
}

function bucketPolicy(policy: DeployedResource): ReadonlyArray<Statement> {
  return parseDocument(policy.properties['PolicyDocument'], 'resource', (index) =>
    place(policy, `PolicyDocument#${index}`),
  );
}

function permissions(deployment: Deployment, lambda: DeployedResource): ReadonlyArray<Statement> {
  const names = [arnOf(lambda), lambda.physicalId];
  return deployment
    .byType('AWS::Lambda::Permission')
    .filter(
      ({ region, properties }) =>
        region === lambda.region && names.includes(String(properties['FunctionName'])),
    )
    .map((permission) =>
      parseStatement(
        permissionStatement(permission, arnOf(lambda)),
        'resource',
        place(permission, 'Permission#0'),
      ),
    );
}

/** What `lambda:AddPermission` makes of its arguments. */
function permissionStatement(permission: DeployedResource, functionArn: string): JsonObject {
  const { Action, Principal, SourceArn, SourceAccount, ...rest } = permission.properties;
  const unknown = Object.keys(rest).find((name) => name !== 'FunctionName');
  if (unknown !== undefined) {
    throw new PolicyError(place(permission, 'Permission#0'), `${unknown} is not evaluated`);
  }
  const principal = String(Principal);
  const named = principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal };
  return {
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : named,
    Action,
    Resource: functionArn,
    Condition: {
      ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
      ...(SourceAccount === undefined
        ? {}
        : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    },
  };
}

function administratorAccess(): Statement {
  return parseStatement(
    { Effect: 'Allow', Action: '*', Resource: '*' },
    'identity',
    `${AWS_OWNED}account/operator/AdministratorAccess#0`,
  );
}

function statementId(stack: string, role: DeployedResource, policy: string, index: number): string {
  return `${stack}/${role.logicalId}/${policy}#${index}`;
}

function place(resource: DeployedResource, rest: string): string {
  return `${resource.stack}/${resource.logicalId}/${rest}`;
}

function arnOf(resource: DeployedResource): string {
  return resource.attributes['Arn'] ?? '';
}

function listOf(value: unknown): ReadonlyArray<unknown> {
  return Array.isArray(value) ? value : [];
}
