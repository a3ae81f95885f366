import { requireTrust } from './iam/trust.ts';
import type { EnvironmentOptions } from './lambda/execution-environment.ts';
import { readFunction } from './lambda/from-template.ts';
import { createFunctionPool, type FunctionPool } from './lambda/function-pool.ts';
import type { Deployment } from './template/deployment.ts';

/** The deployed functions, each read from the template when first asked for. */
export interface Functions {
  /** By name: those that were asked for so far. */
  readonly pools: ReadonlyMap<string, FunctionPool>;
  /** By function ARN. Throws when there is none, or when Lambda may not assume its role. */
  requirePool(arn: string): FunctionPool;
  requireByName(name: string): FunctionPool;
  /** Reads them all: nothing that the template got wrong may wait for the first request. */
  deployAll(): void;
  /** Ends every container. */
  recycle(): Promise<void>;
}

/**
 * Functions are read late because their environment may hold what a custom resource answers, and
 * custom resources are answered by functions.
 */
export function createFunctions(deployment: Deployment, options: EnvironmentOptions): Functions {
  const pools = new Map<string, FunctionPool>();
  const resources = deployment.byType('AWS::Lambda::Function');

  const requireByName = (name: string): FunctionPool => {
    const known = pools.get(name);
    if (known !== undefined) return known;
    const resource = resources.find(({ physicalId }) => physicalId === name);
    if (resource === undefined) throw new Error(`the template has no function ${name}`);
    const definition = readFunction(deployment, resource);
    requireTrust(deployment, definition.roleArn, 'lambda.amazonaws.com');
    const pool = createFunctionPool(definition, options);
    pools.set(name, pool);
    return pool;
  };

  return {
    pools,
    requireByName,
    requirePool: (arn) => {
      const resource = resources.find(({ attributes }) => attributes['Arn'] === arn);
      if (resource === undefined) throw new Error(`the template has no function ${arn}`);
      return requireByName(resource.physicalId);
    },
    deployAll: () => {
      for (const { physicalId } of resources) requireByName(physicalId);
    },
    recycle: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.recycle()));
    },
  };
}
