/**
 * dynalite's store, read at once. By itself it answers each read through a promise, a set of reads
 * underway and another turn of the event loop, a stream through one such per item; and it reads the
 * same few declarations of tables several times per call.
 */
import { Readable } from 'node:stream';
import { isObject } from './json-object.ts';

type Get = Dynalite.SubStore['get'];

/** `store` with other reads; it is written as before, through this one from now on. */
export function withSwiftReads(store: Dynalite.Store): Dynalite.Store {
  const read = (prefix: string, under: Dynalite.SubStore): Dynalite.SubStore => ({
    ...under,
    get: createGet(store.db, prefix),
    createValueStream: (range) => streamOf(store.db, prefix, range),
  });
  const itemDbs = new Map<string, Dynalite.SubStore>();
  return {
    ...store,
    ...declarationsOf(store),
    getItemDb: (name) => {
      const known = itemDbs.get(name) ?? read(`item-${name}~`, store.getItemDb(name));
      itemDbs.set(name, known);
      return known;
    },
    getIndexDb: (kind, table, index) =>
      read(`index-${kind.toLowerCase()}~${table}~${index}~`, store.getIndexDb(kind, table, index)),
  };
}

function createGet(db: Dynalite.Level, prefix: string): Get {
  return (key, callback) => {
    let item: Dynalite.Json | undefined;
    try {
      item = db.getSync(prefix + key);
    } catch (error) {
      callback(error, undefined);
      return;
    }
    callback(null, item);
  };
}

/** All of a range, which dynalite takes as much of as it wants. */
function streamOf(db: Dynalite.Level, prefix: string, range: Dynalite.Range): Readable {
  const stream = new Readable({ objectMode: true, read: () => undefined });
  const values = db.values(rangeUnder(prefix, range));
  values.all().then(
    (all) => {
      for (const value of all) stream.push(value);
      stream.push(null);
    },
    (error: Error) => stream.destroy(error),
  );
  return stream;
}

/** A range of a part of the key space, in terms of the whole. */
export function rangeUnder(prefix: string, range: Dynalite.Range): Dynalite.Range {
  const { gt, gte = gt === undefined ? '' : undefined, lte, reverse, limit } = range;
  const { lt = lte === undefined ? '\u00ff' : undefined } = range;
  const bounds = Object.entries({ gt, gte, lt, lte })
    .filter(([, bound]) => bound !== undefined)
    .map(([name, bound]) => [name, prefix + bound]);
  return {
    ...Object.fromEntries(bounds),
    ...(reverse !== undefined && { reverse }),
    ...(limit !== undefined && { limit }),
  };
}

/**
 * Declarations change when tables come and go, which nobody but `tableDb` tells of. Everybody is given
 * the same one, which nobody can change.
 */
function declarationsOf(store: Dynalite.Store): Pick<Dynalite.Store, 'getTable' | 'tableDb'> {
  const { db, tableDb } = store;
  const known = new Map<string, Dynalite.Json>();
  const forget =
    (name: string, callback: Dynalite.Callback<void>): Dynalite.Callback<void> =>
    (error, value) => {
      known.delete(name);
      callback(error, value);
    };
  const find = (name: string) => {
    const found = known.get(name) ?? db.getSync(`table~${name}`);
    // Whatever is being made or deleted is not found; that, too, dynalite tells in its own words.
    if (!isObject(found) || found['TableStatus'] !== 'ACTIVE') return undefined;
    known.set(name, freeze(found));
    return found;
  };
  return {
    tableDb: {
      ...tableDb,
      put: (name, value, callback) => tableDb.put(name, value, forget(name, callback)),
      del: (name, callback) => tableDb.del(name, forget(name, callback)),
    },
    getTable: (name, second, third) => {
      const found = find(name);
      const callback = typeof second === 'function' ? second : third;
      if (found === undefined) store.getTable(name, second, third);
      else callback?.(null, found);
    },
  };
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
