import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type ReturnValue,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { tagWithCell } from '../../core/cells.ts';
import { InvariantError } from '../../core/errors.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { Processors } from '../../core/ports/processors.ts';
import type { Sealer } from '../../core/ports/sealer.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { equalInConstantTime, hashSecret, randomToken } from '../crypto/hash.ts';
import type { Item } from './account-items.ts';
import { isWritten } from './conditional-writes.ts';
import { requestKey } from './privacy-request-items.ts';
import { decodeProcessor, PROCESSOR_PREFIX, parseWord, processorKey } from './processor-items.ts';
import { sendDynamo } from './send.ts';

interface ProcessorsDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
  readonly sealer: Sealer;
  /** Stands in front of every acknowledgement, so that any cell finds the one that has it. */
  readonly cell: string;
}

export function createProcessors(deps: ProcessorsDeps): Processors {
  const { dynamo, recordsTable } = deps;
  return {
    async list(requestId) {
      const { Items: items = [] } = await sendDynamo(
        dynamo,
        new QueryCommand({
          TableName: recordsTable,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :processor)',
          ExpressionAttributeValues: {
            ':pk': requestKey(requestId)['pk'] ?? { S: '' },
            ':processor': { S: PROCESSOR_PREFIX },
          },
        }),
      );
      return items.map(decodeProcessor);
    },

    prepare: (requestId, processorId, waiting) => prepare(deps, requestId, processorId, waiting),
    acknowledge: (acknowledgement, answer) => acknowledge(deps, acknowledgement, answer),

    async findSealed(requestId, processorId) {
      return (await read(deps, requestId, processorId))?.['data']?.B;
    },

    async markOverdue(requestId, processorId, now) {
      return isWritten(
        update(deps, requestId, processorId, {
          UpdateExpression: 'SET overdueAt = :now',
          ConditionExpression:
            'attribute_exists(pk) AND attribute_not_exists(acknowledgedAt) AND attribute_not_exists(overdueAt)',
          ExpressionAttributeValues: { ':now': { N: String(now) } },
        }),
      );
    },

    async forgetData(requestId) {
      for (const { processorId } of await this.list(requestId)) {
        await update(deps, requestId, processorId, { UpdateExpression: 'REMOVE #data', ...DATA });
      }
    },
  };
}

const DATA = { ExpressionAttributeNames: { '#data': 'data' } };

/** First the word is kept, then anybody is told: whoever acknowledges is known. */
async function prepare(
  deps: ProcessorsDeps,
  requestId: PrivacyRequestId,
  processorId: string,
  { taskToken, now, until }: Parameters<Processors['prepare']>[2],
) {
  const secret = randomToken();
  const isFirst = await isWritten(putNew(deps, requestId, processorId, { secret, now, until }));
  const sealedTask = await deps.sealer.seal('acknowledgement', taskToken);
  const after = await update(deps, requestId, processorId, {
    UpdateExpression: `SET task = :task ADD reminders :again`,
    ExpressionAttributeValues: { ':task': { S: sealedTask }, ':again': { N: isFirst ? '0' : '1' } },
    ReturnValues: 'ALL_NEW',
  });
  const kept = await deps.sealer.open('acknowledgement', after['secret']?.S ?? '', now);
  if (typeof kept !== 'string') throw new InvariantError('the word of a processor is unreadable');
  return {
    acknowledgement: tagWithCell(deps.cell, `${requestId}.${processorId}.${kept}`),
    isAcknowledged: after['acknowledgedAt'] !== undefined,
    toldAt: Number(after['toldAt']?.N) as EpochSeconds,
  };
}

/** The word itself is sealed, to be told again; what is compared is its hash. */
async function putNew(
  deps: ProcessorsDeps,
  requestId: PrivacyRequestId,
  processorId: string,
  { secret, now, until }: Readonly<Record<'now' | 'until', EpochSeconds>> & { secret: string },
): Promise<unknown> {
  const command = new PutItemCommand({
    TableName: deps.recordsTable,
    Item: {
      ...processorKey(requestId, processorId),
      v: { N: '1' },
      toldAt: { N: String(now) },
      until: { N: String(until) },
      reminders: { N: '0' },
      secret: { S: await deps.sealer.seal('acknowledgement', secret) },
      hash: { S: hashSecret(secret) },
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  return sendDynamo(deps.dynamo, command);
}

/**
 * Of this write and the one that `prepare` notes a new task by, the later one sees the other: either
 * the present task is answered here, or whoever tells again finds that nothing is left to tell.
 */
async function acknowledge(
  deps: ProcessorsDeps,
  acknowledgement: string,
  { seal, now }: Parameters<Processors['acknowledge']>[1],
) {
  const word = parseWord(deps.cell, acknowledgement);
  if (word === undefined) return undefined;
  const { requestId, processorId, secret } = word;
  const known = await read(deps, requestId, processorId);
  const hash = known?.['hash']?.S;
  if (hash === undefined || !equalInConstantTime(hash, hashSecret(secret))) return undefined;
  const data = await seal?.({ requestId, processorId });
  await isWritten(
    update(deps, requestId, processorId, {
      UpdateExpression: `SET acknowledgedAt = :now${data === undefined ? '' : ', #data = :data'}`,
      ConditionExpression: 'attribute_not_exists(acknowledgedAt)',
      ExpressionAttributeValues: {
        ':now': { N: String(now) },
        ...(data !== undefined && { ':data': { B: data } }),
      },
      ...(data !== undefined && DATA),
    }),
  );
  const after = await read(deps, requestId, processorId);
  const taskToken = await deps.sealer.open('acknowledgement', after?.['task']?.S ?? '', now);
  if (typeof taskToken !== 'string') throw new InvariantError('a processor that waits for no task');
  const acknowledgedAt = Number(after?.['acknowledgedAt']?.N) as EpochSeconds;
  return { requestId, processorId, taskToken, acknowledgedAt };
}

async function read(
  { dynamo, recordsTable }: ProcessorsDeps,
  requestId: PrivacyRequestId,
  processorId: string,
): Promise<Item | undefined> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({
      TableName: recordsTable,
      Key: processorKey(requestId, processorId),
      ConsistentRead: true,
    }),
  );
  return item;
}

interface Change {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValues?: ReturnValue;
}

async function update(
  { dynamo, recordsTable }: ProcessorsDeps,
  requestId: PrivacyRequestId,
  processorId: string,
  change: Change,
): Promise<Item> {
  const { Attributes: after = {} } = await sendDynamo(
    dynamo,
    new UpdateItemCommand({
      TableName: recordsTable,
      Key: processorKey(requestId, processorId),
      ...change,
    }),
  );
  return after;
}
