import type { DeployedResource } from '../types.ts';
import { readObjects } from './json-object.ts';
import { readTable, type Table } from './table.ts';

export interface RegionTables {
  readonly region: string;
  readonly account: string;
  /** `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable` of any region. */
  readonly tables: ReadonlyArray<DeployedResource>;
  /** `AWS::KMS::Alias` of any region: a replica may name its key by one. */
  readonly aliases?: ReadonlyArray<DeployedResource>;
}

/**
 * The tables of one region: those that its stacks declare, and the replicas of global tables that
 * another region's stack declares. Throws Error for a replica whose key there is not.
 */
export function readRegionTables(options: RegionTables): ReadonlyArray<Table> {
  const { region, account, tables, aliases = [] } = options;
  const here = aliases.filter((alias) => alias.region === region);
  return tables
    .filter((resource) => resource.region === region || hasReplicaIn(resource, region))
    .map((resource) => {
      const table = readTable(resource, account, region);
      return { ...table, kmsKeyArn: resolveAlias(table, here) };
    });
}

function hasReplicaIn({ type, properties }: DeployedResource, region: string): boolean {
  if (type !== 'AWS::DynamoDB::GlobalTable') return false;
  return readObjects(properties, 'Replicas').some((replica) => replica['Region'] === region);
}

/** IAM is asked about the key itself, by whatever name the table knows it. */
function resolveAlias(
  { name, kmsKeyArn }: Table,
  aliases: ReadonlyArray<DeployedResource>,
): string | undefined {
  const [prefix, aliasName] = kmsKeyArn?.split(/(?=alias\/)/) ?? [];
  if (kmsKeyArn === undefined || aliasName === undefined) return kmsKeyArn;
  const alias = aliases.find(({ properties }) => properties['AliasName'] === aliasName);
  if (alias === undefined) throw new Error(`${name} is encrypted under ${kmsKeyArn}: no such key`);
  const target = String(alias.properties['TargetKeyId']);
  return target.startsWith('arn:') ? target : `${prefix}key/${target}`;
}
