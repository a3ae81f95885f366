import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CELL_KEY_NAMES,
  type CellKeyring,
  parseCellKeyring,
  parseSharedKeyring,
  SHARED_KEY_NAMES,
  type SharedKeyring,
} from '../../functions/adapters/crypto/keyring.ts';
import type { Keyrings } from '../../functions/adapters/crypto/keyring-loader.ts';
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

/** Random keyrings of one cell, as provisioning makes them; the shared one may be given. */
export function newKeyrings(shared = newSharedKeyring()): Keyrings {
  const cell = newCellKeyring();
  return { loadShared: async () => shared, loadCell: async () => cell };
}

export function newSharedKeyring(): SharedKeyring {
  return parseSharedKeyring(oneVersion(randomKeys(SHARED_KEY_NAMES)));
}

export function newCellKeyring(): CellKeyring {
  return parseCellKeyring(oneVersion(randomKeys(CELL_KEY_NAMES)));
}

/** The same keyrings before and after they got a second version. */
export function rotatedKeyrings() {
  const shared = [randomKeys(SHARED_KEY_NAMES), randomKeys(SHARED_KEY_NAMES)] as const;
  const cell = [randomKeys(CELL_KEY_NAMES), randomKeys(CELL_KEY_NAMES)] as const;
  return {
    shared: {
      before: parseSharedKeyring(oneVersion(shared[0])),
      after: parseSharedKeyring(twoVersions(...shared)),
    },
    cell: {
      before: parseCellKeyring(oneVersion(cell[0])),
      after: parseCellKeyring(twoVersions(...cell)),
    },
  };
}

/** As they stand in a keyring. */
export function randomKeys(names: ReadonlyArray<string>): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]));
}

function oneVersion(keys: object): string {
  return JSON.stringify({ current: 1, versions: { 1: keys } });
}

function twoVersions(first: object, second: object): string {
  return JSON.stringify({ current: 2, versions: { 1: first, 2: second } });
}
