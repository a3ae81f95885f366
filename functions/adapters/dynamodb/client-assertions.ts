import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ClientAssertions } from '../../core/ports/clients.ts';
import { hashSecret, randomToken } from '../crypto/hash.ts';
import { sendDynamo } from './send.ts';

interface AssertionsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/** Remembers each `jti` until its assertion has expired. */
export function createClientAssertions({ dynamo, dataTable }: AssertionsDeps): ClientAssertions {
  return {
    async consume(clientId, jti, expiresAt) {
      // Tells the SDK's retry of this very write from a replay.
      const attempt = randomToken();
      try {
        await sendDynamo(
          dynamo,
          new PutItemCommand({
            TableName: dataTable,
            Item: {
              // A client id holds no colon, so that no two pairs read the same.
              pk: { S: `ASSERTION#${hashSecret(`${clientId}:${jti}`)}` },
              sk: { S: 'ASSERTION' },
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
