import { z } from 'zod';
import type { DynamoDbService } from './dynamodb/service.ts';
import type { AwsRequest, Principal } from './types.ts';

/** A table's items in DynamoDB's own JSON. */
export interface TableSnapshot {
  readonly region: string;
  readonly table: string;
  readonly items: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

const ScanSchema = z.object({
  Items: z.array(z.record(z.string(), z.unknown())),
  LastEvaluatedKey: z.unknown().optional(),
});

/** Reads all that these tables of a region hold; meant for the few items of a fresh seed. */
export async function takeSnapshot(
  region: string,
  dynamodb: DynamoDbService,
  tables: ReadonlyArray<string>,
  operator: Principal,
): Promise<ReadonlyArray<TableSnapshot>> {
  const snapshots: Array<TableSnapshot> = [];
  for (const table of tables) {
    const input = { TableName: table, ConsistentRead: true };
    const answer = await dynamodb.handle(request('Scan', input, region, operator));
    const { Items, LastEvaluatedKey } = ScanSchema.parse(JSON.parse(answer.body));
    if (LastEvaluatedKey !== undefined) throw new Error(`${table} is too large for a snapshot`);
    snapshots.push({ region, table, items: Items });
  }
  return snapshots;
}

/** Writes what the snapshots hold of the region into its empty tables. */
export async function restoreSnapshot(
  region: string,
  dynamodb: DynamoDbService,
  snapshots: ReadonlyArray<TableSnapshot>,
  operator: Principal,
): Promise<void> {
  for (const { table, items } of snapshots.filter((snapshot) => snapshot.region === region)) {
    for (const Item of items) {
      await dynamodb.handle(request('PutItem', { TableName: table, Item }, region, operator));
    }
  }
}

function request(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  region: string,
  principal: Principal,
): AwsRequest {
  return { service: 'dynamodb', region, operation, principal, headers: {}, input };
}
