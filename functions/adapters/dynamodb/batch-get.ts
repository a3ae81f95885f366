import {
  BatchGetItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { UnavailableError } from '../../core/errors.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

const ATTEMPTS = 3;

/**
 * Reads items of several tables by one BatchGetItem, by table; what DynamoDB left out is asked for
 * again. Throws UnavailableError when something stays out.
 */
export async function getBatch(
  dynamo: DynamoDBClient,
  wanted: Readonly<Record<string, KeysAndAttributes>>,
): Promise<ReadonlyMap<string, ReadonlyArray<Item>>> {
  const found = new Map<string, ReadonlyArray<Item>>();
  let left: Readonly<Record<string, KeysAndAttributes>> = wanted;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const page = await sendDynamo(dynamo, new BatchGetItemCommand({ RequestItems: { ...left } }));
    for (const [table, items] of Object.entries(page.Responses ?? {})) {
      found.set(table, [...(found.get(table) ?? []), ...items]);
    }
    left = page.UnprocessedKeys ?? {};
    if (Object.keys(left).length === 0) return found;
  }
  throw new UnavailableError('DynamoDB', new Error('a batch stayed incomplete'));
}
