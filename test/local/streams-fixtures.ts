import { parseEventPattern } from '../../local/events/event-pattern.ts';
import { sequenceOf } from '../../local/streams/batch.ts';
import { type Piece, StreamConsumer } from '../../local/streams/consumer.ts';
import type { GiveUpCondition } from '../../local/streams/failure-destination.ts';
import type { Attempt } from '../../local/streams/invocation.ts';
import type { StreamMapping } from '../../local/streams/mapping.ts';
import { StreamUnavailableError } from '../../local/streams/stream-reader.ts';

export const MAPPING: StreamMapping = {
  id: 'mapping',
  streamArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/t/stream/s',
  functionName: 'listener',
  principal: { roleArn: 'arn:aws:iam::111122223333:role/listener', name: 'listener' },
  startingPosition: 'TRIM_HORIZON',
  batchSize: 3,
  batchingWindowSeconds: 0,
  bisects: false,
  maxRetries: Number.POSITIVE_INFINITY,
  maxRecordAgeSeconds: Number.POSITIVE_INFINITY,
  reportsItemFailures: true,
  onFailureArn: undefined,
  wants: () => true,
};

export const NOW_MS = 1_800_000_000_000;

/** Numbers of the records that the function was given, and what it makes of them. */
export type Work = (sequences: ReadonlyArray<number>) => Attempt;

interface FixtureState {
  position: string | undefined;
  isDown: boolean;
  /** The stream gives no answer. */
  isSilent: boolean;
}

interface Given {
  readonly records: ReadonlyArray<number>;
  readonly condition: GiveUpCondition;
  readonly attempts: number;
}

/** A stream of numbered records in memory, and a mapping that follows it. */
export function createFixture(work: Work, changes: Partial<StreamMapping> = {}) {
  const stream: Array<Readonly<Record<string, unknown>>> = [];
  const invoked: Array<ReadonlyArray<number>> = [];
  const givenUp: Array<Given> = [];
  const state: FixtureState = { position: undefined, isDown: false, isSilent: false };
  let at = 0;
  const numbersOf = (records: Piece['records']) => records.map((one) => Number(sequenceOf(one)));
  const consumer = new StreamConsumer({
    mapping: { ...MAPPING, ...changes },
    reader: {
      open: async () => undefined,
      seek: (after) => {
        at = after === undefined ? 0 : stream.findIndex((one) => sequenceOf(one) === after) + 1;
      },
      read: async () => {
        if (state.isSilent) throw new StreamUnavailableError('GetRecords: no answer');
        const records = stream.slice(at, at + 1000);
        at += records.length;
        return records;
      },
    },
    position: undefined,
    nowMs: () => NOW_MS,
    isDown: () => state.isDown,
    invoke: async (records) => {
      const sequences = numbersOf(records);
      invoked.push(sequences);
      return work(sequences);
    },
    giveUp: async ({ records, attempts }, condition) => {
      givenUp.push({ records: numbersOf(records), condition, attempts });
    },
    onPosition: (position) => {
      state.position = position;
    },
    onTrouble: () => undefined,
  });
  return {
    consumer,
    invoked,
    givenUp,
    state,
    append(count: number, ageSeconds = 0) {
      for (let left = count; left > 0; left -= 1) {
        const SequenceNumber = String(stream.length + 1);
        const ApproximateCreationDateTime = NOW_MS / 1000 - ageSeconds;
        stream.push({ dynamodb: { SequenceNumber, ApproximateCreationDateTime } });
      }
    },
  };
}

export const odd = parseEventPattern({ dynamodb: { SequenceNumber: ['1', '3', '5'] } });
export const ok = (sequences: ReadonlyArray<number>): Attempt => ({
  done: sequences.length,
  requestId: 'r',
});
export const failed: Attempt = { done: 0, requestId: 'r' };
