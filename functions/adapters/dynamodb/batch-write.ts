import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { UnavailableError } from '../../core/errors.ts';
import { sendDynamo } from './send.ts';

/** What one BatchWriteItem takes. */
const BATCH_SIZE = 25;
const ATTEMPTS = 8;
const BASE_DELAY_MS = 25;

/**
 * Puts and deletes without conditions, 25 by 25, one batch after another: whoever has very many
 * items must not cause a burst. What DynamoDB leaves out is sent again, later each time. Throws
 * UnavailableError when something stays out.
 */
export async function writeBatches(
  dynamo: DynamoDBClient,
  table: string,
  requests: ReadonlyArray<WriteRequest>,
): Promise<void> {
  for (let start = 0; start < requests.length; start += BATCH_SIZE) {
    await writeBatch(dynamo, table, requests.slice(start, start + BATCH_SIZE));
  }
}

async function writeBatch(
  dynamo: DynamoDBClient,
  table: string,
  requests: ReadonlyArray<WriteRequest>,
): Promise<void> {
  let left = [...requests];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const write = new BatchWriteItemCommand({ RequestItems: { [table]: left } });
    const { UnprocessedItems: unprocessed = {} } = await sendDynamo(dynamo, write);
    left = unprocessed[table] ?? [];
    if (left.length === 0) return;
    await delay(Math.random() * BASE_DELAY_MS * 2 ** attempt);
  }
  throw new UnavailableError('DynamoDB', undefined);
}
