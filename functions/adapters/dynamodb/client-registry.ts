import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Acting, ActKind } from '../../core/audit/act.ts';
import type { Client } from '../../core/client.ts';
import { type ClientId, isId } from '../../core/ids.ts';
import type { ClientRegistry } from '../../core/ports/clients.ts';
import { actAttribute, actOf } from './acts.ts';
import {
  CLIENT_INDEX,
  clientIndexKey,
  clientKey,
  decodeClient,
  encodeClient,
  encodeClientIndex,
  encodeTombstone,
} from './client-items.ts';
import { loadClients } from './clients.ts';
import { cancellationCodes, sendDynamo } from './send.ts';

/** At most 100, so that one read has all. */
const PAGE_SIZE = 50;

interface RegistryDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
}

/** Registrations and their index, written together or not at all. */
export function createClientRegistry({ dynamo, directoryTable }: RegistryDeps): ClientRegistry {
  const table = { TableName: directoryTable };

  /** False when the first item's condition failed. */
  async function transact(items: Array<TransactWriteItem>): Promise<boolean> {
    try {
      await sendDynamo(dynamo, new TransactWriteItemsCommand({ TransactItems: items }));
      return true;
    } catch (error) {
      if (cancellationCodes(error)[0] === 'ConditionalCheckFailed') return false;
      throw error;
    }
  }

  const putIndex = (client: Client) => ({ Put: { ...table, Item: encodeClientIndex(client) } });

  return {
    create: (client, acting) =>
      transact([
        {
          Put: {
            ...table,
            Item: { ...encodeClient(client), act: actOn(client, 'client.created', acting) },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        putIndex(client),
      ]),

    async find(clientId) {
      if (!isId(clientId)) return undefined;
      const { Item: item } = await sendDynamo(
        dynamo,
        new GetItemCommand({ ...table, Key: clientKey(clientId), ConsistentRead: true }),
      );
      return decodeClient(item);
    },

    async list(cursor) {
      const page = await sendDynamo(
        dynamo,
        new QueryCommand({
          ...table,
          KeyConditionExpression: 'pk = :clients',
          ExpressionAttributeValues: { ':clients': { S: CLIENT_INDEX } },
          Limit: PAGE_SIZE,
          ...(cursor === undefined
            ? {}
            : { ExclusiveStartKey: clientIndexKey(cursor as ClientId) }),
        }),
      );
      const ids = (page.Items ?? []).flatMap((item) => (item['sk']?.S ?? []) as ClientId);
      const found = await loadClients({ dynamo, directoryTable }, ids);
      // One that was deleted meanwhile is left out.
      const clients = ids.flatMap((id) => found.get(id) ?? []);
      const next = page.LastEvaluatedKey?.['sk']?.S;
      return next === undefined ? { clients } : { clients, cursor: next };
    },

    replace: (client, expectedUpdatedAt, acting) =>
      transact([
        {
          Put: {
            ...table,
            Item: { ...encodeClient(client), act: actOn(client, 'client.changed', acting) },
            ConditionExpression: 'updatedAt = :expected',
            ExpressionAttributeValues: { ':expected': { N: String(expectedUpdatedAt) } },
          },
        },
        putIndex(client),
      ]),

    delete: (clientId, acting) =>
      transact([
        {
          Put: {
            ...table,
            Item: {
              ...encodeTombstone(clientId),
              act: actOn({ clientId }, 'client.deleted', acting),
            },
            // What a tombstone has not.
            ConditionExpression: 'attribute_exists(updatedAt)',
          },
        },
        { Delete: { ...table, Key: clientIndexKey(clientId) } },
      ]),
  };
}

function actOn({ clientId }: Pick<Client, 'clientId'>, kind: ActKind, acting: Acting) {
  return actAttribute(actOf(acting, { kind, object: clientId }));
}
