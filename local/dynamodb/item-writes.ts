/**
 * Writes: dynalite parses, checks keys and stores with its indexes; conditions and updates are
 * evaluated here, because dynalite's own evaluation differs from DynamoDB's and may throw in a
 * callback, where nobody could catch it.
 */
import db from 'dynalite/db/index.js';
import { AwsError } from '../types.ts';
import { matches } from './condition.ts';
import { type DocumentPath, isPath, project } from './document-path.ts';
import { loadTable, perform, refuse, type Validated } from './dynalite-actions.ts';
import type { Item } from './engine.ts';
import { copyJson } from './json-copy.ts';
import { isObject, type JsonObject, readObject, readObjects } from './json-object.ts';
import { applyUpdate } from './update.ts';

export type WriteOperation = 'PutItem' | 'UpdateItem' | 'DeleteItem';

const ITEM_LIMIT_BYTES = 409_600;

export function isWrite(operation: string): operation is WriteOperation {
  return ['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation);
}

/** Runs inside the write queue, on an overlay. Throws AwsError. */
export async function write(
  store: Dynalite.Store,
  operation: WriteOperation,
  { _condition: condition, _updates: updates, ...data }: Validated,
): Promise<JsonObject> {
  const table = await loadTable(store, String(data['TableName']));
  const key = readObject(data, operation === 'PutItem' ? 'Item' : 'Key');
  refuse(operation === 'PutItem' ? db.validateItem(key, table) : db.validateKey(key, table));
  if (isObject(updates)) refuse(db.validateUpdates(undefined, updates, table));
  const existing = await readItem(store, table, key);
  if (isObject(condition)) {
    refuse(db.validateKeyPaths(condition['nestedPaths'], table));
    requireMatch(condition, existing);
  }
  if (operation !== 'UpdateItem' || 'AttributeUpdates' in data) {
    return perform(store, operation, data);
  }
  return update(store, { data, key, existing, updates: isObject(updates) ? updates : {} });
}

async function update(
  store: Dynalite.Store,
  {
    data,
    key,
    existing,
    updates,
  }: { data: Validated; key: Item; existing: Item | undefined; updates: JsonObject },
): Promise<JsonObject> {
  const item = applyUpdate(existing ?? key, readObjects(updates, 'sections'));
  if (db.itemSize(item) > ITEM_LIMIT_BYTES) {
    throw new AwsError(
      'ValidationException',
      'Item size to update has exceeded the maximum allowed size',
    );
  }
  await perform(store, 'PutItem', { TableName: data['TableName'], Item: copyJson(item) });
  const attributes = returned(data['ReturnValues'], pathsOf(updates), existing, item);
  return attributes && Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
}

function returned(
  asked: unknown,
  paths: ReadonlyArray<DocumentPath>,
  before: Item | undefined,
  after: Item,
): Item | undefined {
  switch (asked) {
    case 'ALL_NEW':
      return after;
    case 'UPDATED_NEW':
      return project(after, paths);
    case 'ALL_OLD':
      return before;
    case 'UPDATED_OLD':
      return before && project(before, paths);
    default:
      return undefined;
  }
}

function pathsOf(updates: JsonObject): ReadonlyArray<DocumentPath> {
  return Array.isArray(updates['paths']) ? updates['paths'].filter(isPath) : [];
}

function requireMatch(condition: JsonObject, existing: Item | undefined): void {
  if (matches(condition['expression'], existing ?? {})) return;
  throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
}

async function readItem(
  store: Dynalite.Store,
  table: Dynalite.Json,
  key: Item,
): Promise<Item | undefined> {
  return new Promise((resolve, reject) => {
    store.getItemDb(String(table['TableName'])).get(db.createKey(key, table), (error, item) => {
      if (error) reject(error);
      else resolve(item);
    });
  });
}
