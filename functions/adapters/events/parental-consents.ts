import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ParentalConsents } from '../../core/ports/parental-consents.ts';
import type { Item } from '../dynamodb/account-items.ts';
import { giveBackOne, reserveOne } from '../dynamodb/windowed-counters.ts';
import { createPrivacyBus } from './privacy-bus.ts';

/** A child that wishes again and again does not have a parent's mailbox filled. */
const ASKING = { limit: 1, windowSeconds: 3600 } as const;

interface ParentalConsentsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly busName: string;
}

/** Tells the operator whose parent has to be asked: ids alone. */
export function createParentalConsents({
  busName,
  ...counters
}: ParentalConsentsDeps): ParentalConsents {
  const put = createPrivacyBus(busName);
  return {
    async ask({ requestId, sub, purposeId }, now) {
      const key = askedKey(requestId);
      if ((await reserveOne(counters, key, ASKING, now)) !== undefined) return;
      try {
        await put('ParentalConsentRequested', { requestId, sub, purposeId });
      } catch (error) {
        await giveBackOne(counters, key);
        throw error;
      }
    },
  };
}

/** Gone an hour later; of the person it names nothing. */
function askedKey(requestId: string): Item {
  return { pk: { S: `ATTEMPTS#PARENT#${requestId}` }, sk: { S: 'ATTEMPTS' } };
}
