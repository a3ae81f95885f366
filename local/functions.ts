import { requireTrust } from './iam/trust.ts';
import { readFunction } from './lambda/from-template.ts';
import { createFunctionPool, type FunctionPool, type PoolOptions } from './lambda/function-pool.ts';
import type { Deployment } from './template/deployment.ts';
import type { DeployedResource } from './types.ts';

/** The deployed functions of all regions, each read from the template when first asked for. */
export interface Functions {
  /** By ARN: those that were asked for so far. */
  readonly pools: ReadonlyMap<string, FunctionPool>;
  /** By function ARN. Throws when there is none, or when Lambda may not assume its role. */
  requirePool(arn: string): FunctionPool;
  /** Cells share names, each in its own region; without one, the first found. Throws likewise. */
  requireByName(name: string, region?: string): FunctionPool;
  /** Among those that were asked for so far; by name or ARN, as Lambda's `FunctionName` allows. */
  find(region: string, nameOrArn: string): FunctionPool | undefined;
  /** Reads them all: nothing that the template got wrong may wait for the first request. */
  deployAll(): void;
  /** Ends every container, or every one of a region. */
  recycle(region?: string): Promise<void>;
}

/**
 * Functions are read late because their environment may hold what a custom resource answers, and
 * custom resources are answered by functions.
 */
export function createFunctions(deployment: Deployment, options: PoolOptions): Functions {
  const pools = new Map<string, FunctionPool>();
  const resources = deployment.byType('AWS::Lambda::Function');

  const requireOne = (resource: DeployedResource | undefined, what: string): FunctionPool => {
    if (resource === undefined) throw new Error(`the template has no function ${what}`);
    const arn = resource.attributes['Arn'] ?? resource.physicalId;
    const known = pools.get(arn);
    if (known !== undefined) return known;
    const definition = readFunction(deployment, resource);
    requireTrust(deployment, definition.roleArn, 'lambda.amazonaws.com');
    const pool = createFunctionPool(definition, options);
    pools.set(arn, pool);
    return pool;
  };
  const isIn = (region: string | undefined) => (one: { readonly region: string }) =>
    region === undefined || one.region === region;

  return {
    pools,
    requireByName: (name, region) =>
      requireOne(
        resources.filter(isIn(region)).find(({ physicalId }) => physicalId === name),
        name,
      ),
    requirePool: (arn) =>
      requireOne(
        resources.find(({ attributes }) => attributes['Arn'] === arn),
        arn,
      ),
    find: (region, nameOrArn) =>
      [...pools.values()].find(
        ({ definition }) =>
          definition.region === region && [definition.name, definition.arn].includes(nameOrArn),
      ),
    deployAll: () => {
      for (const resource of resources) requireOne(resource, resource.physicalId);
    },
    recycle: async (region) => {
      const chosen = [...pools.values()].filter(({ definition }) => isIn(region)(definition));
      await Promise.all(chosen.map((pool) => pool.recycle()));
    },
  };
}
