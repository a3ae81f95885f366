import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { tagWithCell } from '../../core/cells.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Certificate, Certificates } from '../../core/ports/certificates.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { randomToken } from '../crypto/hash.ts';
import type { Item } from './account-items.ts';
import { requestKey } from './privacy-request-items.ts';
import { sendDynamo } from './send.ts';

interface CertificatesDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
  /** Stands in every id, so that any cell finds the one that has it. */
  readonly cell: string;
}

export function createCertificates({ dynamo, recordsTable, cell }: CertificatesDeps): Certificates {
  return {
    async find(certificateId) {
      const { Item: item } = await sendDynamo(
        dynamo,
        new GetItemCommand({
          TableName: recordsTable,
          Key: certificateKey(certificateId),
          ConsistentRead: true,
        }),
      );
      return item === undefined ? undefined : decode(certificateId, item);
    },

    async reserveId(requestId) {
      const { Attributes: after } = await sendDynamo(
        dynamo,
        new UpdateItemCommand({
          TableName: recordsTable,
          Key: requestKey(requestId),
          ConditionExpression: 'attribute_exists(pk)',
          UpdateExpression: 'SET certificateId = if_not_exists(certificateId, :new)',
          ExpressionAttributeValues: { ':new': { S: tagWithCell(cell, randomToken()) } },
          ReturnValues: 'ALL_NEW',
        }),
      );
      const id = after?.['certificateId']?.S;
      if (id === undefined) throw new InvariantError('the request has no certificate id');
      return id;
    },

    async keep(certificate) {
      const { certificateId, issuedAt, jws } = certificate;
      const put = new PutItemCommand({
        TableName: recordsTable,
        Item: {
          ...certificateKey(certificateId),
          v: { N: '1' },
          issuedAt: { N: String(issuedAt) },
          jws: { S: jws },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await sendDynamo(dynamo, put);
        return certificate;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return decode(certificateId, error.Item ?? {});
      }
    },
  };
}

function decode(certificateId: string, item: Item): Certificate {
  return {
    certificateId,
    issuedAt: Number(item['issuedAt']?.N) as EpochSeconds,
    jws: item['jws']?.S ?? '',
  };
}

function certificateKey(certificateId: string): Item {
  return { pk: { S: `CERTIFICATE#${certificateId}` }, sk: { S: 'CERTIFICATE' } };
}
