import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newLabelKeyPair, sealLabel } from '../../functions/adapters/crypto/label-keys.ts';
import { newDataKey } from '../../functions/adapters/crypto/person-cipher.ts';
import {
  dataKeyKey,
  encodeAccount,
  encodeDataKey,
} from '../../functions/adapters/dynamodb/account-items.ts';
import { grantKey } from '../../functions/adapters/dynamodb/grant-items.ts';
import { subKey } from '../../functions/adapters/dynamodb/identifier-items.ts';
import { createProfiles } from '../../functions/adapters/dynamodb/profiles.ts';
import { sessionKey } from '../../functions/adapters/dynamodb/session-items.ts';
import type { Account } from '../../functions/core/account.ts';
import type { SessionId, Sub } from '../../functions/core/ids.ts';
import type { Profiles } from '../../functions/core/ports/profiles.ts';
import { addSeconds, type EpochSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { NO_CHOICES } from '../core/consents-fixtures.ts';
import { type LocalDynamo, newCellKeyring, startLocalDynamo } from './local-dynamo.ts';

const keyring = newCellKeyring();
const NOTHING_CHOSEN = expect.objectContaining(NO_CHOICES);
const account: Account = {
  sub: 'ada' as Sub,
  status: 'active',
  emailVerified: true,
  attributes: { email: 'ada@example.com', locale: 'de' },
  terms: { url: 'https://shop.example/terms', acceptedAt: NOW },
  createdAt: NOW,
  updatedAt: NOW,
};
const dataKey = newDataKey();
const labelKeys = newLabelKeyPair();
const item = encodeAccount(account, dataKey, labelKeys);

let local: LocalDynamo;
let profiles: Profiles;

beforeAll(async () => {
  local = await startLocalDynamo();
  const { dynamo, table: dataTable, keyTable } = local;
  const loadKeyring = async () => keyring;
  profiles = createProfiles({ dynamo, dataTable, keyTable, loadKeyring });
  await dynamo.send(new PutItemCommand({ TableName: dataTable, Item: item }));
  const key = encodeDataKey(keyring, account.sub, dataKey);
  await dynamo.send(new PutItemCommand({ TableName: keyTable, Item: key }));
});
afterAll(() => local.close());

describe('profiles', () => {
  it('come back as they were stored', async () => {
    expect(await profiles.find(account.sub)).toEqual(account);
    expect(await profiles.find('nobody' as Sub)).toBeUndefined();
  });

  it('tell what browsers the sessions are of, each by its own label alone', async () => {
    const { sub } = account;
    const [own, other] = ['session' as SessionId, 'another' as SessionId];
    const { publicKey } = labelKeys;
    const sealedUserAgent = await sealLabel(publicKey, { sub, sessionId: own }, 'Chrome on macOS');
    const found = await profiles.findWithLabels(sub);
    expect(found?.account).toEqual(account);
    expect(await found?.openLabel({ sessionId: own, sealedUserAgent })).toBe('Chrome on macOS');
    expect(await found?.openLabel({ sessionId: other, sealedUserAgent })).toBeUndefined();
    expect(await found?.openLabel({ sessionId: own })).toBeUndefined();
    expect(await profiles.findWithLabels('nobody' as Sub)).toBeUndefined();
  });

  it('hold no attribute in the clear', () => {
    const bytes = Object.values(item['attributes']?.M ?? {}).map(({ B }) => Buffer.from(B ?? []));
    expect(bytes).toHaveLength(2);
    const stored = JSON.stringify(item) + bytes.map((b) => b.toString('latin1')).join();
    expect(stored).not.toContain('example.com');
  });

  it('say that a grant which is not there is not open', async () => {
    expect(await profiles.findWithGrant(account.sub, 'none', NOW)).toEqual({
      account,
      choices: NOTHING_CHOSEN,
      grantIsOpen: false,
      grantIsKnown: false,
    });
  });

  it('say where somebody lives, with the same read, where there are several cells', async () => {
    const { dynamo, table: dataTable, keyTable } = local;
    const sub = 'elsewhere' as Sub;
    const home = { ...subKey(sub), cell: { S: 'us' } };
    await dynamo.send(new PutItemCommand({ TableName: keyTable, Item: home }));
    const tables = { dynamo, dataTable, keyTable: dataTable, homesTable: keyTable };
    const among = createProfiles({ ...tables, loadKeyring: async () => keyring });
    expect(await among.findWithGrant(sub, 'g', NOW)).toEqual({
      ...{ account: undefined, grantIsOpen: false, grantIsKnown: false, home: 'us' },
      choices: NOTHING_CHOSEN,
    });
  });

  it('say that a grant is open until it ends, whenever TTL removes it', async () => {
    const end = addSeconds(NOW, 60);
    const grant = {
      ...grantKey(account.sub, 'g'),
      state: { S: 'open' },
      expiresAt: { N: `${end}` },
    };
    await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item: grant }));
    const isOpenAt = async (now: EpochSeconds) =>
      (await profiles.findWithGrant(account.sub, 'g', now)).grantIsOpen;
    expect(await isOpenAt(addSeconds(NOW, 59))).toBe(true);
    expect(await isOpenAt(end)).toBe(false);
  });

  it('say whether a session is there', async () => {
    const sessionId = 's' as SessionId;
    const absent = await profiles.findWithSession(account.sub, sessionId);
    expect(absent).toEqual({ account, hasSession: false, choices: NOTHING_CHOSEN });
    const session = sessionKey({ sub: account.sub, sessionId });
    await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item: session }));
    const present = await profiles.findWithSession(account.sub, sessionId);
    expect(present).toEqual({ account, hasSession: true, choices: NOTHING_CHOSEN });
  });

  it('are gone once the data key is deleted', async () => {
    const { dynamo, keyTable } = local;
    await dynamo.send(new DeleteItemCommand({ TableName: keyTable, Key: dataKeyKey(account.sub) }));
    expect(await profiles.find(account.sub)).toBeUndefined();
  });
});
