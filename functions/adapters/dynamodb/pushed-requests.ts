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

interface PushedRequestsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/**
 * They are pushed to whichever cell is near the app and may name a person of another one
 * (`login_hint`): what is stored opens with the reference alone, which only the app and its browser
 * have.
 */
export function createPushedRequests({ dynamo, dataTable }: PushedRequestsDeps): PushedRequests {
  return {
    async push(request, expiresAt) {
      const reference = randomToken();
      await sendDynamo(
        dynamo,
        new PutItemCommand({
          TableName: dataTable,
          Item: {
            ...keyOf(reference),
            v: { N: '1' },
            clientId: { S: request.clientId },
            sealed: { B: encryptUnder(reference, JSON.stringify(request)) },
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
      // Only `push` writes these.
      return JSON.parse(decryptUnder(reference, sealed)) as AuthorizationRequest;
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

function keyOf(reference: string): Item {
  return { pk: { S: `PAR#${hashSecret(reference)}` }, sk: { S: 'PAR' } };
}

function foundInstead(error: unknown): Item | undefined {
  if (error instanceof ConditionalCheckFailedException) return error.Item;
  throw error;
}
