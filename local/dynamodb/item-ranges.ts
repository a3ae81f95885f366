/**
 * dynalite takes a query's or a scan's items one by one out of a stream and measures each: most of
 * what a query costs. Here they come at once, and are measured where they may be too many for a page.
 */
import db from 'dynalite/db/index.js';
import { rangeUnder } from './dynalite-store.ts';
import { isObject, type JsonObject } from './json-object.ts';

const PAGE_BYTES = 1024 * 1024;
const measureEach = db.queryTable;

/** What dynalite does on the way besides. */
const DETAILS = ['ReturnConsumedCapacity', 'QueryFilter', 'ScanFilter', 'AttributesToGet'];

// Its actions ask for it by this name.
db.queryTable = (store, table, data, range, isLocal, isFetched, keyNames, callback) => {
  const inItsWay = () =>
    measureEach(store, table, data, range, isLocal, isFetched, keyNames, callback);
  if (isFetched || DETAILS.some((name) => data[name] !== undefined)) return inItsWay();
  const [name, index] = [String(data['TableName']), data['IndexName']];
  const kind = isLocal ? 'local' : 'global';
  const prefix = index === undefined ? `item-${name}~` : `index-${kind}~${name}~${String(index)}~`;
  store.db
    .values(rangeUnder(prefix, range))
    .all()
    .then(
      (values) => {
        const items = values.filter(isObject);
        if (fitsPage(items)) callback(null, pageOf(items, data['Limit'], keyNames));
        else inItsWay();
      },
      (error: unknown) => callback(error, {}),
    );
};

/** Filters and projections are not for here: see `item-reads.ts`. */
function pageOf(
  found: ReadonlyArray<JsonObject>,
  limit: unknown,
  keyNames: ReadonlyArray<string>,
): Dynalite.Json {
  const items = typeof limit === 'number' ? found.slice(0, limit) : found;
  const last = items.length === limit ? items.at(-1) : undefined;
  return {
    ScannedCount: items.length,
    ...(last && {
      LastEvaluatedKey: Object.fromEntries(keyNames.map((name) => [name, last[name]])),
    }),
    Count: items.length,
    Items: items,
  };
}

/** Whether a page holds them even if they are as large as dynalite could find them. */
function fitsPage(items: ReadonlyArray<JsonObject>): boolean {
  let bytes = 0;
  for (const item of items) {
    // To each 3 KiB it adds 18 bytes and the sort key, of which there are 1,024 at most.
    bytes += atMost(item) * 1.35 + 1100;
    if (bytes >= PAGE_BYTES) return false;
  }
  return true;
}

/** dynalite adds five to a value's length in JSON, and three and two a member to a list or a map. */
function atMost(value: unknown): number {
  if (typeof value === 'string') return value.length + 8;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 8;
  for (const member of Object.values(value)) bytes += atMost(member);
  return bytes;
}
