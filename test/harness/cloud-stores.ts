import type { Cloud } from '../../local/cloud.ts';
import { type ReadObject, readObjects } from '../../local/s3/bucket-view.ts';

/** An item as stored, in plain JSON. */
export type StoredItem = Readonly<Record<string, unknown>>;

export type TableKind = 'data' | 'keys' | 'directory' | 'records';

/** A copy of a table, by its full name. */
export type RestoredTable = `domicile-${string}`;

export type BucketKind = 'exports' | 'archive';

export interface RestoreOptions {
  readonly table: TableKind;
  readonly secondsAgo?: number;
  /** The table's own name with `-restored` behind it unless said otherwise. */
  readonly target?: RestoredTable;
  readonly cell?: string;
}

export async function itemsOf(
  cloud: Cloud,
  table: TableKind | RestoredTable,
  cell?: string,
): Promise<ReadonlyArray<StoredItem>> {
  const name = table.startsWith('domicile-') ? table : tableName(cloud, table, cell);
  const items = await cloud.items(requireRegion(cloud, cell), name);
  if (items === undefined) throw new Error(`there is no table ${name}`);
  return items;
}

export async function objectsOf(
  cloud: Cloud,
  kind: BucketKind,
  cell?: string,
): Promise<ReadonlyArray<ReadObject>> {
  const s3 = cloud.infrastructure.regions.get(requireRegion(cloud, cell))?.s3;
  const prefix = `domicile-${kind}-${cell ?? cloud.cells[0]?.name}-`;
  const bucket = (await s3?.buckets())?.find(({ definition }) =>
    definition.name.startsWith(prefix),
  );
  if (bucket === undefined) throw new Error(`there is no bucket ${prefix}`);
  return await readObjects(bucket);
}

export async function restoreTable(
  cloud: Cloud,
  { table, secondsAgo, target, cell }: RestoreOptions,
): Promise<RestoredTable> {
  const source = tableName(cloud, table, cell);
  const copy = target ?? (`${source}-restored` as const);
  const atMs = secondsAgo === undefined ? undefined : cloud.clock.nowMs() - secondsAgo * 1000;
  await cloud.restore({ region: requireRegion(cloud, cell), table: source, target: copy, atMs });
  return copy;
}

/** Of the first cell when none is named. */
export function requireRegion({ cells }: Cloud, name: string | undefined): string {
  const cell = name === undefined ? cells[0] : cells.find((candidate) => candidate.name === name);
  if (cell === undefined) throw new Error(`there is no cell ${name}`);
  return cell.region;
}

function tableName(cloud: Cloud, table: string, cell = cloud.cells[0]?.name): RestoredTable {
  return table === 'directory' ? 'domicile-directory' : `domicile-${table}-${cell}`;
}
