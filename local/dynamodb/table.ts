import type { DeployedResource } from '../types.ts';
import {
  findString,
  isObject,
  type JsonObject,
  readBoolean,
  readObject,
  readObjects,
} from './json-object.ts';

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** One table of one region, as its template declares it. */
export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly keySchema: ReadonlyArray<JsonObject>;
  readonly attributeDefinitions: ReadonlyArray<JsonObject>;
  readonly globalSecondaryIndexes: ReadonlyArray<JsonObject>;
  readonly localSecondaryIndexes: ReadonlyArray<JsonObject>;
  readonly partitionKey: string;
  /** Attribute holding the expiry in epoch seconds. */
  readonly ttlAttribute: string | undefined;
  readonly stream: { readonly arn: string; readonly viewType: StreamViewType } | undefined;
  /** Days that point-in-time recovery reaches back. */
  readonly recoveryPeriodDays: number | undefined;
  readonly deletionProtection: boolean;
  /** Where a global table has replicas, this region included; empty for a table of one region. */
  readonly replicaRegions: ReadonlyArray<string>;
  /** ARN of a customer-managed key; AWS asks KMS on the caller's behalf. */
  readonly kmsKeyArn: string | undefined;
}

const STREAM_VIEWS: ReadonlyArray<StreamViewType> = [
  'KEYS_ONLY',
  'NEW_IMAGE',
  'OLD_IMAGE',
  'NEW_AND_OLD_IMAGES',
];

/**
 * Reads `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable`. Of a global table, what a replica
 * says for itself (recovery, protection, key) is read from the replica of this region.
 */
export function readTable(
  resource: DeployedResource,
  account: string,
  region = resource.region,
): Table {
  const { properties } = resource;
  const replicas = readObjects(properties, 'Replicas');
  const replica = replicas.find((one) => one['Region'] === region) ?? replicas[0] ?? {};
  const local: JsonObject = { ...properties, ...replica };
  // What CloudFormation tells of a global table, it tells of the replica beside the stack.
  const attributes = region === resource.region ? resource.attributes : {};
  const arn =
    attributes['Arn'] ?? `arn:aws:dynamodb:${region}:${account}:table/${resource.physicalId}`;
  const keySchema = readObjects(properties, 'KeySchema');
  return {
    name: resource.physicalId,
    arn,
    keySchema,
    attributeDefinitions: readObjects(properties, 'AttributeDefinitions'),
    globalSecondaryIndexes: readObjects(properties, 'GlobalSecondaryIndexes'),
    localSecondaryIndexes: readObjects(properties, 'LocalSecondaryIndexes'),
    partitionKey: partitionKeyOf(keySchema, resource.logicalId),
    ttlAttribute: readTtlAttribute(properties),
    stream: readStream(properties, attributes['StreamArn'] ?? `${arn}/stream/local`),
    recoveryPeriodDays: readRecoveryPeriod(local),
    deletionProtection: readBoolean(local, 'DeletionProtectionEnabled'),
    replicaRegions: replicas.flatMap((one) => findString(one, 'Region') ?? []),
    kmsKeyArn: keyArnOf(readObject(local, 'SSESpecification'), region, account),
  };
}

/** The partition key of the table itself or of one of its indexes. */
export function partitionKeyOfIndex(table: Table, indexName: string | undefined): string {
  if (indexName === undefined) return table.partitionKey;
  const index = [...table.globalSecondaryIndexes, ...table.localSecondaryIndexes].find(
    (one) => one['IndexName'] === indexName,
  );
  return index === undefined
    ? table.partitionKey
    : partitionKeyOf(readObjects(index, 'KeySchema'), indexName);
}

function partitionKeyOf(keySchema: ReadonlyArray<JsonObject>, owner: string): string {
  const hash = keySchema.find((key) => key['KeyType'] === 'HASH');
  const name = hash && findString(hash, 'AttributeName');
  if (name === undefined) throw new Error(`${owner} declares no HASH key in its KeySchema`);
  return name;
}

function readTtlAttribute(properties: JsonObject): string | undefined {
  const specification = readObject(properties, 'TimeToLiveSpecification');
  return readBoolean(specification, 'Enabled')
    ? findString(specification, 'AttributeName')
    : undefined;
}

/** `AWS::DynamoDB::Table` has a stream as soon as it names a view, a global table likewise. */
function readStream(properties: JsonObject, arn: string): Table['stream'] {
  const view = readObject(properties, 'StreamSpecification')['StreamViewType'];
  const viewType = STREAM_VIEWS.find((one) => one === view);
  return viewType && { arn, viewType };
}

function readRecoveryPeriod(local: JsonObject): number | undefined {
  const recovery = readObject(local, 'PointInTimeRecoverySpecification');
  if (!readBoolean(recovery, 'PointInTimeRecoveryEnabled')) return undefined;
  return Number(recovery['RecoveryPeriodInDays'] ?? 35);
}

/** Of an SSE specification; undefined for a key that AWS owns. */
export function keyArnOf(sse: JsonObject, region: string, account: string): string | undefined {
  const key = sse['KMSMasterKeyId'];
  if (typeof key !== 'string') {
    if (isObject(key)) throw new Error('KMSMasterKeyId still holds an unresolved intrinsic');
    return undefined;
  }
  if (key.startsWith('arn:')) return key;
  const resource = key.startsWith('alias/') ? key : `key/${key}`;
  return `arn:aws:kms:${region}:${account}:${resource}`;
}

/** The key attributes of an item. */
export function keyOf(item: JsonObject, keySchema: ReadonlyArray<JsonObject>): JsonObject {
  const names = keySchema.flatMap((part) => findString(part, 'AttributeName') ?? []);
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}
