import { randomBytes } from 'node:crypto';
import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import { newLabelKeyPair } from '../../functions/adapters/crypto/label-keys.ts';
import { newDataKey } from '../../functions/adapters/crypto/person-cipher.ts';
import { encodeAccount, encodeDataKey } from '../../functions/adapters/dynamodb/account-items.ts';
import { putPassword } from '../../functions/adapters/dynamodb/accounts.ts';
import { attemptsPartition } from '../../functions/adapters/dynamodb/attempts.ts';
import { writeBatches } from '../../functions/adapters/dynamodb/batch-write.ts';
import { createDirectory } from '../../functions/adapters/dynamodb/directory.ts';
import { claimIdentifier, putPointer } from '../../functions/adapters/dynamodb/identifier-items.ts';
import { mailsPartition } from '../../functions/adapters/dynamodb/mails.ts';
import type { IdentifierHash, Sub } from '../../functions/core/ids.ts';
import { toEpochSeconds } from '../../functions/core/time.ts';
import type { StoredItem, TestCloud } from '../harness/cloud.ts';
import { keyringsOf } from '../harness/markers-keys.ts';

/** Somebody with an account and all that it leaves, whom no page has seen: quick to make. */
export interface Planted {
  readonly sub: Sub;
  readonly email: string;
  readonly identifier: IdentifierHash;
  /** Whatever tells them from everybody else. */
  readonly traces: ReadonlyArray<string>;
}

function newAddress(): string {
  return `planted.${randomBytes(6).toString('hex')}@example.com`;
}

/** Writes people as sign-ups, sign-ins and apps would have; `dynamo` is the operator's. */
export function createPlanting(cloud: TestCloud, dynamo: DynamoDBClient, cell: string) {
  const { loadShared, loadCell } = keyringsOf(cloud, cell);
  const tables = {
    ...{ dynamo, directoryTable: 'domicile-directory', dataTable: `domicile-data-${cell}` },
    keyTable: `domicile-keys-${cell}`,
  };
  const directory = createDirectory({
    ...{ ...tables, cell, primary: undefined },
    loadKeyring: loadShared,
  });

  async function plantAccount(sub: Sub, email: string): Promise<IdentifierHash> {
    const now = toEpochSeconds(cloud.cloud.clock.nowMs());
    const identifier = await directory.hash('email', email);
    const dataKey = newDataKey();
    const labelKeys = newLabelKeyPair();
    const { publicKey: labelKey } = labelKeys;
    const account = encodeAccount(
      {
        ...{ sub, status: 'active', emailVerified: true, createdAt: now, updatedAt: now },
        attributes: { email, locale: 'en' },
      },
      dataKey,
      labelKeys,
    );
    const key = encodeDataKey(await loadCell(), sub, dataKey);
    const TransactItems = [
      ...claimIdentifier(tables.directoryTable, { identifier, sub, cell, now }, 'confirmed'),
      putPointer(tables.dataTable, { identifier, sub, labelKey }, 'confirmed'),
      {
        Put: {
          TableName: tables.dataTable,
          Item: { ...account, identifier: { S: identifier.current } },
        },
      },
      { Put: { TableName: tables.keyTable, Item: key } },
      putPassword(tables.dataTable, sub, `$argon2id$planted ${sub}`, now),
    ];
    await dynamo.send(new TransactWriteItemsCommand({ TransactItems }));
    return identifier.current;
  }

  /** A session, a grant, consents and their history, counters; `history` entries of it. */
  async function plantTraces(planted: Omit<Planted, 'traces'>, history: number): Promise<void> {
    const { sub, email, identifier } = planted;
    const [shared, own] = await Promise.all([loadShared(), loadCell()]);
    const counters = [
      attemptsPartition(own, { identifier }),
      attemptsPartition(own, { sub }),
      mailsPartition(shared, 'recovery', email),
    ].map((pk) => ({ pk, sk: pk.split('#')[0], v: 1, count: 1 }));
    const ofPerson = [
      { sk: 'SESSION#planted', secretHash: hashSecret(sub) },
      { sk: 'GRANT#planted', state: 'open', clientId: 'planted', sessionId: 'planted' },
      { sk: 'CONSENT#planted', scope: 'openid' },
      ...Array.from({ length: history }, (_, index) => ({
        sk: `CONSENT-EVENT#2026-10-${String(index % 28).padStart(2, '0')}T00:00:00.000Z#${index}`,
        purposeId: 'product-news',
        state: 'granted',
        version: '1',
        eventId: `event of ${sub} ${index}`,
      })),
    ].map((item) => ({ pk: `USER#${sub}`, v: 1, ...item }));
    const requests = [...counters, ...ofPerson].map((item) => ({
      PutRequest: { Item: marshall(item) },
    }));
    await writeBatches(dynamo, tables.dataTable, requests);
  }

  return {
    /** `history`: how many entries their consents' history has. */
    async plant(history = 2, email = newAddress()): Promise<Planted> {
      const sub = randomBytes(16).toString('base64url') as Sub;
      const identifier = await plantAccount(sub, email);
      await plantTraces({ sub, email, identifier }, history);
      return { sub, email, identifier, traces: [sub, email, identifier] };
    },
  };
}

/** Everything that names one of them, byte for byte. */
export async function allOf(
  cloud: TestCloud,
  people: ReadonlyArray<Planted>,
): Promise<ReadonlyArray<StoredItem>> {
  const tables = ['data', 'keys', 'directory', 'records'] as const;
  const all = (await Promise.all(tables.map((table) => cloud.items(table)))).flat();
  const traces = people.flatMap((person) => person.traces);
  return all.filter((item) => traces.some((trace) => JSON.stringify(item).includes(trace)));
}
