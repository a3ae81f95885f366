import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { EpochSeconds } from '../../core/time.ts';
import { randomToken } from '../crypto/hash.ts';
import { sendDynamo } from './send.ts';

interface SingleUse {
  readonly table: string;
  /** Names what is used. */
  readonly pk: string;
  readonly sk: string;
  /** When it could be used no longer anyway. */
  readonly expiresAt: EpochSeconds;
}

/** Remembers that something was used: true for the first alone. One conditional write. */
export async function useOnce(
  dynamo: DynamoDBClient,
  { table, pk, sk, expiresAt }: SingleUse,
): Promise<boolean> {
  // Tells the SDK's retry of this very write from a second use.
  const attempt = randomToken();
  const put = new PutItemCommand({
    TableName: table,
    Item: {
      pk: { S: pk },
      sk: { S: sk },
      v: { N: '1' },
      attempt: { S: attempt },
      expiresAt: { N: String(expiresAt) },
    },
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await sendDynamo(dynamo, put);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item?.['attempt']?.S === attempt;
  }
}
