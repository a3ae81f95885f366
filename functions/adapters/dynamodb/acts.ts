import type { AttributeValue, Put } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { ACT_KINDS, type Act, type Acting, type Actor } from '../../core/audit/act.ts';
import { InvariantError } from '../../core/errors.ts';
import type { ClientId, Sub } from '../../core/ids.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { randomToken } from '../crypto/hash.ts';
import { type Item, userPartition } from './account-items.ts';

/** An act without another item waits this long in the table; the stream tells of it at once. */
const LINGERING_SECONDS = 86_400;

/** One act of a request or a workflow, under a new random id. */
export function actOf(acting: Acting, what: Pick<Act, 'kind' | 'sub' | 'object'>): Act {
  return { id: randomToken(), ...what, ...acting };
}

/**
 * The attribute `act` of the item that the act writes. Later writes of the item carry their own act
 * or REMOVE this one: as long as it is there, each write wakes the stream's consumer.
 */
export function actAttribute(act: Act): AttributeValue {
  return { M: marshall(act, { removeUndefinedValues: true }) };
}

/** An act that rides on no other item, in the collection of whom it concerns. */
export function putAct(
  dataTable: string,
  act: Act & { readonly sub: Sub },
): { readonly Put: Put & { readonly Item: Item } } {
  const at = new Date(act.at * 1000).toISOString();
  return {
    Put: {
      TableName: dataTable,
      Item: {
        pk: { S: userPartition(act.sub) },
        sk: { S: `ACT#${at}#${act.id}` },
        v: { N: '1' },
        act: actAttribute(act),
        expiresAt: { N: String(act.at + LINGERING_SECONDS) },
      },
    },
  };
}

/** Undefined for an item without an act. Throws InvariantError for one that is none of ours. */
export function readAct(
  item: Readonly<Record<string, AttributeValue>> | undefined,
): Act | undefined {
  const attribute = item?.['act']?.M;
  if (attribute === undefined) return undefined;
  const { id, kind, actor, sub, object, reason, from, requestId, at } = unmarshall(attribute);
  const found = ACT_KINDS.find((known) => known === kind);
  if (typeof id !== 'string' || id === '' || found === undefined || !Number.isSafeInteger(at)) {
    throw new InvariantError('an attribute `act` that tells of no act');
  }
  return {
    id,
    kind: found,
    actor: readActor(actor),
    ...(typeof sub === 'string' && { sub: sub as Sub }),
    ...(typeof object === 'string' && { object }),
    ...(typeof reason === 'string' && { reason }),
    ...(typeof from === 'string' && { from }),
    ...(typeof requestId === 'string' && { requestId }),
    at: at as EpochSeconds,
  };
}

function readActor(stored: unknown): Actor {
  if (typeof stored === 'object' && stored !== null && 'type' in stored) {
    if (stored.type === 'anonymous') return { type: 'anonymous' };
    if (stored.type === 'person' && 'sub' in stored && typeof stored.sub === 'string') {
      return { type: 'person', sub: stored.sub as Sub, ...readApp(stored) };
    }
    if (stored.type === 'client' && 'clientId' in stored && typeof stored.clientId === 'string') {
      return { type: 'client', clientId: stored.clientId as ClientId };
    }
    if (stored.type === 'system' && 'name' in stored && typeof stored.name === 'string') {
      return { type: 'system', name: stored.name };
    }
  }
  throw new InvariantError('an act without an actor');
}

/** By which a person acted, if it was by an app. */
function readApp(stored: object): { readonly clientId?: ClientId } {
  const isByApp = 'clientId' in stored && typeof stored.clientId === 'string';
  return isByApp ? { clientId: stored.clientId as ClientId } : {};
}
