import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type AuditRecord,
  nameActor,
  orderOf,
  parseRecord,
} from '../../core/audit/audit-record.ts';
import { type AuditHour, hourOf, startOf } from '../../core/audit/hours.ts';
import type { Sub } from '../../core/ids.ts';
import type { AuditPage, AuditQuery, AuditTrail } from '../../core/ports/audit-trail.ts';
import { addSeconds, DAY_SECONDS, type EpochSeconds, toIsoTime } from '../../core/time.ts';
import {
  actorPartition,
  decodePointer,
  hourPartitions,
  kindPartitions,
  type Pointer,
  personPartition,
  recordKey,
  textOf,
} from './audit-items.ts';
import { type Range, readMerged } from './audit-ranges.ts';
import { getBatch } from './batch-get.ts';

/** Without anything to look for, hours are read one by one: so many in one page. */
const HOURS_PER_PAGE = 6;

interface AuditTrailDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
  readonly now: () => EpochSeconds;
}

/** Newest first, by index where there is one; what an index leads to is read where it is sealed. */
export function createAuditTrail(deps: AuditTrailDeps): AuditTrail {
  const find = (query: AuditQuery, cursor?: string) =>
    isByIndex(query) ? findByIndex(deps, query, cursor) : findByHour(deps, query, cursor);
  return {
    find,
    ofPerson: (person, cursor) =>
      // What happens while pages are read would move them.
      find({ person, until: addSeconds(deps.now(), 1) }, cursor),
    async pointers(query, cursor) {
      const partitions = kindPartitions(query.kind);
      const { items, next } = await readMerged(deps, partitions, rangeOf(query, cursor));
      const pointers = items.map(decodePointer);
      return next === undefined ? { pointers } : { pointers, cursor: next };
    },
  };
}

function isByIndex({ person, actor, kind }: AuditQuery): boolean {
  // Who proved nothing has no index: there is nothing that their acts have in common.
  return person !== undefined || kind !== undefined || (actor ?? 'anonymous') !== 'anonymous';
}

async function findByIndex(
  deps: AuditTrailDeps,
  query: AuditQuery,
  cursor: string | undefined,
): Promise<AuditPage> {
  const range = rangeOf(query, cursor);
  const { items, next } = await readMerged(deps, indexPartitions(query), range);
  const pointers = items
    .filter((item) => Number(item['expiresAt']?.N) > deps.now())
    .map(decodePointer);
  const found = await loadRecords(deps, pointers);
  const records = pointers.flatMap((pointer) => found.get(orderOf(pointer)) ?? []);
  return {
    records: records.filter((record) => isMeant(query, record)),
    missing: pointers.filter((pointer) => !found.has(orderOf(pointer))),
    ...(next !== undefined && { cursor: next }),
  };
}

/** The narrowest index that holds everything that is looked for. */
function indexPartitions({ person, actor, kind }: AuditQuery): ReadonlyArray<string> {
  if (person !== undefined) return [personPartition(person)];
  if (actor !== undefined && actor !== 'anonymous') {
    const own = /^person:(.+)$/.exec(actor)?.[1];
    return [actorPartition(actor), ...(own === undefined ? [] : [personPartition(own as Sub)])];
  }
  return kind === undefined ? [] : kindPartitions(kind);
}

function isMeant({ person, actor, kind }: AuditQuery, record: AuditRecord): boolean {
  return (
    (person === undefined || record.sub === person) &&
    (actor === undefined || nameActor(record.actor) === actor) &&
    (kind === undefined || record.kind === kind)
  );
}

/** Hours from the newest to the oldest, a few in each page; `<hour>` or `<hour>|<sort key>`. */
async function findByHour(
  deps: AuditTrailDeps,
  query: AuditQuery,
  cursor: string | undefined,
): Promise<AuditPage> {
  const since = query.since ?? addSeconds(query.until, -DAY_SECONDS);
  const [from = '', before] = (cursor ?? '').split('|');
  let hour = from === '' ? hourOf(addSeconds(query.until, -1)) : (from as AuditHour);
  let left: string | undefined = before;
  for (let read = 0; read < HOURS_PER_PAGE; read += 1) {
    if (hour < hourOf(since)) return { records: [], missing: [], since };
    const range = { ...rangeOf({ ...query, since }, left), since: '' };
    const { items, next } = await readMerged(deps, hourPartitions(hour), range);
    const all = items.map((item) => parseRecord(textOf(item)));
    const records = all.filter((record) => isMeant(query, record));
    const following = next === undefined ? hourBefore(hour) : `${hour}|${next}`;
    if (all.length > 0) return { records, missing: [], since, cursor: following };
    hour = hourBefore(hour);
    left = undefined;
  }
  return { records: [], missing: [], since, cursor: hour };
}

function hourBefore(hour: AuditHour): AuditHour {
  return hourOf(addSeconds(startOf(hour), -1));
}

function rangeOf({ since, until }: AuditQuery, before: string | undefined): Range {
  return {
    since: since === undefined ? '' : toIsoTime(since),
    before: before ?? toIsoTime(until),
  };
}

/** By their order, which says time and id. */
async function loadRecords(
  { dynamo, recordsTable }: AuditTrailDeps,
  pointers: ReadonlyArray<Pointer>,
): Promise<ReadonlyMap<string, AuditRecord>> {
  if (pointers.length === 0) return new Map();
  const found = await getBatch(dynamo, {
    [recordsTable]: { Keys: pointers.map(recordKey), ConsistentRead: true },
  });
  const records = (found.get(recordsTable) ?? []).map((item) => parseRecord(textOf(item)));
  return new Map(records.map((record) => [orderOf(record), record]));
}
