/** Amazon's DynamoDB Local as the engine: it has transactions of its own, so requests pass through. */
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../types.ts';
import type { Change, Engine, Item, Origin } from './engine.ts';
import { findString, isObject, type JsonObject, readObject, readObjects } from './json-object.ts';
import { watchReplicatedWrites } from './replicated-writes.ts';
import { keyOf, type Table } from './table.ts';

export interface RemoteEngineOptions {
  /** `http://127.0.0.1:8000`. */
  readonly endpoint: string;
  /** DynamoDB Local keeps a store of its own per region and access key id. */
  readonly region: string;
  readonly tables: ReadonlyArray<Table>;
  /** Called for tables with replicas elsewhere, in commit order, before the next write begins. */
  readonly onChange: (change: Change, origin: Origin) => void;
}

/** TTL's deletions carry no `userIdentity` here: only DynamoDB itself can write that record. */
export async function createRemoteEngine(options: RemoteEngineOptions): Promise<Engine> {
  const send = (operation: string, input: JsonObject) =>
    post(options, `DynamoDB_20120810.${operation}`, input);
  const byName = new Map(options.tables.map((table) => [table.name, table]));
  const watched = watchReplicatedWrites(send, options.tables, options.onChange);
  for (const table of options.tables) await createTable(send, table);
  return {
    call: watched.call,
    replicate: watched.replicate,
    streams: (operation, input) => callStreams(options, send, operation, input),
    items: (table) => scan(send, table),
    expire: (table, seen) => expire(watched.expire, byName.get(table), seen),
    addTable: async () => {
      const message = 'point-in-time recovery runs on dynalite alone';
      throw new AwsError('UnsupportedOperationException', message);
    },
    dropTable: async (name) => {
      await send('DeleteTable', { TableName: name });
    },
    async reset() {
      for (const table of options.tables) {
        await send('DeleteTable', { TableName: table.name });
        await createTable(send, table);
      }
    },
    close: async () => undefined,
  };
}

type Send = (operation: string, input: JsonObject) => Promise<JsonObject>;

async function createTable(send: Send, table: Table): Promise<void> {
  const indexes = (list: ReadonlyArray<JsonObject>) => (list.length > 0 ? list : undefined);
  try {
    await send('CreateTable', {
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: table.keySchema,
      AttributeDefinitions: table.attributeDefinitions,
      GlobalSecondaryIndexes: indexes(table.globalSecondaryIndexes),
      LocalSecondaryIndexes: indexes(table.localSecondaryIndexes),
      StreamSpecification: table.stream && {
        StreamEnabled: true,
        StreamViewType: table.stream.viewType,
      },
    });
  } catch (error) {
    // The table of an earlier start, in a DynamoDB Local that went on running.
    if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') throw error;
  }
}

/** DynamoDB Local names streams in its own way; callers know them by the template's ARNs. */
async function callStreams(
  options: RemoteEngineOptions,
  send: Send,
  operation: string,
  input: JsonObject,
): Promise<JsonObject> {
  const names: Array<readonly [own: string, theirs: string]> = [];
  for (const { name, stream } of options.tables) {
    if (!stream) continue;
    const { Table: theirs } = await send('DescribeTable', { TableName: name });
    names.push([stream.arn, String(readObject({ theirs }, 'theirs')['LatestStreamArn'])]);
  }
  const rename = (value: JsonObject, pairs: typeof names): JsonObject =>
    JSON.parse(
      pairs.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)),
    );
  const output = await post(options, `DynamoDBStreams_20120810.${operation}`, rename(input, names));
  return rename(
    output,
    names.map(([own, theirs]) => [theirs, own]),
  );
}

async function scan(send: Send, table: string): Promise<ReadonlyArray<Item>> {
  const items: Array<Item> = [];
  let cursor: JsonObject | undefined;
  do {
    const page: JsonObject = await send('Scan', {
      TableName: table,
      ConsistentRead: true,
      ...(cursor && { ExclusiveStartKey: cursor }),
    });
    items.push(...readObjects(page, 'Items'));
    cursor = isObject(page['LastEvaluatedKey']) ? page['LastEvaluatedKey'] : undefined;
  } while (cursor);
  return items;
}

async function expire(send: Send, table: Table | undefined, seen: Item): Promise<boolean> {
  const attribute = table?.ttlAttribute;
  if (table === undefined || attribute === undefined) return false;
  try {
    const { Attributes } = await send('DeleteItem', {
      TableName: table.name,
      Key: keyOf(seen, table.keySchema),
      ConditionExpression: '#ttl = :seen',
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: { ':seen': seen[attribute] },
      ReturnValues: 'ALL_OLD',
    });
    return isDeepStrictEqual(readObject({ Attributes }, 'Attributes')[attribute], seen[attribute]);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

async function post(
  { endpoint, region }: RemoteEngineOptions,
  target: string,
  input: JsonObject,
): Promise<JsonObject> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      // DynamoDB Local reads the scope and checks no signature.
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  const body: unknown = await response.json();
  const output = isObject(body) ? body : {};
  if (response.ok) return output;
  const { __type, message, Message, ...extra } = output;
  const type = findString({ __type }, '__type') ?? 'InternalServerError';
  throw new AwsError(
    type.slice(type.indexOf('#') + 1),
    findString({ message }, 'message') ?? findString({ Message }, 'Message') ?? '',
    response.status,
    extra,
  );
}
