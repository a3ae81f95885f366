import { withoutStatement } from '../../local/iam/without-statement.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { TestCloud } from '../harness/cloud.ts';
import type { PlacedStatement } from './iam-usage.ts';

/**
 * Takes a statement away from a running cloud while `use` runs, as an update of the stacks would.
 * Everything else goes on, but for the containers of the role that lacks it, since they keep what
 * they have read. Throws PolicyError when AWS would refuse such a template.
 */
export async function useWithout(
  cloud: TestCloud,
  statement: PlacedStatement,
  use: () => Promise<void>,
): Promise<void> {
  const { deployment, deployOptions, infrastructure } = cloud.cloud;
  const reduced = deploy(deployment.stacks, {
    ...deployOptions,
    // Stacks of several cells have the same names.
    transformTemplate: (stack) =>
      stack.region === statement.region ? withoutStatement(stack, statement.id) : stack,
  });
  infrastructure.authorizer.update(reduced);
  try {
    await endContainersOf(cloud, statement.owner);
    await use();
  } finally {
    infrastructure.authorizer.update(deployment);
    cloud.clearFaults();
    await endContainersOf(cloud, statement.owner);
  }
}

async function endContainersOf(cloud: TestCloud, roleArn: string): Promise<void> {
  const pools = [...cloud.cloud.infrastructure.functions.pools.values()];
  const lacking = pools.filter(({ definition }) => definition.roleArn === roleArn);
  await Promise.all(lacking.map((pool) => pool.recycle()));
}
