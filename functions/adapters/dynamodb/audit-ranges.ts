import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

/** At most 100, the limit of BatchGetItem, by which the records of a page are read. */
const PAGE_SIZE = 50;

interface RangesDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
}

/** A stretch of time in a partition of the audit trail. */
export interface Range {
  /** Sort keys, both exclusive. */
  readonly since: string;
  readonly before: string;
}

/** A page out of several partitions in the order of time: no more of each than the page takes. */
export async function readMerged(
  deps: RangesDeps,
  partitions: ReadonlyArray<string>,
  range: Range,
): Promise<{ readonly items: ReadonlyArray<Item>; readonly next: string | undefined }> {
  const lists = await Promise.all(partitions.map((pk) => readBefore(deps, pk, range)));
  const sorted = lists.flat().sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1));
  const items = sorted.slice(0, PAGE_SIZE);
  const last = items.at(-1);
  return {
    items,
    next: last === undefined || sorted.length < PAGE_SIZE ? undefined : sortKey(last),
  };
}

async function readBefore(
  { dynamo, recordsTable }: RangesDeps,
  pk: string,
  { since, before }: Range,
): Promise<ReadonlyArray<Item>> {
  if (before <= since) return [];
  const { Items: items = [] } = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: recordsTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :since AND :before',
      ExpressionAttributeValues: {
        ':pk': { S: pk },
        ':since': { S: since === '' ? '0' : since },
        ':before': { S: before },
      },
      ScanIndexForward: false,
      // One more: BETWEEN includes the one that the page before ended with.
      Limit: PAGE_SIZE + 1,
    }),
  );
  return items.filter((item) => sortKey(item) < before);
}

function sortKey(item: Item): string {
  return item['sk']?.S ?? '';
}
