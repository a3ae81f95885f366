import { Logger } from '@aws-lambda-powertools/logger';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { findAct } from '../adapters/dynamodb/act-changes.ts';
import { createAuditRecords } from '../adapters/dynamodb/audit-records.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { toEpochSeconds } from '../core/time.ts';
import { ENVIRONMENT, requireInteger, requireText, TUNABLES } from '../environment.ts';
import { type Delivered, type GatherAnswer, gather } from './gather.ts';

const logger = new Logger({ serviceName: 'events' });
const records = createAuditRecords({
  dynamo: createDynamo(),
  recordsTable: requireText(ENVIRONMENT.recordsTable),
  retentionDays: requireInteger(TUNABLES.auditRetentionDays),
  now: () => toEpochSeconds(Date.now()),
});

/** Members of binary values are spelt otherwise than by the SDK; acts have none. */
const Image = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object'),
);

const StreamRecord = z.object({
  eventID: z.string(),
  userIdentity: z.optional(z.object({ principalId: z.string() })),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    ApproximateCreationDateTime: z.number(),
    NewImage: z.optional(Image),
    OldImage: z.optional(Image),
  }),
});

const Event = z.object({ Records: z.array(StreamRecord) });

/** Consumer of the streams of the data table and, in the primary region, of the directory. */
export async function handler(event: unknown): Promise<GatherAnswer> {
  const delivered = Event.parse(event).Records.map(toDelivered);
  return gather(
    {
      record: (acts) => records.record(acts),
      note: (what, details) => logger.error(what, details),
    },
    delivered,
  );
}

function toDelivered(record: z.infer<typeof StreamRecord>): Delivered {
  const { dynamodb, userIdentity } = record;
  return {
    sequenceNumber: dynamodb.SequenceNumber,
    findAct: () =>
      findAct({
        eventId: record.eventID,
        at: toEpochSeconds(dynamodb.ApproximateCreationDateTime * 1000),
        isTimeToLive: userIdentity?.principalId === 'dynamodb.amazonaws.com',
        newImage: dynamodb.NewImage,
        oldImage: dynamodb.OldImage,
      }),
  };
}
