/**
 * Finds out what DynamoDB Local, which tells nobody, has changed in tables that have replicas
 * elsewhere: their writes go one by one, and each is followed by a look at the items it named.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Change, Engine, Item, Origin } from './engine.ts';
import { isObject, type JsonObject, readObject, readObjects } from './json-object.ts';
import { keyOf, type Table } from './table.ts';
import { createWriteQueue } from './write-queue.ts';

type Send = (operation: string, input: JsonObject) => Promise<JsonObject>;

export interface ReplicatedWrites {
  /** As `send`, and tells what a caller's write has changed. */
  readonly call: Send;
  /** As `send`, for the deletions of TTL. */
  readonly expire: Send;
  readonly replicate: Engine['replicate'];
}

interface Place {
  readonly table: Table;
  readonly key: Item;
}

export function watchReplicatedWrites(
  send: Send,
  tables: ReadonlyArray<Table>,
  onChange: (change: Change, origin: Origin) => void,
): ReplicatedWrites {
  const replicated = tables.filter(({ replicaRegions }) => replicaRegions.length > 1);
  const queue = createWriteQueue();

  const look = async ({ table, key }: Place): Promise<Item | undefined> => {
    const input = { TableName: table.name, Key: key, ConsistentRead: true };
    const { Item } = await send('GetItem', input);
    return isObject(Item) ? Item : undefined;
  };

  async function watched(operation: string, input: JsonObject, origin: Origin) {
    const places = placesOf(replicated, operation, input);
    if (places.length === 0) return send(operation, input);
    return queue(async () => {
      const before = await Promise.all(places.map(look));
      const output = await send(operation, input);
      const after = await Promise.all(places.map(look));
      for (const [index, { table }] of places.entries()) {
        const change = { table: table.name, before: before[index], after: after[index] };
        if (!isDeepStrictEqual(change.before, change.after)) onChange(change, origin);
      }
      return output;
    });
  }

  return {
    call: (operation, input) => watched(operation, input, 'caller'),
    expire: (operation, input) => watched(operation, input, 'time-to-live'),
    replicate: ({ table: TableName, key, item }, isNewer) =>
      queue(async () => {
        if (!isNewer()) return;
        if (item === undefined) await send('DeleteItem', { TableName, Key: key });
        else await send('PutItem', { TableName, Item: item });
      }),
  };
}

/** The items of replicated tables that a request may change. */
function placesOf(
  replicated: ReadonlyArray<Table>,
  operation: string,
  input: JsonObject,
): ReadonlyArray<Place> {
  return requestsOf(operation, input).flatMap((request) => {
    const table = replicated.find(({ name }) => name === request['TableName']);
    if (table === undefined) return [];
    const named = isObject(request['Item']) ? request['Item'] : readObject(request, 'Key');
    const key = keyOf(named, table.keySchema);
    // A request without its key is refused anyhow.
    return Object.values(key).every(isObject) ? [{ table, key }] : [];
  });
}

function requestsOf(operation: string, input: JsonObject): ReadonlyArray<JsonObject> {
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [input];
    case 'TransactWriteItems':
      return readObjects(input, 'TransactItems').flatMap((member) =>
        ['Put', 'Update', 'Delete'].map((kind) => readObject(member, kind)),
      );
    case 'BatchWriteItem':
      return Object.entries(readObject(input, 'RequestItems')).flatMap(([TableName, requests]) =>
        readObjects({ requests }, 'requests').flatMap((request) =>
          ['PutRequest', 'DeleteRequest'].map((kind) => ({
            TableName,
            ...readObject(request, kind),
          })),
        ),
      );
    default:
      return [];
  }
}
