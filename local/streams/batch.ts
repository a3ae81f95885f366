import { isObject, type JsonObject } from '../template/json.ts';

/** A record as `GetRecords` answers with it. */
export type StreamRecord = JsonObject;

/** Lambda's limit on what a function is invoked with. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export function sequenceOf(record: StreamRecord): string {
  const { dynamodb } = record;
  return isObject(dynamodb) ? String(dynamodb['SequenceNumber']) : '';
}

/** Milliseconds since 1970. */
export function createdAtMs(record: StreamRecord): number {
  const { dynamodb } = record;
  return isObject(dynamodb) ? Number(dynamodb['ApproximateCreationDateTime']) * 1000 : 0;
}

/** As the function gets it, which is spelt in other letters than what the Streams API answers. */
export function toEventRecord(record: StreamRecord, eventSourceARN: string): JsonObject {
  const { userIdentity, ...rest } = record;
  return {
    ...rest,
    ...(isObject(userIdentity) && {
      userIdentity: { principalId: userIdentity['PrincipalId'], type: userIdentity['Type'] },
    }),
    eventSourceARN,
  };
}

/** In order, each of so many records at most and within what a function can be invoked with. */
export function toBatches(
  records: ReadonlyArray<JsonObject>,
  batchSize: number,
): ReadonlyArray<ReadonlyArray<JsonObject>> {
  const batches: Array<Array<JsonObject>> = [];
  let bytes = 0;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= batchSize || bytes + size > MAX_PAYLOAD_BYTES) {
      batches.push([record]);
      bytes = size;
    } else {
      batch.push(record);
      bytes += size;
    }
  }
  return batches;
}

/**
 * How many records at the front of the batch are done with, by what the function answered (Lambda
 * Developer Guide, "Reporting batch item failures"): all of them for an empty list of failures, none
 * for a list that names something else, up to the first failure otherwise.
 */
export function countDone(batch: ReadonlyArray<JsonObject>, answer: unknown): number {
  const failures = isObject(answer) ? answer['batchItemFailures'] : undefined;
  if (!Array.isArray(failures) || failures.length === 0) return batch.length;
  const sequences = batch.map(sequenceOf);
  const found = failures.map((failure) =>
    isObject(failure) ? sequences.indexOf(String(failure['itemIdentifier'])) : -1,
  );
  return found.includes(-1) ? 0 : Math.min(...found);
}

/** In two, the first half no shorter than the second. */
export function halve<Member>(
  batch: ReadonlyArray<Member>,
): readonly [ReadonlyArray<Member>, ReadonlyArray<Member>] {
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}
