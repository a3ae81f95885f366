import { isDeepStrictEqual } from 'node:util';
import db from 'dynalite/db/index.js';
import { AwsError, type Clock } from '../types.ts';
import {
  isItemOperation,
  loadTable,
  perform,
  validate,
  validateBatchWrite,
} from './dynalite-actions.ts';
import type { DynaliteContext } from './dynalite-context.ts';
import {
  addTable,
  clearTable,
  declareTable,
  dropTable,
  openStore,
  readAll,
  type StoreOptions,
} from './dynalite-tables.ts';
import type { Change, Engine, Item, Origin, ReplicatedWrite } from './engine.ts';
import { read } from './item-reads.ts';
import { isWrite, write } from './item-writes.ts';
import { copyJson } from './json-copy.ts';
import { isObject, type JsonObject, readObject, readObjects } from './json-object.ts';
import { commit, createOverlay } from './overlay.ts';
import { keyOf, type Table } from './table.ts';
import { createTransactions } from './transactions.ts';
import { createWriteQueue } from './write-queue.ts';

export interface DynaliteEngineOptions extends StoreOptions {
  readonly tables: ReadonlyArray<Table>;
  readonly clock: Clock;
  /** Called in commit order with what changed, before the next write begins. */
  readonly onChange: (change: Change, origin: Origin) => void;
}

/** dynalite's storage, parsers and validation, in process, without its HTTP server. */
export async function createDynaliteEngine(options: DynaliteEngineOptions): Promise<Engine> {
  const store = await openStore(options);
  for (const table of options.tables) await declareTable(store, table);
  const context: DynaliteContext = {
    store,
    queue: createWriteQueue(),
    clock: options.clock,
    publish(changes, origin = 'caller') {
      for (const change of changes) {
        if (!isDeepStrictEqual(change.before, change.after)) options.onChange(change, origin);
      }
    },
  };
  const transactions = createTransactions(context);
  return {
    async call(operation, input) {
      if (operation === 'TransactWriteItems') return transactions.write(input);
      if (operation === 'TransactGetItems') return transactions.get(input);
      if (operation === 'BatchWriteItem') return batchWrite(context, input);
      return singleCall(context, operation, input);
    },
    items: (table) => readAll(store, table),
    expire: (table, seen) => expire(context, table, seen),
    addTable: (table, items) => context.queue(() => addTable(store, table, items)),
    dropTable: (name) => context.queue(() => dropTable(store, name)),
    replicate: (write, isNewer) => replicate(context, write, isNewer),
    reset: () =>
      context.queue(async () => {
        for (const { name } of options.tables) await clearTable(store, name);
      }),
    close: () => context.queue(() => store.db.close()),
  };
}

async function singleCall(context: DynaliteContext, operation: string, input: JsonObject) {
  if (!isItemOperation(operation)) {
    throw new AwsError('UnknownOperationException', `${operation} is not emulated locally`);
  }
  const data = validate(context.store, operation, input);
  if (!isWrite(operation)) return read(context.store, operation, data);
  return context.queue(async () => {
    const overlay = createOverlay(context.store);
    try {
      const result = await write(overlay.store, operation, data);
      context.publish(await commit(context.store, [overlay]));
      return result;
    } catch (error) {
      throw withItem(error, input, overlay.existing());
    }
  });
}

/** `ReturnValuesOnConditionCheckFailure`, which dynalite does not know. */
function withItem(error: unknown, input: JsonObject, item: Item | undefined): unknown {
  const asked = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  if (!asked || item === undefined) return error;
  if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException')
    return error;
  return new AwsError(error.code, error.message, error.status, { Item: item });
}

/** As in AWS, the requests of a batch succeed or fail each by itself; here all of them succeed. */
async function batchWrite(context: DynaliteContext, input: JsonObject): Promise<JsonObject> {
  validateBatchWrite(context.store, input);
  for (const [TableName, requests] of Object.entries(readObject(input, 'RequestItems'))) {
    await refuseDuplicates(context.store, TableName, requests);
    for (const request of Array.isArray(requests) ? requests : []) {
      const put = isObject(request) && isObject(request['PutRequest']);
      const body = readObject(request, put ? 'PutRequest' : 'DeleteRequest');
      await singleCall(context, put ? 'PutItem' : 'DeleteItem', { TableName, ...body });
    }
  }
  return { UnprocessedItems: {} };
}

async function refuseDuplicates(store: Dynalite.Store, name: string, requests: unknown) {
  const table = await loadTable(store, name);
  const seen = new Set<string>();
  for (const request of Array.isArray(requests) ? requests : []) {
    const put = readObject(request, 'PutRequest')['Item'];
    const key = put ?? readObject(request, 'DeleteRequest')['Key'];
    if (!isObject(key)) continue;
    if (put === undefined ? db.validateKey(key, table) : db.validateItem(key, table)) {
      throw new AwsError(
        'ValidationException',
        'The provided key element does not match the schema',
      );
    }
    const text = db.createKey(key, table);
    if (seen.has(text)) {
      throw new AwsError('ValidationException', 'Provided list of item keys contains duplicates');
    }
    seen.add(text);
  }
}

async function expire(context: DynaliteContext, table: string, seen: Item): Promise<boolean> {
  return context.queue(async () => {
    const schema = await loadTable(context.store, table);
    const overlay = createOverlay(context.store);
    await perform(overlay.store, 'DeleteItem', {
      TableName: table,
      Key: keyOf(seen, readObjects(schema, 'KeySchema')),
    });
    if (!isDeepStrictEqual(overlay.existing(), seen)) return false;
    context.publish(await commit(context.store, [overlay]), 'time-to-live');
    return true;
  });
}

async function replicate(
  context: DynaliteContext,
  { table, key, item }: ReplicatedWrite,
  isNewer: () => boolean,
): Promise<void> {
  return context.queue(async () => {
    if (!isNewer()) return;
    const overlay = createOverlay(context.store);
    await (item === undefined
      ? perform(overlay.store, 'DeleteItem', { TableName: table, Key: copyJson({ ...key }) })
      : perform(overlay.store, 'PutItem', { TableName: table, Item: copyJson({ ...item }) }));
    context.publish(await commit(context.store, [overlay]), 'replica');
  });
}
