import type { Deployment } from '../template/deployment.ts';
import type { AuthorizationDecision, AuthorizationQuery } from '../types.ts';
import { createAuthorizer, type IamAuthorizer } from './authorizer.ts';
import { requireManageableKeys } from './key-lockout.ts';
import type { FindMadeKey } from './made-key-policies.ts';

/** The policies of what is deployed, and what tests try of them. */
export interface DeployedPolicies extends IamAuthorizer {
  /** For tests: has the last word on every call that the policies allow. One at a time. */
  interpose(reconsider: Reconsider): void;
  /** Throws PolicyError when AWS would refuse what is left. */
  without(statementId: string, owner?: string): IamAuthorizer;
}

export type Reconsider = (
  query: AuthorizationQuery,
  allowed: AuthorizationDecision,
) => AuthorizationDecision;

/** Throws PolicyError. */
export function createDeployedPolicies(
  deployment: Deployment,
  findMadeKey?: FindMadeKey,
): DeployedPolicies {
  const current = createAuthorizer(deployment, findMadeKey);
  requireManageableKeys(deployment, current);
  let reconsider: Reconsider = (_query, allowed) => allowed;
  return {
    authorize: (query) => {
      const decision = current.authorize(query);
      return decision.allowed ? reconsider(query, decision) : decision;
    },
    statements: () => current.statements(),
    usage: () => current.usage(),
    unused: () => current.unused(),
    without: (statementId, owner) => {
      const reduced = current.without(statementId, owner);
      requireManageableKeys(deployment, reduced);
      return reduced;
    },
    interpose: (other) => {
      reconsider = other;
    },
  };
}
