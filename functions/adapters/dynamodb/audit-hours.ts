import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { RecordText } from '../../core/audit/audit-record.ts';
import type { AuditHour } from '../../core/audit/hours.ts';
import type { AuditHours, StoredRoot } from '../../core/ports/audit-hours.ts';
import type { Item } from './account-items.ts';
import { ARCHIVED_KEY, BEGINNING_KEY, hourPartitions, ROOTS, textOf } from './audit-items.ts';
import { isWritten } from './conditional-writes.ts';
import { sendDynamo } from './send.ts';

/** Roots are small: a megabyte holds some hundreds. */
const ROOTS_PER_PAGE = 200;

interface AuditHoursDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
}

export function createAuditHours(deps: AuditHoursDeps): AuditHours {
  const { dynamo, recordsTable: TableName } = deps;
  return {
    async newest() {
      const { Items: items = [] } = await sendDynamo(
        dynamo,
        new QueryCommand({
          ...rootsFrom(TableName),
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      return items[0] === undefined ? undefined : decodeRoot(items[0]);
    },

    beginning: () => readHour(deps, BEGINNING_KEY),

    archivedUntil: () => readHour(deps, ARCHIVED_KEY),

    async roots({ since, until }, cursor) {
      const page = await sendDynamo(
        dynamo,
        new QueryCommand({
          ...rootsFrom(TableName, { since, until }),
          ConsistentRead: true,
          Limit: ROOTS_PER_PAGE,
          ...(cursor !== undefined && { ExclusiveStartKey: rootKey(cursor) }),
        }),
      );
      const next = page.LastEvaluatedKey?.['sk']?.S as AuditHour | undefined;
      const roots = (page.Items ?? []).map(decodeRoot);
      return next === undefined ? { roots } : { roots, cursor: next };
    },

    async seal({ hour, root }) {
      const put = new PutItemCommand({
        TableName,
        Item: { ...rootKey(hour), v: { N: '1' }, root: { S: root } },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      // Sealed by another run, or by an attempt whose answer was lost: that root stands.
      await isWritten(sendDynamo(dynamo, put));
    },

    async noteArchived(hour) {
      const put = new PutItemCommand({
        TableName,
        Item: { ...ARCHIVED_KEY, v: { N: '1' }, hour: { S: hour } },
        ConditionExpression: 'attribute_not_exists(pk) OR #hour < :hour',
        ExpressionAttributeNames: { '#hour': 'hour' },
        ExpressionAttributeValues: { ':hour': { S: hour } },
      });
      // Or another run has come further.
      await isWritten(sendDynamo(dynamo, put));
    },

    async *records(hour) {
      for (const partition of hourPartitions(hour)) yield* readPartition(deps, partition);
    },

    async page(hour, cursor) {
      const [shard, after] = splitCursor(cursor);
      const partitions = hourPartitions(hour);
      const partition = partitions[shard];
      if (partition === undefined) return { texts: [] };
      const page = await readPage(deps, partition, after);
      if (page.next !== undefined) return { texts: page.texts, cursor: `${shard}:${page.next}` };
      const isLast = shard === partitions.length - 1;
      return isLast ? { texts: page.texts } : { texts: page.texts, cursor: `${shard + 1}:` };
    },
  };
}

/** `<shard>:<sort key it goes on after>`. */
function splitCursor(cursor: string | undefined): [number, string | undefined] {
  const [, shard = '0', after = ''] = /^(\d):(.*)$/.exec(cursor ?? '') ?? [];
  return [Number(shard), after === '' ? undefined : after];
}

async function* readPartition(
  deps: AuditHoursDeps,
  partition: string,
): AsyncGenerator<ReadonlyArray<RecordText>> {
  let after: string | undefined;
  do {
    const { texts, next } = await readPage(deps, partition, after);
    yield texts;
    after = next;
  } while (after !== undefined);
}

/** A megabyte at most. */
async function readPage(
  { dynamo, recordsTable }: AuditHoursDeps,
  partition: string,
  after: string | undefined,
): Promise<{ readonly texts: ReadonlyArray<RecordText>; readonly next: string | undefined }> {
  const page = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: recordsTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: partition } },
      ...(after !== undefined && { ExclusiveStartKey: { pk: { S: partition }, sk: { S: after } } }),
    }),
  );
  return { texts: (page.Items ?? []).map(textOf), next: page.LastEvaluatedKey?.['sk']?.S };
}

function rootsFrom(
  TableName: string,
  { since = '', until = '~' }: { since?: string | undefined; until?: string | undefined } = {},
) {
  return {
    TableName,
    KeyConditionExpression: 'pk = :roots AND sk BETWEEN :since AND :until',
    ExpressionAttributeValues: {
      ':roots': { S: ROOTS },
      ':since': { S: since === '' ? '0' : since },
      ':until': { S: until },
    },
  };
}

function rootKey(hour: AuditHour): Item {
  return { pk: { S: ROOTS }, sk: { S: hour } };
}

function decodeRoot(item: Item): StoredRoot {
  return { hour: (item['sk']?.S ?? '') as AuditHour, root: item['root']?.S ?? '' };
}

async function readHour(
  { dynamo, recordsTable }: AuditHoursDeps,
  Key: Item,
): Promise<AuditHour | undefined> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: recordsTable, Key, ConsistentRead: true }),
  );
  return item?.['hour']?.S as AuditHour | undefined;
}
