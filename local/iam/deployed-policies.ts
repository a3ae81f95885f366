import type { Deployment } from '../template/deployment.ts';
import { createAuthorizer, type IamAuthorizer } from './authorizer.ts';
import { requireManageableKeys } from './key-lockout.ts';
import type { FindMadeKey } from './made-key-policies.ts';

/** The policies of what is deployed, until an update of the stacks brings others. */
export interface DeployedPolicies extends IamAuthorizer {
  /** Holds from the next call on; usage is counted anew. Throws PolicyError, and changes nothing. */
  update(deployment: Deployment): void;
}

/** Throws PolicyError. */
export function createDeployedPolicies(
  deployment: Deployment,
  findMadeKey?: FindMadeKey,
): DeployedPolicies {
  let current = readPolicies(deployment, findMadeKey);
  return {
    authorize: (query) => current.authorize(query),
    statements: () => current.statements(),
    usage: () => current.usage(),
    unused: () => current.unused(),
    update: (updated) => {
      current = readPolicies(updated, findMadeKey);
    },
  };
}

function readPolicies(deployment: Deployment, findMadeKey?: FindMadeKey): IamAuthorizer {
  const authorizer = createAuthorizer(deployment, findMadeKey);
  requireManageableKeys(deployment, authorizer);
  return authorizer;
}
