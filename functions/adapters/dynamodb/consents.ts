import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type { ClientId, Sub } from '../../core/ids.ts';
import type { Consents } from '../../core/ports/consents.ts';
import { type Item, userPartition } from './account-items.ts';
import { actAttribute, actOf } from './acts.ts';
import { sendDynamo } from './send.ts';

export const CONSENT_PREFIX = 'CONSENT#';

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
  { acting, ...consent }: { sub: Sub; clientId: ClientId; scope: string; acting: Acting },
): TransactWriteItem {
  return {
    Put: {
      TableName: dataTable,
      Item: {
        ...consentKey(consent.sub, consent.clientId),
        v: { N: '1' },
        scope: { S: consent.scope },
        grantedAt: { N: String(acting.at) },
        act: actAttribute(
          actOf(acting, { kind: 'scopes.allowed', sub: consent.sub, object: consent.clientId }),
        ),
      },
    },
  };
}

/** The client has to ask again from then on. */
export function deleteConsent(dataTable: string, sub: Sub, clientId: ClientId): TransactWriteItem {
  return { Delete: { TableName: dataTable, Key: consentKey(sub, clientId) } };
}

function consentKey(sub: Sub, clientId: ClientId): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: CONSENT_PREFIX + clientId } };
}
