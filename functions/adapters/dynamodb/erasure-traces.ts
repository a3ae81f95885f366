import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { IdentifierHash } from '../../core/ids.ts';
import type { ErasureTraces } from '../../core/ports/erasures.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

interface TracesDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
}

export function createErasureTraces({ dynamo, recordsTable }: TracesDeps): ErasureTraces {
  return {
    async keep(requestId, { identifiers, counters, salt }) {
      await sendDynamo(
        dynamo,
        new PutItemCommand({
          TableName: recordsTable,
          Item: {
            ...tracesKey(requestId),
            v: { N: '1' },
            identifiers: { L: identifiers.map((hash) => ({ S: hash })) },
            counters: { L: counters.map((pk) => ({ S: pk })) },
            salt: { S: salt },
          },
        }),
      );
    },

    async find(requestId) {
      const { Item: item } = await sendDynamo(
        dynamo,
        new GetItemCommand({
          TableName: recordsTable,
          Key: tracesKey(requestId),
          ConsistentRead: true,
        }),
      );
      if (item === undefined) return undefined;
      const textsOf = (name: string) => (item[name]?.L ?? []).map(({ S: text = '' }) => text);
      return {
        identifiers: textsOf('identifiers').map((hash) => hash as IdentifierHash),
        counters: textsOf('counters'),
        salt: item['salt']?.S ?? '',
      };
    },

    async forget(requestId) {
      await sendDynamo(
        dynamo,
        new DeleteItemCommand({ TableName: recordsTable, Key: tracesKey(requestId) }),
      );
    },
  };
}

function tracesKey(requestId: PrivacyRequestId): Item {
  return { pk: { S: `REQUEST#${requestId}` }, sk: { S: 'TRACES' } };
}
