import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import type { AuditRecord } from '../../core/audit/audit-record.ts';
import { type AuditHour, hourOf, retainedUntil, takesRecords } from '../../core/audit/hours.ts';
import { InvariantError } from '../../core/errors.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { BEGINNING_KEY, encodeRecord, lateKey, recordKey } from './audit-items.ts';
import { writeBatches } from './batch-write.ts';
import { isWritten } from './conditional-writes.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

/** Six records with what leads to them fill a batch; the clock is looked at before each. */
const RECORDS_PER_WRITE = 6;

/** Longer than any queue keeps what it could not deliver. */
const LATE_NOTE_SECONDS = 30 * 86_400;

export interface AuditRecords {
  /**
   * Writes what happened to the trail. Can be repeated: one act is one record, whenever and however
   * often it is given. Throws UnavailableError; then some of them may be written.
   */
  record(acts: ReadonlyArray<Act>): Promise<void>;
}

interface AuditRecordsDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
  readonly retentionDays: number;
  /** Looked at before each write: the hour may close in between. */
  readonly now: () => EpochSeconds;
}

/**
 * An act belongs to its own hour, so that giving it twice writes the same items twice. Only who
 * comes after that hour has closed goes to the present one, by a transaction that notes so.
 */
export function createAuditRecords(deps: AuditRecordsDeps): AuditRecords {
  let beginning: AuditHour | undefined;

  /** The earliest hour that anybody wrote to: sealing begins there. */
  async function noteBeginning(hour: AuditHour): Promise<void> {
    if (beginning !== undefined && beginning <= hour) return;
    await putBeginning(deps, hour);
    beginning = hour;
  }

  return {
    async record(acts) {
      const late: Array<Act> = [];
      for (let start = 0; start < acts.length; start += RECORDS_PER_WRITE) {
        const now = deps.now();
        const some = acts.slice(start, start + RECORDS_PER_WRITE);
        const punctual = some.filter(({ at }) => takesRecords(hourOf(at), now));
        late.push(...some.filter((act) => !punctual.includes(act)));
        if (punctual.length === 0) continue;
        const records = punctual.map((act) => ({ ...act, hour: hourOf(act.at) }));
        await noteBeginning(earliest(records));
        await writeBatches(deps.dynamo, deps.recordsTable, putsOf(deps, records));
      }
      for (const act of late) {
        await noteBeginning(hourOf(deps.now()));
        await recordLate(deps, act);
      }
    },
  };
}

function putsOf(deps: AuditRecordsDeps, records: ReadonlyArray<AuditRecord>) {
  return records
    .flatMap((record) => encodeRecord(record, expiryOf(deps, record)))
    .map((item) => ({ PutRequest: { Item: item } }));
}

async function recordLate(deps: AuditRecordsDeps, act: Act): Promise<void> {
  const own = { ...act, hour: hourOf(act.at) };
  const { Item: item } = await sendDynamo(
    deps.dynamo,
    new GetItemCommand({
      TableName: deps.recordsTable,
      Key: recordKey(own),
      ConsistentRead: true,
    }),
  );
  // Written in time, by an attempt that was cut off: what leads to it may be missing, no more.
  if (item !== undefined) {
    return writeBatches(deps.dynamo, deps.recordsTable, putsOf(deps, [own]).slice(1));
  }
  const now = deps.now();
  const record = { ...act, hour: hourOf(now) };
  const TableName = deps.recordsTable;
  // All of it or nothing; nothing when an attempt before has done it, to whichever hour.
  await transact(deps.dynamo, [
    {
      Put: {
        TableName,
        Item: {
          ...lateKey(act.id),
          v: { N: '1' },
          hour: { S: record.hour },
          expiresAt: { N: String(now + LATE_NOTE_SECONDS) },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    ...encodeRecord(record, expiryOf(deps, record)).map((Item) => ({ Put: { TableName, Item } })),
  ]);
}

async function putBeginning(deps: AuditRecordsDeps, hour: AuditHour): Promise<void> {
  const put = new PutItemCommand({
    TableName: deps.recordsTable,
    Item: { ...BEGINNING_KEY, v: { N: '1' }, hour: { S: hour } },
    ConditionExpression: 'attribute_not_exists(pk) OR #hour > :hour',
    ExpressionAttributeNames: { '#hour': 'hour' },
    ExpressionAttributeValues: { ':hour': { S: hour } },
  });
  await isWritten(sendDynamo(deps.dynamo, put));
}

function earliest(records: ReadonlyArray<AuditRecord>): AuditHour {
  const [first, ...others] = records.map(({ hour }) => hour).sort();
  if (first === undefined) throw new InvariantError(`no hour among ${others.length} records`);
  return first;
}

function expiryOf({ retentionDays }: AuditRecordsDeps, { hour }: AuditRecord): EpochSeconds {
  return retainedUntil(hour, retentionDays);
}
