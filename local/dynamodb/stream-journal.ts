/** DynamoDB Streams: one shard per table, filled from the log of changes. */
import { AwsError, type Clock } from '../types.ts';
import type { LoggedChange } from './change-log.ts';
import type { Change, Item, Origin } from './engine.ts';
import { findString, type JsonObject } from './json-object.ts';
import { keyOf, type Table } from './table.ts';

/** AWS keeps records for 24 hours. */
const RETENTION_MS = 86_400_000;
const RECORD_LIMIT = 50_000;
const SHARD_ID = 'shardId-00000000000000000000-00000000';
const FIRST_SEQUENCE = 100_000_000_000_000_000_000n;

export interface StreamJournal {
  /** `time-to-live` is told in the region where the item expired, not where that is replicated. */
  append(change: LoggedChange): void;
  /** One operation of the Streams API. Throws AwsError. */
  call(operation: string, input: JsonObject): JsonObject;
  reset(): void;
}

interface Entry {
  readonly sequence: bigint;
  readonly atMs: number;
  readonly record: JsonObject;
}

type Streamed = Table & { readonly stream: NonNullable<Table['stream']> };

export const STREAM_OPERATIONS: ReadonlySet<string> = new Set([
  'ListStreams',
  'DescribeStream',
  'GetShardIterator',
  'GetRecords',
]);

export function createStreamJournal(
  tables: ReadonlyArray<Table>,
  region: string,
  clock: Clock,
  known: ReadonlyArray<LoggedChange> = [],
  onRecord: (streamArn: string) => void = () => undefined,
): StreamJournal {
  const streamed = tables.filter((table): table is Streamed => table.stream !== undefined);
  const journals = new Map<string, Array<Entry>>(streamed.map(({ name }) => [name, []]));
  let nextSequence = FIRST_SEQUENCE;
  const append = (change: LoggedChange) => {
    const table = streamed.find(({ name }) => name === change.table);
    const sequence = FIRST_SEQUENCE + BigInt(change.sequence);
    nextSequence = sequence + 1n;
    if (!table) return;
    const { atMs, origin } = change;
    const record = toRecord(table, change, { sequence, atMs, region, origin });
    journals.get(table.name)?.push({ sequence, atMs, record });
    onRecord(table.stream.arn);
  };
  for (const change of known) append(change);

  function load(input: JsonObject): Streamed {
    const arn = findString(input, 'StreamArn');
    const table = streamed.find(({ stream }) => stream.arn === arn);
    if (table) return table;
    throw notFound(`Requested resource not found: Stream: ${arn} not found`);
  }

  function entriesOf(table: Streamed): ReadonlyArray<Entry> {
    const entries = journals.get(table.name) ?? [];
    const oldestMs = clock.nowMs() - RETENTION_MS;
    const stale = entries.findIndex(({ atMs }) => atMs > oldestMs);
    entries.splice(
      0,
      Math.max(stale === -1 ? entries.length : stale, entries.length - RECORD_LIMIT),
    );
    return entries;
  }

  function getShardIterator(input: JsonObject): JsonObject {
    const table = load(input);
    if (input['ShardId'] !== SHARD_ID) throw notFound('Requested resource not found: Shard');
    return { ShardIterator: encode(table.stream.arn, startOf(input, nextSequence)) };
  }

  function getRecords(input: JsonObject): JsonObject {
    const { arn, sequence } = decode(findString(input, 'ShardIterator'));
    const limit = Math.min(Number(input['Limit'] ?? 1000), 1000);
    const entries = entriesOf(load({ StreamArn: arn }))
      .filter((entry) => entry.sequence >= sequence)
      .slice(0, limit);
    const last = entries.at(-1);
    return {
      Records: entries.map(({ record }) => record),
      NextShardIterator: encode(arn, last ? last.sequence + 1n : sequence),
    };
  }

  return {
    append,
    call(operation, input) {
      if (operation === 'ListStreams') {
        return { Streams: streamed.filter(isOf(input)).map(toSummary) };
      }
      if (operation === 'DescribeStream') return { StreamDescription: describe(load(input)) };
      if (operation === 'GetShardIterator') return getShardIterator(input);
      return getRecords(input);
    },
    reset() {
      for (const entries of journals.values()) entries.length = 0;
    },
  };
}

function toRecord(
  table: Streamed,
  { before, after }: Change,
  written: { sequence: bigint; atMs: number; region: string; origin: Origin },
): JsonObject {
  const { viewType } = table.stream;
  const withNew = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
  const withOld = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
  return {
    eventID: written.sequence.toString(16).padStart(32, '0'),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: written.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(written.atMs / 1000),
      Keys: keyOf(after ?? before ?? {}, table.keySchema),
      ...(withNew && after && { NewImage: after }),
      ...(withOld && before && { OldImage: before }),
      SequenceNumber: String(written.sequence),
      SizeBytes: sizeOf(before) + sizeOf(after),
      StreamViewType: viewType,
    },
    ...(written.origin === 'time-to-live' && {
      userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
    }),
  };
}

/** Close to AWS's figure, which nobody computes with. */
function sizeOf(item: Item | undefined): number {
  return item === undefined ? 0 : Buffer.byteLength(JSON.stringify(item));
}

function isOf(input: JsonObject): (table: Streamed) => boolean {
  const name = findString(input, 'TableName');
  return (table) => name === undefined || table.name === name;
}

function toSummary({ name, stream }: Streamed): JsonObject {
  return { StreamArn: stream.arn, StreamLabel: labelOf(stream.arn), TableName: name };
}

function describe(table: Streamed): JsonObject {
  return {
    ...toSummary(table),
    StreamStatus: 'ENABLED',
    StreamViewType: table.stream.viewType,
    KeySchema: table.keySchema,
    Shards: [
      {
        ShardId: SHARD_ID,
        SequenceNumberRange: { StartingSequenceNumber: String(FIRST_SEQUENCE) },
      },
    ],
  };
}

export function labelOf(streamArn: string): string {
  return streamArn.slice(streamArn.lastIndexOf('/') + 1);
}

function startOf(input: JsonObject, next: bigint): bigint {
  const type = input['ShardIteratorType'];
  if (type === 'TRIM_HORIZON') return 0n;
  if (type === 'LATEST') return next;
  const given = findString(input, 'SequenceNumber') ?? '';
  if (!/^\d{21,40}$/.test(given)) throw invalid('Invalid SequenceNumber');
  if (type === 'AT_SEQUENCE_NUMBER') return BigInt(given);
  if (type === 'AFTER_SEQUENCE_NUMBER') return BigInt(given) + 1n;
  throw invalid(`Invalid ShardIteratorType: ${type}`);
}

function encode(arn: string, sequence: bigint): string {
  return `${arn}|1|${Buffer.from(String(sequence)).toString('base64url')}`;
}

function decode(iterator: string | undefined): { arn: string; sequence: bigint } {
  const [arn, version, sequence] = (iterator ?? '').split('|');
  const digits = Buffer.from(sequence ?? '', 'base64url').toString();
  if (arn === undefined || version !== '1' || !/^\d+$/.test(digits)) {
    throw invalid('Invalid ShardIterator');
  }
  return { arn, sequence: BigInt(digits) };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
