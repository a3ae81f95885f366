import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Client } from '../../core/client.ts';
import type { ClientId } from '../../core/ids.ts';
import type { Item } from './account-items.ts';

const KEY_PREFIX = 'CLIENT#';

/** Partition of the index by which an operator lists clients. */
export const CLIENT_INDEX = 'CLIENTS';

export function clientKey(clientId: ClientId): Item {
  return { pk: { S: KEY_PREFIX + clientId }, sk: { S: 'CLIENT' } };
}

export function clientIndexKey(clientId: ClientId): Item {
  return { pk: { S: CLIENT_INDEX }, sk: { S: clientId } };
}

/** The complete CLIENT item. `updatedAt` stands outside the map, for conditions. */
export function encodeClient(client: Client): Item {
  return {
    ...clientKey(client.clientId),
    ...marshall({ v: 1, client, updatedAt: client.updatedAt }, { removeUndefinedValues: true }),
  };
}

/** The complete index item. */
export function encodeClientIndex(client: Client): Item {
  return {
    ...clientIndexKey(client.clientId),
    ...marshall({ v: 1, clientName: client.clientName }),
  };
}

/** Only `encodeClient` writes these items, hence the shape is known. */
export function decodeClient(item: Item): Client {
  return (unmarshall(item) as { readonly client: Client }).client;
}
