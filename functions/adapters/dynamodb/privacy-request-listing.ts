import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Sub } from '../../core/ids.ts';
import type { PrivacyRequest } from '../../core/ports/privacy-requests.ts';
import type { Item } from './account-items.ts';
import { getBatch } from './batch-get.ts';
import {
  decodeListed,
  decodeRequest,
  type ListedRequest,
  requestKey,
  requestsOfPartition,
} from './privacy-request-items.ts';
import { sendDynamo } from './send.ts';

interface ListingDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
}

/** Of a person, newest first. */
export async function listOf(
  { dynamo, recordsTable }: ListingDeps,
  sub: Sub,
  limit: number,
  cursor?: Item,
): Promise<{ readonly listed: ReadonlyArray<ListedRequest>; readonly cursor?: Item }> {
  const page = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: recordsTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: requestsOfPartition(sub) } },
      ScanIndexForward: false,
      Limit: limit,
      ...(cursor !== undefined && { ExclusiveStartKey: cursor }),
    }),
  );
  return {
    listed: (page.Items ?? []).map(decodeListed),
    ...(page.LastEvaluatedKey !== undefined && { cursor: page.LastEvaluatedKey }),
  };
}

/** In the order given; 100 at most (BatchGetItem). */
export async function loadListed(
  { dynamo, recordsTable }: ListingDeps,
  listed: ReadonlyArray<ListedRequest>,
): Promise<ReadonlyArray<PrivacyRequest>> {
  if (listed.length === 0) return [];
  const found = await getBatch(dynamo, {
    [recordsTable]: {
      Keys: listed.map(({ requestId }) => requestKey(requestId)),
      ConsistentRead: true,
    },
  });
  const requests = (found.get(recordsTable) ?? []).map(decodeRequest);
  return listed.flatMap(({ requestId }) => requests.filter((one) => one.requestId === requestId));
}
