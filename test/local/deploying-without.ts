import { cellsOf } from '../../local/cell-regions.ts';
import { createCellStates } from '../../local/cell-states.ts';
import { createClock } from '../../local/clock.ts';
import { type Closer, closeAll } from '../../local/closing.ts';
import { runCustomResources } from '../../local/custom-resources.ts';
import type { IamAuthorizer, ListedStatement } from '../../local/iam/authorizer.ts';
import { type Infrastructure, startInfrastructure } from '../../local/infrastructure.ts';
import { emptyTables, seedCloud } from '../../local/seeding.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { deploy } from '../../local/template/deployment.ts';
import { provideAssembly } from '../harness/assemblies.ts';

/** Of statements without which nothing was deployed: what a developer was told, by their ids. */
export type FailedDeployments = ReadonlyMap<string, ReadonlyArray<string>>;

/** Nobody asks there: what stands in front of the functions is not started. */
const ISSUER = 'http://localhost:4000';

/**
 * Deploys a first time, again and again, to empty tables: of the statements chosen that custom
 * resources and the first clients need each is missing once, from the moment at which it is needed
 * until that has stopped the deployment. The last one succeeds. Keys of KMS and containers stay from
 * one attempt to the next: what these remember they were allowed to read, so that whatever the next
 * attempt does not ask for again has been missing already, or is not needed any more.
 */
export async function deployWithout(
  chosen: (statement: ListedStatement) => boolean,
  cells: ReadonlyArray<string> = ['eu'],
): Promise<FailedDeployments> {
  const closers: Array<Closer> = [];
  try {
    return await deployUntilItSucceeds(chosen, cells, closers);
  } finally {
    await closeAll(closers);
  }
}

async function deployUntilItSucceeds(
  chosen: (statement: ListedStatement) => boolean,
  names: ReadonlyArray<string>,
  closers: Array<Closer>,
): Promise<FailedDeployments> {
  const warnings: Array<string> = [];
  const { infrastructure, deployOnce } = await prepare(names, warnings, closers);
  const failed = new Map<string, ReadonlyArray<string>>();
  const withheld = withholdNext(infrastructure, chosen);
  for (;;) {
    warnings.length = 0;
    withheld.giveBack();
    const failure = await deployOnce().then(
      () => undefined,
      (reason: unknown) => new Error('nothing was deployed', { cause: reason }),
    );
    const id = withheld.missing();
    if (failure === undefined && id === undefined) return failed;
    if (id === undefined) throw failure;
    if (failure !== undefined) failed.set(id, [...warnings]);
  }
}

/** The services of an account in which nothing stands yet, and what deploys to its empty tables. */
async function prepare(
  names: ReadonlyArray<string>,
  warnings: Array<string>,
  closers: Array<Closer>,
) {
  const assembly = await provideAssembly(names);
  const cells = cellsOf(names);
  const stacks = readAssembly(assembly, cells[0]?.region ?? '');
  const addresses = {
    IssuerUrl: ISSUER,
    CellUrls: names.map((name) => `${name}=${ISSUER}`).join(','),
  };
  const read = () =>
    deploy(stacks, {
      apiEndpoint: () => ISSUER,
      ...(names.length > 1 && { parameters: addresses }),
    });
  const infrastructure = await startInfrastructure(
    read(),
    { clock: createClock(undefined), states: createCellStates(cells) },
    {
      assemble: async () => assembly,
      ...{ cells, port: 0, streams: 'on-demand', pauses: 'skipped' },
      onWarning: (warning) => warnings.push(warning),
    },
    closers,
  );
  const deployOnce = async () => {
    // Custom resources that have run do not run again.
    const deployment = read();
    await emptyTables(infrastructure);
    await runCustomResources({
      deployment,
      requirePool: infrastructure.functions.requirePool,
      before: {},
      settle: () => infrastructure.replication.flush(),
    });
    await seedCloud(deployment, infrastructure, { shop: ISSUER, club: ISSUER }, undefined);
  };
  return { infrastructure, deployOnce };
}

/** Takes away, once each, the first statement that is needed since the last one was given back. */
function withholdNext(
  { authorizer }: Infrastructure,
  chosen: (statement: ListedStatement) => boolean,
) {
  const pending = new Set(
    authorizer
      .statements()
      .filter(chosen)
      .map(({ id }) => id),
  );
  let away: { readonly id: string; readonly policies: IamAuthorizer } | undefined;
  authorizer.interpose((query, allowed) => {
    if (!allowed.allowed) return allowed;
    if (away !== undefined) return away.policies.authorize(query);
    for (const id of allowed.statementIds) {
      if (!pending.has(id)) continue;
      const policies = authorizer.without(id);
      const decision = policies.authorize(query);
      // Another statement says so, too.
      if (decision.allowed) continue;
      pending.delete(id);
      away = { id, policies };
      return decision;
    }
    return allowed;
  });
  return {
    missing: () => away?.id,
    giveBack: () => {
      away = undefined;
    },
  };
}
