import type { RoleClient } from '../states/role-client.ts';
import { ACCOUNT_ID, URL_SUFFIX } from '../template/physical-ids.ts';
import { createdAtMs, type StreamRecord, sequenceOf } from './batch.ts';
import type { StreamMapping } from './mapping.ts';

/** Why records were given up, in AWS's words. */
export type GiveUpCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface GivenUp {
  readonly condition: GiveUpCondition;
  readonly records: ReadonlyArray<StreamRecord>;
  readonly functionArn: string;
  /** Of the latest attempt. */
  readonly requestId: string;
  readonly attempts: number;
  readonly nowMs: number;
}

/**
 * Tells the mapping's queue where the records stand that were given up: not what they hold. Returns
 * AWS's error when the queue did not take it; Lambda then goes on regardless.
 */
export async function tellGivenUp(
  mapping: StreamMapping,
  given: GivenUp,
  callAs: RoleClient,
): Promise<string | undefined> {
  const { onFailureArn, principal } = mapping;
  if (onFailureArn === undefined) return undefined;
  const [, , , region = '', , queue = ''] = onFailureArn.split(':');
  const answer = await callAs(principal, {
    service: 'sqs',
    region,
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessage',
    },
    body: JSON.stringify({
      QueueUrl: `https://sqs.${region}.${URL_SUFFIX}/${ACCOUNT_ID}/${queue}`,
      MessageBody: JSON.stringify(describe(mapping, given)),
    }),
  });
  if (answer.status === 200) return undefined;
  return answer.status === undefined ? 'no answer' : answer.body;
}

function describe(
  { streamArn }: StreamMapping,
  { condition, records, functionArn, requestId, attempts, nowMs }: GivenUp,
): object {
  const first = records[0] ?? {};
  const last = records.at(-1) ?? {};
  return {
    requestContext: {
      requestId,
      functionArn,
      condition,
      approximateInvokeCount: attempts,
    },
    // Records that were too old met no function.
    ...(attempts > 0 && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    }),
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000000000000000000-00000000',
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(last),
      approximateArrivalOfFirstRecord: new Date(createdAtMs(first)).toISOString(),
      approximateArrivalOfLastRecord: new Date(createdAtMs(last)).toISOString(),
      batchSize: records.length,
      streamArn,
    },
  };
}
