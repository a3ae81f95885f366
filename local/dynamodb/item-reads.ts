/** Reads: dynalite finds the items; filters and projections are evaluated here, as conditions are. */
import db from 'dynalite/db/index.js';
import { matches } from './condition.ts';
import { type DocumentPath, isPath, project } from './document-path.ts';
import {
  type ItemOperation,
  loadTable,
  perform,
  refuse,
  type Validated,
} from './dynalite-actions.ts';
import type { Item } from './engine.ts';
import './item-ranges.ts';
import { isObject, type JsonObject, readObject, readObjects } from './json-object.ts';

/** Throws AwsError. */
export async function read(
  store: Dynalite.Store,
  operation: ItemOperation,
  data: Validated,
): Promise<JsonObject> {
  if (operation === 'BatchGetItem') return readBatch(store, data);
  const { _projection: projection, _filter: filter, Select, ...rest } = data;
  const table = await loadTable(store, String(data['TableName']));
  refuse(db.validateKeyPaths(readObject({ projection }, 'projection')['nestedPaths'], table));
  const result = await perform(store, operation, {
    ...rest,
    // Kept for its check that no key is filtered by; this one is true of every item.
    ...(isObject(filter) && { _filter: { ...filter, expression: ALWAYS } }),
  });
  const paths = pathsOf(projection);
  if (operation === 'GetItem') return isObject(result['Item']) ? chosen(result, paths) : result;
  const items = readObjects(result, 'Items').filter(
    (item) => !isObject(filter) || matches(filter['expression'], item),
  );
  const counts = { ...result, Count: items.length, Items: undefined };
  if (Select === 'COUNT') return counts;
  return { ...counts, Items: paths ? items.map((item) => project(item, paths)) : items };
}

/** An attribute name is never empty, so this never exists. */
const ALWAYS = { type: 'function', name: 'attribute_not_exists', args: [['']] };

function chosen(result: JsonObject, paths: ReadonlyArray<DocumentPath> | undefined): JsonObject {
  return paths ? { ...result, Item: project(readObject(result, 'Item'), paths) } : result;
}

function pathsOf(projection: unknown): ReadonlyArray<DocumentPath> | undefined {
  if (!isObject(projection) || !Array.isArray(projection['paths'])) return undefined;
  return projection['paths'].filter(isPath);
}

async function readBatch(store: Dynalite.Store, data: Validated): Promise<JsonObject> {
  const Responses: Record<string, ReadonlyArray<Item>> = {};
  for (const [name, request] of Object.entries(readObject(data, 'RequestItems'))) {
    if (!isObject(request)) continue;
    const { Keys: _, ...common } = request;
    const results: Array<JsonObject> = [];
    for (const Key of readObjects(request, 'Keys')) {
      results.push(await read(store, 'GetItem', { ...common, TableName: name, Key }));
    }
    Responses[name] = results.flatMap(({ Item }) => (isObject(Item) ? [Item] : []));
  }
  return { Responses, UnprocessedKeys: {} };
}
