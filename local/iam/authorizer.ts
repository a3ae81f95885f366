import type { Deployment } from '../template/deployment.ts';
import type { JsonObject } from '../template/json.ts';
import type { AuthorizationDecision, AuthorizationQuery, Authorizer } from '../types.ts';
import { createMadeKeyPolicies, type FindMadeKey } from './made-key-policies.ts';
import { AWS_OWNED, collectPolicies, omit, type Policies } from './policies.ts';
import { type Caller, callerOf, covers, OPERATOR_ROLE_ARN } from './principals.ts';
import { requestOf } from './request.ts';
import { applyingOf, type Statement, type StatementRequest } from './statements.ts';
import { createUsageCounter, type GrantUsage } from './usage.ts';

/** A statement of the template, for tests that remove it and for the console. */
export interface ListedStatement {
  /** `Stack/Role/Policy#index`, `Stack/Key/KeyPolicy#index` or `Stack/Permission/Permission#0`. */
  readonly id: string;
  readonly kind: 'identity' | 'resource';
  /** ARN of the role, key or function it hangs on. */
  readonly owner: string;
  /** False for AWS's own policies and default key policies: `withoutStatement` cannot remove them. */
  readonly isRemovable: boolean;
  readonly json: JsonObject;
}

export interface IamAuthorizer extends Authorizer {
  statements(): ReadonlyArray<ListedStatement>;
  /** Each grant (an action of a statement on one of its resources) with the calls it allowed. */
  usage(): ReadonlyArray<GrantUsage>;
  /** Grants that never allowed a call. */
  unused(): ReadonlyArray<GrantUsage>;
  /**
   * As a deployment `withoutStatement` would, without evaluating templates anew: in every cell, or in
   * that of the owner.
   */
  without(statementId: string, owner?: string): IamAuthorizer;
}

/** Statements that fit a request, by what they say and where they stand. */
interface Fitting {
  readonly identityDeny: ReadonlyArray<Statement>;
  readonly identityAllow: ReadonlyArray<Statement>;
  readonly resourceDeny: ReadonlyArray<Statement>;
  /** Allows the caller by name: enough by itself. */
  readonly resourceAllow: ReadonlyArray<Statement>;
  /** Allows the account, and so leaves the choice to its identity-based policies. */
  readonly resourceDelegate: ReadonlyArray<Statement>;
}

/**
 * Reads the policies of a deployment once and decides as AWS does; those of keys that functions make
 * at run time are found when they are asked for. Throws PolicyError.
 */
export function createAuthorizer(
  deployment: Deployment,
  findMadeKey: FindMadeKey = () => undefined,
): IamAuthorizer {
  return authorizerOf(collectPolicies(deployment), findMadeKey);
}

function authorizerOf(policies: Policies, findMadeKey: FindMadeKey): IamAuthorizer {
  const policiesOfMadeKeys = createMadeKeyPolicies(findMadeKey);
  const counter = createUsageCounter();
  const listed = [
    ...listStatements(policies.identity, 'identity'),
    ...listStatements(policies.resource, 'resource'),
  ];
  const usage = () => counter.report(listed);
  return {
    authorize: (query) => {
      const caller = callerOf(query.principal);
      const request = requestOf(query, caller);
      const onResource =
        policies.resource.get(policyHolderOf(query.resource)) ?? policiesOfMadeKeys(query.resource);
      const fitting = findFitting(policies, onResource, query, caller, request);
      const refusal = findRefusal(query, caller, fitting);
      if (refusal !== undefined) return denied(query, caller, refusal);
      const used = [
        ...fitting.identityAllow,
        ...fitting.resourceAllow,
        ...(needsResourcePolicy(query) ? fitting.resourceDelegate : []),
      ];
      for (const statement of used) counter.record(statement, request);
      return { allowed: true, statementIds: used.map(({ id }) => id) };
    },
    statements: () =>
      listed.map(({ statement: { id, json }, kind, owner }) => ({
        id,
        kind,
        owner,
        isRemovable: !id.startsWith(AWS_OWNED),
        json,
      })),
    usage,
    unused: () => usage().filter(({ calls }) => calls === 0),
    without: (statementId, owner) => authorizerOf(omit(policies, statementId, owner), findMadeKey),
  };
}

