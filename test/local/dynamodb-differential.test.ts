import { isDeepStrictEqual } from 'node:util';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DynamoDbLocal,
  startDynamoDbLocal,
  whyNoDynamoDbLocal,
} from '../../local/dynamodb/dynamodb-local.ts';
import { isObject } from '../../local/dynamodb/json-object.ts';
import { createDynamoDbService, type DynamoDbService } from '../../local/dynamodb/service.ts';
import type { DeployedResource } from '../../local/types.ts';
import { movableClock } from './dynamodb-fixtures.ts';
import { anyOperation, type Operation, TABLES } from './dynamodb-operations.ts';
import { ACCOUNT, REGION, type ServiceEndpoint, serve } from './service-endpoint.ts';

const obstacle = await whyNoDynamoDbLocal();
const RUNS = 60;

interface Side {
  readonly service: DynamoDbService;
  readonly endpoint: ServiceEndpoint;
  readonly client: DynamoDBClient;
}

function declare(name: string, sortType: 'S' | 'N'): DeployedResource {
  return {
    stack: 'Test',
    region: REGION,
    logicalId: name,
    type: 'AWS::DynamoDB::Table',
    physicalId: name,
    attributes: {},
    properties: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: sortType },
      ],
    },
  };
}

async function open(engine: 'dynalite' | { endpoint: string }): Promise<Side> {
  const service = await createDynamoDbService({
    region: REGION,
    account: ACCOUNT,
    tables: [declare(TABLES.words, 'S'), declare(TABLES.numbers, 'N')],
    clock: movableClock(),
    engine,
  });
  const endpoint = await serve(service);
  return { service, endpoint, client: new DynamoDBClient(endpoint.client) };
}

/** What an operation did, without what may differ: wording, metadata, order of sets and batches. */
async function outcomeOf({ client }: Side, operation: Operation): Promise<Outcome> {
  try {
    const output = normalise(await send(client, operation));
    return { error: undefined, output };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reasons = 'CancellationReasons' in error ? error.CancellationReasons : undefined;
    if (isInvalid(error.name, reasons)) return { error: 'invalid', output: undefined };
    const item = 'Item' in error ? error.Item : undefined;
    const causes = Array.isArray(reasons) ? reasons.map(({ Code, Item }) => ({ Code, Item })) : [];
    return { error: error.name, output: normalise({ item, causes }) };
  }
}

interface Outcome {
  readonly error: string | undefined;
  readonly output: unknown;
}

/**
 * An item that is invalid only in view of what is stored: AWS documents a cancelled transaction with
 * the reason ValidationError, DynamoDB Local refuses the request or gives no reasons.
 */
function isInvalid(name: string, reasons: unknown): boolean {
  if (name === 'ValidationException') return true;
  if (name !== 'TransactionCanceledException') return false;
  return !Array.isArray(reasons) || reasons.some(({ Code }) => Code === 'ValidationError');
}

/** Where DynamoDB Local is known to part with AWS, or AWS leaves it open. */
function isKnownDifference({ name }: Operation, own: Outcome, amazons: Outcome): boolean {
  // DynamoDB Local evaluates an update's operands before its condition, AWS the condition first.
  if (name === 'UpdateItem' && amazons.error === 'invalid') {
    return own.error === 'ConditionalCheckFailedException';
  }
  // A cursor after the last item that a condition can match: a client must cope with it either way.
  if (name !== 'Query' || !isObject(own.output) || !isObject(amazons.output)) return false;
  const { LastEvaluatedKey: cursor, ...page } = own.output;
  return cursor !== undefined && isDeepStrictEqual(page, amazons.output);
}

async function send(client: DynamoDBClient, { name, input }: Operation): Promise<object> {
  // The generator writes what the wire may carry, wrong requests included; the types know only right ones.
  const any = input as never;
  switch (name) {
    case 'PutItem':
      return client.send(new PutItemCommand(any));
    case 'UpdateItem':
      return client.send(new UpdateItemCommand(any));
    case 'DeleteItem':
      return client.send(new DeleteItemCommand(any));
    case 'GetItem':
      return client.send(new GetItemCommand(any));
    case 'Query':
      return client.send(new QueryCommand(any));
    case 'Scan':
      return client.send(new ScanCommand(any));
    case 'BatchGetItem':
      return client.send(new BatchGetItemCommand(any));
    case 'TransactWriteItems':
      return client.send(new TransactWriteItemsCommand(any));
    case 'TransactGetItems':
      return client.send(new TransactGetItemsCommand(any));
  }
}

const UNORDERED = new Set(['SS', 'NS', 'BS', TABLES.words, TABLES.numbers]);
const UNASKED = new Set(['$metadata', 'ConsumedCapacity']);

function normalise(value: unknown, name = ''): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) {
    const members = value.map((member) => normalise(member));
    return UNORDERED.has(name) ? members.sort(byText) : members;
  }
  if (!isObject(value)) return name === 'N' ? plainNumber(String(value)) : value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member, content]) => !UNASKED.has(member) && content !== undefined)
      // Attributes come in any order, and what is unordered is sorted by its text below.
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([member, content]) => [member, normalise(content, member)]),
  );
}

/** DynamoDB Local gives `-21.0` for the sum of two halves. */
function plainNumber(number: string): string {
  return number.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

if (obstacle !== undefined) console.warn(`differential test left out: ${obstacle}`);

describe.runIf(obstacle === undefined)('dynalite behind the front and DynamoDB Local', () => {
  let amazon: DynamoDbLocal;
  let ours: Side;
  let theirs: Side;

  beforeAll(async () => {
    amazon = await startDynamoDbLocal();
    ours = await open('dynalite');
    theirs = await open({ endpoint: amazon.endpoint });
  }, 60_000);

  afterAll(async () => {
    for (const side of [ours, theirs]) {
      side.client.destroy();
      await side.endpoint.close();
      await side.service.close();
    }
    await amazon.close();
  });

  test('answer any sequence of requests alike, and hold the same items after it', async () => {
    const sequence = fc.array(anyOperation, { minLength: 5, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(sequence, async (operations) => {
        for (const { service } of [ours, theirs]) await service.reset();
        for (const operation of operations) {
          const [own, amazons] = await Promise.all([
            outcomeOf(ours, operation),
            outcomeOf(theirs, operation),
          ]);
          if (isKnownDifference(operation, own, amazons)) continue;
          expect(own, JSON.stringify(operation)).toEqual(amazons);
        }
        for (const TableName of Object.values(TABLES)) {
          const everything: Operation = { name: 'Scan', input: { TableName } };
          expect(await outcomeOf(ours, everything)).toEqual(await outcomeOf(theirs, everything));
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 120_000);
});
