import { startDynamoDbLocal } from '../../local/dynamodb/dynamodb-local.ts';
import type { PlainItem } from '../../local/dynamodb/plain-item.ts';
import { createReplication, type Replication } from '../../local/dynamodb/replication.ts';
import { createDynamoDbService, type DynamoDbService } from '../../local/dynamodb/service.ts';
import type { DeployedResource } from '../../local/types.ts';
import {
  type EngineName,
  key,
  type MovableClock,
  movableClock,
  requestOf,
} from './dynamodb-fixtures.ts';
import { ACCOUNT } from './service-endpoint.ts';

export const REGIONS = { eu: 'eu-central-1', us: 'us-east-1', ap: 'ap-southeast-2' } as const;
export type CellName = keyof typeof REGIONS;
export const CELLS: ReadonlyArray<CellName> = ['eu', 'us', 'ap'];

export const DIRECTORY = 'domicile-directory';
/** A global table too, as CDK writes it, but with one replica. */
export const DATA = 'domicile-data-eu';

const SCHEMA = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

/** Declared by a stack in Frankfurt. */
export function globalTable(
  name: string,
  Replicas: ReadonlyArray<Readonly<Record<string, unknown>>>,
): DeployedResource {
  const Arn = `arn:aws:dynamodb:${REGIONS.eu}:${ACCOUNT}:table/${name}`;
  return {
    stack: 'Directory',
    region: REGIONS.eu,
    logicalId: name.replaceAll('-', ''),
    type: 'AWS::DynamoDB::GlobalTable',
    physicalId: name,
    attributes: { Arn, StreamArn: `${Arn}/stream/2026-01-01T00:00:00.000` },
    properties: { ...SCHEMA, Replicas },
  };
}

export const TABLES: ReadonlyArray<DeployedResource> = [
  globalTable(
    DIRECTORY,
    CELLS.map((cell) => ({ Region: REGIONS[cell] })),
  ),
  globalTable(DATA, [{ Region: REGIONS.eu }]),
];

export interface TestCells {
  readonly replication: Replication;
  readonly clock: MovableClock;
  service(cell: CellName): DynamoDbService;
  call(cell: CellName, operation: string, input: Record<string, unknown>): Promise<unknown>;
  /** Writes `value` under `pk` into the directory, or deletes it without one. */
  write(cell: CellName, pk: string, value?: string): Promise<void>;
  /** The `value` under `pk` of each cell, in the order of `CELLS`. */
  values(pk: string): Promise<ReadonlyArray<unknown>>;
  close(): Promise<void>;
}

/** Three regions with one directory between them; what is written waits for `flush` or `resume`. */
export async function openCells(
  engine: EngineName,
  settings: { delayMs?: number; dataDirectory?: string } = {},
): Promise<TestCells> {
  const amazon = engine === 'dynalite' ? undefined : await startDynamoDbLocal();
  const clock = movableClock();
  const services = new Map<string, DynamoDbService>();
  for (const region of Object.values(REGIONS)) {
    const { dataDirectory } = settings;
    services.set(
      region,
      await createDynamoDbService({
        region,
        account: ACCOUNT,
        tables: TABLES,
        clock,
        engine: amazon ? { endpoint: amazon.endpoint } : 'dynalite',
        ...(dataDirectory !== undefined && { dataDirectory: `${dataDirectory}/${region}` }),
      }),
    );
  }
  const { delayMs = 0 } = settings;
  const replication = createReplication({ services, clock, delayMs });
  if (delayMs === 0) replication.pause();
  const service = (cell: CellName): DynamoDbService => {
    const found = services.get(REGIONS[cell]);
    if (found === undefined) throw new Error(`no cell ${cell}`);
    return found;
  };
  const call: TestCells['call'] = async (cell, operation, input) =>
    JSON.parse((await service(cell).handle(requestOf(operation, input))).body);
  return {
    replication,
    clock,
    service,
    call,
    async write(cell, pk, value) {
      const input = { TableName: DIRECTORY };
      if (value === undefined) await call(cell, 'DeleteItem', { ...input, Key: key(pk) });
      else await call(cell, 'PutItem', { ...input, Item: { ...key(pk), value: { S: value } } });
    },
    values: (pk) =>
      Promise.all(CELLS.map(async (cell) => storedValue(await service(cell).items(DIRECTORY), pk))),
    async close() {
      await replication.close();
      for (const one of services.values()) await one.close();
      await amazon?.close();
    },
  };
}

function storedValue(items: ReadonlyArray<PlainItem>, pk: string): unknown {
  return items.find((item) => item['pk'] === pk)?.['value'];
}
