import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AuthorizationRequest } from '../../core/authorization-request.ts';
import type { PushedRequests } from '../../core/ports/pushed-requests.ts';
import { hashSecret, randomToken } from '../crypto/hash.ts';
import { decryptUnder, encryptUnder } from '../crypto/reference-cipher.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

const USE = 'pushed-request';

interface PushedRequestsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/**
 * They are pushed to whichever cell is near the app and may name a person of another one. What names
 * people travels in the reference, under a key that is stored; all else is stored, under a key that
 * follows from the reference, which only the app and its browser have. Removing it after use would
 * not do: backups would keep it, and a write that is repeated would find nothing.
 */
export function createPushedRequests({ dynamo, dataTable }: PushedRequestsDeps): PushedRequests {
  return {
    async push(request, expiresAt) {
      const { loginHint, subHint, ...kept } = request;
      const hintsKey = randomToken();
      const hints = encryptHints(hintsKey, { loginHint, subHint });
      const reference = [randomToken(), ...hints].join('.');
      const content: Content = { request: kept, hintsKey };
      await sendDynamo(
        dynamo,
        new PutItemCommand({
          TableName: dataTable,
          Item: {
            ...keyOf(reference),
            v: { N: '1' },
            clientId: { S: request.clientId },
            sealed: { B: encryptUnder(reference, JSON.stringify(content), USE) },
            expiresAt: { N: String(expiresAt) },
          },
        }),
      );
      return reference;
    },

    async consume(reference, clientId, now) {
      // Tells the SDK's retry of this very write from a second use.
      const attempt = randomToken();
      const item = await sendDynamo(
        dynamo,
        new UpdateItemCommand({
          TableName: dataTable,
          Key: keyOf(reference),
          ConditionExpression:
            'clientId = :client AND expiresAt > :now AND attribute_not_exists(consumedBy)',
          UpdateExpression: 'SET consumedBy = :attempt',
          ExpressionAttributeValues: {
            ':client': { S: clientId },
            ':now': { N: String(now) },
            ':attempt': { S: attempt },
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ).then(({ Attributes }) => Attributes, foundInstead);
      const sealed = item?.['consumedBy']?.S === attempt ? item['sealed']?.B : undefined;
      if (sealed === undefined) return undefined;
      return open(reference, sealed);
    },

    async putBack(reference, clientId) {
      await sendDynamo(
        dynamo,
        new UpdateItemCommand({
          TableName: dataTable,
          Key: keyOf(reference),
          ConditionExpression: 'clientId = :client',
          UpdateExpression: 'REMOVE consumedBy',
          ExpressionAttributeValues: { ':client': { S: clientId } },
        }),
      ).catch(foundInstead);
    },
  };
}

/** What is stored. Names nobody. */
interface Content {
  readonly request: Omit<AuthorizationRequest, keyof Hints>;
  /** Opens the hints in the reference. */
  readonly hintsKey: string;
}

/** Whom the app expects. */
interface Hints {
  readonly loginHint: AuthorizationRequest['loginHint'];
  readonly subHint: AuthorizationRequest['subHint'];
}

/** Of a reference, in base64url; empty when nobody is named. */
function encryptHints(hintsKey: string, hints: Hints): ReadonlyArray<string> {
  if (hints.loginHint === undefined && hints.subHint === undefined) return [];
  return [Buffer.from(encryptUnder(hintsKey, JSON.stringify(hints), USE)).toString('base64url')];
}

/** Throws nothing for a found item: its key follows from all of the reference. */
function open(reference: string, sealed: Uint8Array): AuthorizationRequest {
  // Only `push` writes these.
  const { request, hintsKey } = JSON.parse(decryptUnder(reference, sealed, USE)) as Content;
  const [, hints] = reference.split('.');
  if (hints === undefined) return request;
  const opened = decryptUnder(hintsKey, Buffer.from(hints, 'base64url'), USE);
  return { ...request, ...JSON.parse(opened) };
}

function keyOf(reference: string): Item {
  return { pk: { S: `PAR#${hashSecret(reference)}` }, sk: { S: 'PAR' } };
}

function foundInstead(error: unknown): Item | undefined {
  if (error instanceof ConditionalCheckFailedException) return error.Item;
  throw error;
}
