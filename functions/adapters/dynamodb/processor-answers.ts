import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Sub } from '../../core/ids.ts';
import type { AnsweredBy, ProcessorAnswers } from '../../core/ports/processor-answers.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { decryptAttribute, encryptAttribute } from '../crypto/person-cipher.ts';
import { dataKeyKey, decodeDataKey } from './account-items.ts';
import { decodeRequest, requestKey } from './privacy-request-items.ts';
import { sendDynamo } from './send.ts';

interface ProcessorAnswersDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
  readonly keyTable: string;
  /** The cell's own. */
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
}

export function createProcessorAnswers(deps: ProcessorAnswersDeps): ProcessorAnswers {
  return {
    async seal(by, data) {
      const { Item: item } = await sendDynamo(
        deps.dynamo,
        new GetItemCommand({
          TableName: deps.recordsTable,
          Key: requestKey(by.requestId),
          ConsistentRead: true,
        }),
      );
      if (item === undefined) return undefined;
      const { kind, sub, state } = decodeRequest(item);
      if (kind !== 'export' || state !== 'collecting') return undefined;
      const dataKey = await findDataKey(deps, sub);
      return dataKey && encryptAttribute(dataKey, bindingOf(sub, by), JSON.stringify(data));
    },

    async open(sub, by, sealed) {
      const dataKey = await findDataKey(deps, sub);
      if (dataKey === undefined) return undefined;
      return JSON.parse(decryptAttribute(dataKey, bindingOf(sub, by), sealed));
    },
  };
}

async function findDataKey(
  { dynamo, keyTable, loadKeyring }: ProcessorAnswersDeps,
  sub: Sub,
): Promise<Uint8Array | undefined> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: keyTable, Key: dataKeyKey(sub), ConsistentRead: true }),
  );
  return item && decodeDataKey(await loadKeyring(), sub, item);
}

function bindingOf(sub: Sub, { requestId, processorId }: AnsweredBy) {
  return { sub, name: `answer:${requestId}:${processorId}`, version: 1 };
}
