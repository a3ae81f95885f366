import { isReplica } from './global-tables.ts';
import { type Infrastructure, OPERATOR } from './infrastructure.ts';
import { type DemoUrls, moveDemoClients, seedClients } from './seed.ts';
import { takeSnapshot } from './snapshot.ts';
import type { CloudState } from './state.ts';
import type { Deployment } from './template/deployment.ts';

/** Seeds a fresh cloud and remembers its tables and keys for a reset; an earlier one keeps what it has. */
export async function seedCloud(
  deployment: Deployment,
  { functions, regions, vault }: Infrastructure,
  urls: DemoUrls,
  before: CloudState | undefined,
): Promise<Omit<CloudState, 'cells'>> {
  const admin = functions.requireByName('domicile-admin');
  if (before !== undefined) {
    return { ...before, seed: await moveDemoClients(admin, before.seed, urls) };
  }
  const clients = await seedClients(admin, urls);
  const snapshot = await Promise.all(
    [...regions.values()].map(({ name, dynamodb }) => {
      // Replicas follow the table that they are replicas of.
      const tables = dynamodb.tables().filter((table) => !isReplica(deployment, name, table));
      return takeSnapshot(name, dynamodb, tables, OPERATOR);
    }),
  );
  await vault.rememberSeed();
  return { clockOffsetMs: 0, customResources: {}, seed: clients, snapshot: snapshot.flat() };
}

/**
 * No items, no objects, and no keys but those of the seed: what an unfinished first start left in a data
 * directory would stand in the way of it.
 */
export async function emptyTables({ regions, vault }: Infrastructure): Promise<void> {
  await Promise.all([...regions.values()].map(({ dynamodb }) => dynamodb.reset()));
  await Promise.all([...regions.values()].map(({ s3 }) => s3.reset()));
  await vault.reset();
}
