/**
 * A view of a dynalite store that keeps its writes to itself until they are committed in one atomic
 * batch. dynalite's own actions run on it unchanged, so a transaction's conditions and updates are
 * evaluated by the very code that evaluates single writes.
 */
import type { Change, Item } from './engine.ts';
import { copyJson } from './json-copy.ts';

export interface Overlay {
  readonly store: Dynalite.Store;
  /** The item that the last action found under its key. */
  existing(): Item | undefined;
  /** For one batch of the store that is being viewed. */
  operations(): ReadonlyArray<Dynalite.BatchOperation>;
  /** Changes to items, not to index entries. */
  changes(): ReadonlyArray<Change>;
}

interface Buffered {
  readonly table: string | undefined;
  readonly before: Item | undefined;
  after: Item | undefined;
}

export function createOverlay(store: Dynalite.Store): Overlay {
  const writes = new Map<string, Buffered>();
  let existing: Item | undefined;

  /** `prefix` is how dynalite names the part of its key space that `under` covers. */
  function buffer(under: Dynalite.SubStore, prefix: string, table?: string): Dynalite.SubStore {
    const read = (key: string, callback: Dynalite.Callback<Dynalite.Json | undefined>) => {
      const own = writes.get(prefix + key);
      if (own) callback(null, own.after && copyJson(own.after));
      else under.get(key, callback);
    };
    const write = (key: string, after: unknown, callback: Dynalite.Callback<void>) => {
      read(key, (error, before) => {
        if (error) return callback(error);
        const first = writes.get(prefix + key)?.before ?? before;
        writes.set(prefix + key, { table, before: first, after: toItem(after) });
        callback(null);
      });
    };
    return {
      // Writes are queued by the front, so the item is already this action's own.
      lock: (_key, task) => task((callback) => callback),
      get: (key, callback) =>
        read(key, (error, item) => {
          if (table !== undefined) existing = item && copyJson(item);
          callback(error, item);
        }),
      put: write,
      // Queries are asked of the store itself.
      createValueStream: (range) => under.createValueStream(range),
      del: (key, callback) => write(key, undefined, callback),
    };
  }

  return {
    store: {
      ...store,
      getItemDb: (name) => buffer(store.getItemDb(name), `item-${name}~`, name),
      getIndexDb: (kind, table, index) =>
        buffer(
          store.getIndexDb(kind, table, index),
          `index-${kind.toLowerCase()}~${table}~${index}~`,
        ),
    },
    existing: () => existing,
    operations: () => [...writes].map(toBatchOperation),
    changes: () =>
      [...writes.values()].flatMap(({ table, before, after }) =>
        table === undefined ? [] : [{ table, before, after }],
      ),
  };
}

function toBatchOperation([key, { after }]: [string, Buffered]): Dynalite.BatchOperation {
  return after === undefined ? { type: 'del', key } : { type: 'put', key, value: after };
}

/** Everything of one or many overlays in one atomic batch; tells what changed. */
export async function commit(
  store: Dynalite.Store,
  overlays: ReadonlyArray<Overlay>,
): Promise<ReadonlyArray<Change>> {
  await store.db.batch(overlays.flatMap((overlay) => overlay.operations()));
  return overlays.flatMap((overlay) => overlay.changes());
}

/** A copy: dynalite hands out the very objects it goes on to change. */
function toItem(value: unknown): Item | undefined {
  return value === undefined ? undefined : copyJson<Item>(Object(value));
}
