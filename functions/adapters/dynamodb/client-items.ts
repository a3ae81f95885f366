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

/**
 * What stays of a deleted client, for good: nobody else is given its id, for that would revive its
 * grants and consents.
 */
export function encodeTombstone(clientId: ClientId): Item {
  return { ...clientKey(clientId), ...marshall({ v: 1 }) };
}

/** Undefined for a deleted client. Only this file makes these items, hence the shape is known. */
export function decodeClient(item: Item | undefined): Client | undefined {
  if (item === undefined) return undefined;
  return (unmarshall(item) as { readonly client?: Client }).client;
}
