import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { ClientId, Sub } from '../../core/ids.ts';
import type { Consents } from '../../core/ports/consents.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { type Item, userPartition } from './account-items.ts';
import { sendDynamo } from './send.ts';

interface ConsentsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

export function createConsents(deps: ConsentsDeps): Consents {
  return {
    async findScope(sub, clientId) {
      const { Item: item } = await sendDynamo(
        deps.dynamo,
        new GetItemCommand({
          TableName: deps.dataTable,
          Key: consentKey(sub, clientId),
          ConsistentRead: true,
        }),
      );
      return item?.['scope']?.S;
    },
  };
}

/** What a person allows a client from now on; replaces what was allowed before. */
export function putConsent(
  dataTable: string,
  consent: { sub: Sub; clientId: ClientId; scope: string; now: EpochSeconds },
): TransactWriteItem {
  return {
    Put: {
      TableName: dataTable,
      Item: {
        ...consentKey(consent.sub, consent.clientId),
        v: { N: '1' },
        scope: { S: consent.scope },
        grantedAt: { N: String(consent.now) },
      },
    },
  };
}

function consentKey(sub: Sub, clientId: ClientId): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: `CONSENT#${clientId}` } };
}
