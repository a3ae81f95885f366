/** Tables in a dynalite store, past its API: that would make callers wait for them to be active. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import db from 'dynalite/db/index.js';
import { loadTable, perform } from './dynalite-actions.ts';
import { withSwiftReads } from './dynalite-store.ts';
import type { Item } from './engine.ts';
import { copyJson } from './json-copy.ts';
import { isObject } from './json-object.ts';
import { commit, createOverlay } from './overlay.ts';
import type { Table } from './table.ts';

export interface StoreOptions {
  readonly region: string;
  readonly account: string;
  /** Directory of the LevelDB store; in memory without it. */
  readonly dataDirectory: string | undefined;
}

export async function openStore(options: StoreOptions): Promise<Dynalite.Store> {
  const { dataDirectory, region, account } = options;
  if (dataDirectory !== undefined) await mkdir(dataDirectory, { recursive: true });
  const path = dataDirectory && { path: join(dataDirectory, 'items') };
  const store = db.create({ ...(path || {}) });
  store.tableDb.awsRegion = region;
  store.tableDb.awsAccountId = account;
  await store.db.open();
  return withSwiftReads(store);
}

/** Written as ACTIVE at once: CloudFormation waits for that before it goes on. */
export async function declareTable(store: Dynalite.Store, table: Table): Promise<void> {
  const record = {
    TableName: table.name,
    TableStatus: 'ACTIVE',
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributeDefinitions,
    ...(table.globalSecondaryIndexes.length > 0 && {
      GlobalSecondaryIndexes: table.globalSecondaryIndexes,
    }),
    ...(table.localSecondaryIndexes.length > 0 && {
      LocalSecondaryIndexes: table.localSecondaryIndexes,
    }),
  };
  await new Promise<void>((resolve, reject) => {
    store.tableDb.put(table.name, record, (error) => (error ? reject(error) : resolve()));
  });
}

export async function addTable(store: Dynalite.Store, table: Table, items: ReadonlyArray<Item>) {
  await declareTable(store, table);
  for (const item of items) {
    const overlay = createOverlay(store);
    const input = { TableName: table.name, Item: copyJson(item) };
    await perform(overlay.store, 'PutItem', input);
    await commit(store, [overlay]);
  }
}

export async function dropTable(store: Dynalite.Store, name: string): Promise<void> {
  await clearTable(store, name);
  await new Promise<void>((resolve, reject) => {
    store.tableDb.del(name, (error) => (error ? reject(error) : resolve()));
  });
}

/** dynalite keeps items under `item-<table>~` and index entries under `index-<kind>~<table>~`. */
function rangesOf(table: string): ReadonlyArray<{ gte: string; lt: string }> {
  const prefixes = [`item-${table}~`, `index-global~${table}~`, `index-local~${table}~`];
  return prefixes.map((prefix) => ({ gte: prefix, lt: `${prefix}\u00ff` }));
}

export async function clearTable(store: Dynalite.Store, table: string): Promise<void> {
  for (const range of rangesOf(table)) await store.db.clear(range);
}

export async function readAll(store: Dynalite.Store, table: string): Promise<ReadonlyArray<Item>> {
  await loadTable(store, table);
  const [items] = rangesOf(table);
  const values = items === undefined ? [] : await store.db.values(items).all();
  return values.filter(isObject);
}
