import { resolve } from 'node:path';
import { cellOf } from '../../local/cell-regions.ts';
import { createAuthorizer, type ListedStatement } from '../../local/iam/authorizer.ts';
import type { GrantUsage } from '../../local/iam/usage.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { Journey } from '../flows/every-journey.ts';
import { provideAssembly, startTestCloud } from '../harness/cloud.ts';

export interface UsageOfTemplate {
  readonly grants: ReadonlyArray<GrantUsage>;
  /** By statement id; those without an entry were used while the cloud was deployed, or never. */
  readonly firstJourneyOf: ReadonlyMap<string, Journey>;
}

/** Runs the journeys one after the other and notes which of them used which statement first. */
export async function measureUsage(journeys: ReadonlyArray<Journey>): Promise<UsageOfTemplate> {
  const cloud = await startTestCloud();
  try {
    const { authorizer } = cloud.cloud.infrastructure;
    const used = () =>
      new Set(
        authorizer
          .usage()
          .filter(({ calls }) => calls > 0)
          .map(({ statementId }) => statementId),
      );
    const known = used();
    const firstJourneyOf = new Map<string, Journey>();
    for (const journey of journeys) {
      await journey.run(cloud);
      for (const statementId of used()) {
        if (!known.has(statementId)) firstJourneyOf.set(statementId, journey);
        known.add(statementId);
      }
    }
    return { grants: authorizer.usage(), firstJourneyOf };
  } finally {
    await cloud.close();
  }
}

/** What the roles of the functions hold, read without deploying anything. */
export async function statementsOfRoles(): Promise<ReadonlyArray<ListedStatement>> {
  const { region } = cellOf('eu');
  const stacks = readAssembly(resolve(await provideAssembly()), region);
  const deployment = deploy(stacks, { apiEndpoint: () => 'http://localhost' });
  return createAuthorizer(deployment)
    .statements()
    .filter(({ kind }) => kind === 'identity');
}
