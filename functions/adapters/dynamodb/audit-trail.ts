import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
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
import type { Item } from './account-items.ts';
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
import { sendDynamo } from './send.ts';

/** At most 100, the limit of BatchGetItem. */
const PAGE_SIZE = 50;

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
    if (hour < hourOf(since)) return { records: [], missing: [] };
    const range = { ...rangeOf({ ...query, since }, left), since: '' };
    const { items, next } = await readMerged(deps, hourPartitions(hour), range);
    const all = items.map((item) => parseRecord(textOf(item)));
    const records = all.filter((record) => isMeant(query, record));
    const following = next === undefined ? hourBefore(hour) : `${hour}|${next}`;
    if (all.length > 0) return { records, missing: [], cursor: following };
    hour = hourBefore(hour);
    left = undefined;
  }
  return { records: [], missing: [], cursor: hour };
}

function hourBefore(hour: AuditHour): AuditHour {
  return hourOf(addSeconds(startOf(hour), -1));
}

interface Range {
  /** Sort keys, both exclusive. */
  readonly since: string;
  readonly before: string;
}

function rangeOf({ since, until }: AuditQuery, before: string | undefined): Range {
  return {
    since: since === undefined ? '' : toIsoTime(since),
    before: before ?? toIsoTime(until),
  };
}

/** A page out of several partitions in the order of time: no more of each than the page takes. */
async function readMerged(
  deps: AuditTrailDeps,
  partitions: ReadonlyArray<string>,
  range: Range,
): Promise<{ readonly items: ReadonlyArray<Item>; readonly next: string | undefined }> {
  const lists = await Promise.all(partitions.map((pk) => readBefore(deps, pk, range)));
  const sorted = lists.flat().sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1));
  const items = sorted.slice(0, PAGE_SIZE);
  const last = items.at(-1);
  return {
    items,
    next: last === undefined || sorted.length < PAGE_SIZE ? undefined : sortKey(last),
  };
}

async function readBefore(
  { dynamo, recordsTable }: AuditTrailDeps,
  pk: string,
  { since, before }: Range,
): Promise<ReadonlyArray<Item>> {
  if (before <= since) return [];
  const { Items: items = [] } = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: recordsTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :since AND :before',
      ExpressionAttributeValues: {
        ':pk': { S: pk },
        ':since': { S: since === '' ? '0' : since },
        ':before': { S: before },
      },
      ScanIndexForward: false,
      // One more: BETWEEN includes the one that the page before ended with.
      Limit: PAGE_SIZE + 1,
    }),
  );
  return items.filter((item) => sortKey(item) < before);
}

function sortKey(item: Item): string {
  return item['sk']?.S ?? '';
}

/** By their order, which says time and id. */
async function loadRecords(
  { dynamo, recordsTable }: AuditTrailDeps,
  pointers: ReadonlyArray<Pointer>,
): Promise<ReadonlyMap<string, AuditRecord>> {
  const found = new Map<string, AuditRecord>();
  let keys = pointers.map(recordKey);
  while (keys.length > 0) {
    const page = await sendDynamo(
      dynamo,
      new BatchGetItemCommand({
        RequestItems: { [recordsTable]: { Keys: keys, ConsistentRead: true } },
      }),
    );
    for (const item of page.Responses?.[recordsTable] ?? []) {
      const record = parseRecord(textOf(item));
      found.set(orderOf(record), record);
    }
    keys = page.UnprocessedKeys?.[recordsTable]?.Keys ?? [];
  }
  return found;
}
