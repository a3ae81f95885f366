import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KEY_NAMES, type Keyring, parseKeyring } from '../../functions/adapters/crypto/keyring.ts';
import { createDynamoDbService } from '../../local/dynamodb/service.ts';
import { dataTable, keyTable, movableClock, NAMES } from '../local/dynamodb-fixtures.ts';
import { ACCOUNT, REGION, serve } from '../local/service-endpoint.ts';

export interface LocalDynamo {
  readonly dynamo: DynamoDBClient;
  /** Stands for every table with `pk` and `sk`. */
  readonly table: string;
  readonly keyTable: string;
  close(): Promise<void>;
}

/** The local cloud's DynamoDB behind an unmodified SDK client. */
export async function startLocalDynamo(): Promise<LocalDynamo> {
  const service = await createDynamoDbService({
    region: REGION,
    account: ACCOUNT,
    tables: [dataTable, keyTable],
    clock: movableClock(),
    engine: 'dynalite',
  });
  const endpoint = await serve(service);
  const dynamo = new DynamoDBClient(endpoint.client);
  return {
    dynamo,
    table: NAMES.data,
    keyTable: NAMES.keys,
    async close() {
      dynamo.destroy();
      await endpoint.close();
      await service.close();
    },
  };
}

/** A keyring of random keys, as provisioning makes it. */
export function newKeyring(): Keyring {
  return parseKeyring(JSON.stringify({ current: 1, versions: { 1: randomKeys() } }));
}

/** The same keyring before and after it got a second version. */
export function rotatedKeyring(): { before: Keyring; after: Keyring } {
  const first = randomKeys();
  const second = { ...randomKeys(), 'identifier-pepper': first['identifier-pepper'] };
  const versions = { 1: first, 2: second };
  return {
    before: parseKeyring(JSON.stringify({ current: 1, versions: { 1: first } })),
    after: parseKeyring(JSON.stringify({ current: 2, versions })),
  };
}

/** As they stand in a keyring. */
export function randomKeys(): Record<string, string> {
  return Object.fromEntries(KEY_NAMES.map((name) => [name, randomBytes(32).toString('base64url')]));
}
