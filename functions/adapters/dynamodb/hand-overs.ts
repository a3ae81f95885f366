import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { HandOvers } from '../../core/ports/hand-overs.ts';
import { randomToken } from '../crypto/hash.ts';
import { sendDynamo } from './send.ts';

interface HandOversDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/** Remembers each hand-over that was taken until it would have expired anyway. */
export function createHandOvers({ dynamo, dataTable }: HandOversDeps): HandOvers {
  return {
    async consume(id, expiresAt) {
      // Tells the SDK's retry of this very write from a replay.
      const attempt = randomToken();
      try {
        await sendDynamo(
          dynamo,
          new PutItemCommand({
            TableName: dataTable,
            Item: {
              pk: { S: `HANDOVER#${id}` },
              sk: { S: 'HANDOVER' },
              v: { N: '1' },
              attempt: { S: attempt },
              expiresAt: { N: String(expiresAt) },
            },
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return error.Item?.['attempt']?.S === attempt;
      }
    },
  };
}
