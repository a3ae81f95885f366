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
async function outcomeOf({ client }: Side, operation: Operation): Promise<unknown> {
  try {
    return normalise(await send(client, operation));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reasons = 'CancellationReasons' in error ? error.CancellationReasons : undefined;
    return normalise({
      error: error.name,
      Item: 'Item' in error ? error.Item : undefined,
      reasons: Array.isArray(reasons)
        ? reasons.map(({ Code, Item }) => ({ Code, Item }))
        : undefined,
    });
  }
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

function normalise(value: unknown, name = ''): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) {
    const members = value.map((member) => normalise(member));
    return UNORDERED.has(name) ? members.sort(byText) : members;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member, content]) => member !== '$metadata' && content !== undefined)
      .map(([member, content]) => [member, normalise(content, member)]),
  );
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
          expect(own, JSON.stringify(operation)).toEqual(amazons);
        }
        for (const table of Object.values(TABLES)) {
          const own = normalise(await ours.service.items(table), table);
          expect(own).toEqual(normalise(await theirs.service.items(table), table));
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 120_000);
});
