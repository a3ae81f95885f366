import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PersonKeys } from '../../core/ports/erasures.ts';
import { dataKeyKey } from './account-items.ts';
import { sendDynamo } from './send.ts';

interface PersonKeysDeps {
  readonly dynamo: DynamoDBClient;
  readonly keyTable: string;
}

export function createPersonKeys({ dynamo, keyTable }: PersonKeysDeps): PersonKeys {
  return {
    async destroy(sub) {
      await sendDynamo(
        dynamo,
        new DeleteItemCommand({ TableName: keyTable, Key: dataKeyKey(sub) }),
      );
    },
  };
}
