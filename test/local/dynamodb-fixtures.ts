import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDbLocal,
  startDynamoDbLocal,
  whyNoDynamoDbLocal,
} from '../../local/dynamodb/dynamodb-local.ts';
import { createDynamoDbService, type DynamoDbService } from '../../local/dynamodb/service.ts';
import type { AwsRequest, Clock, DeployedResource } from '../../local/types.ts';
import { ACCOUNT, REGION, type ServiceEndpoint, serve } from './service-endpoint.ts';

export const NAMES = { data: 'domicile-data-eu', keys: 'domicile-keys-eu' } as const;

export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/mrk-data`;

const SCHEMA = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};

/** As CDK's `TableV2` synthesizes it. */
export const dataTable: DeployedResource = table('AWS::DynamoDB::GlobalTable', NAMES.data, {
  ...SCHEMA,
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
  Replicas: [
    {
      Region: REGION,
      DeletionProtectionEnabled: true,
      SSESpecification: { KMSMasterKeyId: KEY_ARN },
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 35,
      },
    },
  ],
});

/** As CDK's older `Table` synthesizes it. */
export const keyTable: DeployedResource = table('AWS::DynamoDB::Table', NAMES.keys, {
  ...SCHEMA,
  BillingMode: 'PAY_PER_REQUEST',
  PointInTimeRecoverySpecification: {
    PointInTimeRecoveryEnabled: true,
    RecoveryPeriodInDays: 1,
  },
});

type Attributes = Record<string, { S: string } | { N: string }>;

export interface TestDynamoDb {
  readonly service: DynamoDbService;
  readonly client: DynamoDBClient;
  readonly clock: MovableClock;
  put(pk: string, attributes?: Attributes): Promise<void>;
  get(pk: string, table?: string): Promise<Record<string, unknown> | undefined>;
  close(): Promise<void>;
}

/** Why a suite runs on dynalite alone; undefined where DynamoDB Local runs too. */
const obstacle = await whyNoDynamoDbLocal();

export type EngineName = 'dynalite' | 'DynamoDB Local';

/** Engines that a suite is run on; where Java is missing, the reason is printed. */
export function enginesHere(): ReadonlyArray<EngineName> {
  if (obstacle === undefined) return ['dynalite', 'DynamoDB Local'];
  console.warn(`on dynalite alone: ${obstacle}`);
  return ['dynalite'];
}

/** The data and key tables behind an SDK client. */
export async function openDynamoDb(engine: EngineName): Promise<TestDynamoDb> {
  const amazon = engine === 'dynalite' ? undefined : await startDynamoDbLocal();
  const clock = movableClock();
  const service = await createDynamoDbService({
    region: REGION,
    account: ACCOUNT,
    tables: [dataTable, keyTable],
    clock,
    engine: amazon ? { endpoint: amazon.endpoint } : 'dynalite',
  });
  const endpoint = await serve(service);
  const client = new DynamoDBClient(endpoint.client);
  return {
    service,
    client,
    clock,
    async put(pk, attributes = {}) {
      const Item = { ...key(pk), ...attributes };
      await client.send(new PutItemCommand({ TableName: NAMES.data, Item }));
    },
    async get(pk, table = NAMES.data) {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key(pk) }));
      return Item;
    },
    close: () => closeAll(client, endpoint, service, amazon),
  };
}

async function closeAll(
  client: DynamoDBClient,
  endpoint: ServiceEndpoint,
  service: DynamoDbService,
  amazon: DynamoDbLocal | undefined,
): Promise<void> {
  client.destroy();
  await endpoint.close();
  await service.close();
  await amazon?.close();
}

export function key(pk: string, sk = 'ITEM') {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** A request as the gateway hands it over. */
export function requestOf(operation: string, input: Record<string, unknown>): AwsRequest {
  return {
    service: 'dynamodb',
    region: REGION,
    operation,
    principal: { roleArn: `arn:aws:iam::${ACCOUNT}:role/test`, name: 'test' },
    headers: {},
    input,
  };
}

function table(
  type: string,
  name: string,
  properties: Readonly<Record<string, unknown>>,
): DeployedResource {
  const Arn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
  return {
    stack: 'Data',
    region: REGION,
    logicalId: name.replaceAll('-', ''),
    type,
    physicalId: name,
    attributes: { Arn, StreamArn: `${Arn}/stream/2026-01-01T00:00:00.000` },
    properties,
  };
}

export interface MovableClock extends Clock {
  advance(seconds: number): void;
  nowSeconds(): number;
}

export function movableClock(): MovableClock {
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    nowMs: () => nowMs,
    nowSeconds: () => Math.floor(nowMs / 1000),
    advance(seconds) {
      nowMs += seconds * 1000;
    },
  };
}