/** The policy of a bucket is that of its objects. */
function policyHolderOf(resource: string): string {
  return /^(arn:[^:]+:s3:::[^/]+)\//.exec(resource)?.[1] ?? resource;
}

/** Everything of the template; the operator's rights are not from there. */
function listStatements(
  policies: ReadonlyMap<string, ReadonlyArray<Statement>>,
  kind: ListedStatement['kind'],
) {
  return [...policies]
    .filter(([owner]) => owner !== OPERATOR_ROLE_ARN)
    .flatMap(([owner, statements]) => statements.map((statement) => ({ statement, kind, owner })));
}

function findFitting(
  policies: Policies,
  onResource: ReadonlyArray<Statement>,
  query: AuthorizationQuery,
  caller: Caller,
  request: StatementRequest,
): Fitting {
  const identity = policies.identity.get(query.principal.roleArn) ?? [];
  const fit = applyingOf(identity, request);
  const resource = applyingOf(onResource, request)
    .map((statement) => ({
      statement,
      coverage: statement.principal && covers(statement.principal, caller),
    }))
    .filter(({ coverage }) => coverage !== undefined);
  const allowing = resource.filter(({ statement }) => statement.effect === 'Allow');
  const statementOf = ({ statement }: { readonly statement: Statement }): Statement => statement;
  return {
    identityDeny: fit.filter(({ effect }) => effect === 'Deny'),
    identityAllow: fit.filter(({ effect }) => effect === 'Allow'),
    resourceDeny: resource.map(statementOf).filter(({ effect }) => effect === 'Deny'),
    resourceAllow: allowing.filter(({ coverage }) => coverage === 'direct').map(statementOf),
    resourceDelegate: allowing.filter(({ coverage }) => coverage === 'delegated').map(statementOf),
  };
}

/**
 * The reason in AWS's words, or undefined when allowed (IAM User Guide, "policy evaluation logic"
 * within one account): an explicit deny wins; a resource may allow by itself; a KMS key must.
 */
function findRefusal(
  query: AuthorizationQuery,
  caller: Caller,
  fitting: Fitting,
): string | undefined {
  if (fitting.identityDeny.length > 0) return 'with an explicit deny in an identity-based policy';
  if (fitting.resourceDeny.length > 0) return 'with an explicit deny in a resource-based policy';
  if (fitting.resourceAllow.length > 0) return undefined;
  if (
    caller.kind === 'service' ||
    (needsResourcePolicy(query) && fitting.resourceDelegate.length === 0)
  ) {
    return `because no resource-based policy allows the ${query.action} action`;
  }
  if (fitting.identityAllow.length > 0) return undefined;
  return `because no identity-based policy allows the ${query.action} action`;
}

/**
 * A KMS key's policy is the root of all access to it (KMS Developer Guide, "key policies"). A key
 * that is only being made (`key/*`) has none that could be asked.
 */
function needsResourcePolicy({ action, resource }: AuthorizationQuery): boolean {
  return action.startsWith('kms:') && /:key\/[^*]/.test(resource);
}

function denied(query: AuthorizationQuery, caller: Caller, reason: string): AuthorizationDecision {
  const user = caller.kind === 'role' ? caller.sessionArn : caller.service;
  const byResource = reason.includes('no resource-based policy');
  const principal = caller.kind === 'role' ? { AWS: caller.roleArn } : { Service: caller.service };
  const leadingKeys = query.context['dynamodb:LeadingKeys'] ?? [];
  return {
    allowed: false,
    message: `User: ${user} is not authorized to perform: ${query.action} on resource: ${query.resource} ${reason}`,
    suggestion: JSON.stringify({
      Effect: 'Allow',
      ...(byResource ? { Principal: principal } : {}),
      Action: query.action,
      Resource: byResource && needsResourcePolicy(query) ? '*' : query.resource,
      ...(leadingKeys.length === 0
        ? {}
        : {
            Condition: {
              'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes(leadingKeys) },
            },
          }),
    }),
  };
}

/** A grant names key prefixes, never one person's key. */
function prefixes(keys: ReadonlyArray<string>): ReadonlyArray<string> {
  return [...new Set(keys.map((key) => key.replace(/#.*$/s, '#*')))];
}
