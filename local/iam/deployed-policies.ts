import type { Deployment } from '../template/deployment.ts';
import type { AuthorizationDecision, AuthorizationQuery } from '../types.ts';
import { createAuthorizer, type IamAuthorizer } from './authorizer.ts';
import { requireManageableKeys } from './key-lockout.ts';
import type { FindMadeKey } from './made-key-policies.ts';

/** The policies of what is deployed, until an update of the stacks brings others. */
export interface DeployedPolicies extends IamAuthorizer {
  /** Holds from the next call on; usage is counted anew. Throws PolicyError, and changes nothing. */
  update(deployment: Deployment): void;
  /** For tests: has the last word on every call that the policies allow. One at a time. */
  interpose(reconsider: Reconsider): void;
  /** Throws PolicyError when AWS would refuse what is left. */
  without(statementId: string): IamAuthorizer;
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
  let deployed = deployment;
  let current = readPolicies(deployment, findMadeKey);
  let reconsider: Reconsider = (_query, allowed) => allowed;
  return {
    authorize: (query) => {
      const decision = current.authorize(query);
      return decision.allowed ? reconsider(query, decision) : decision;
    },
    statements: () => current.statements(),
    usage: () => current.usage(),
    unused: () => current.unused(),
    update: (updated) => {
      current = readPolicies(updated, findMadeKey);
      deployed = updated;
    },
    without: (statementId) => {
      const reduced = current.without(statementId);
      requireManageableKeys(deployed, reduced);
      return reduced;
    },
    interpose: (other) => {
      reconsider = other;
    },
  };
}

function readPolicies(deployment: Deployment, findMadeKey?: FindMadeKey): IamAuthorizer {
  const authorizer = createAuthorizer(deployment, findMadeKey);
  requireManageableKeys(deployment, authorizer);
  return authorizer;
}
