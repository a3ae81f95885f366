import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataKey } from '../../functions/adapters/crypto/person-cipher.ts';
import {
  dataKeyKey,
  encodeAccount,
  encodeDataKey,
} from '../../functions/adapters/dynamodb/account-items.ts';
import { createProfiles } from '../../functions/adapters/dynamodb/profiles.ts';
import type { Account } from '../../functions/core/account.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { Profiles } from '../../functions/core/ports/profiles.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, newKeyring, startLocalDynamo } from './local-dynamo.ts';

const keyring = newKeyring();
const account: Account = {
  sub: 'ada' as Sub,
  status: 'active',
  emailVerified: true,
  attributes: { email: 'ada@example.com', locale: 'de' },
  termsAcceptedAt: NOW,
  createdAt: NOW,
  updatedAt: NOW,
};
const dataKey = newDataKey();
const item = encodeAccount(account, dataKey);

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

  it('hold no attribute in the clear', () => {
    const bytes = Object.values(item['attributes']?.M ?? {}).map(({ B }) => Buffer.from(B ?? []));
    expect(bytes).toHaveLength(2);
    const stored = JSON.stringify(item) + bytes.map((b) => b.toString('latin1')).join();
    expect(stored).not.toContain('example.com');
  });

  it('say that a grant which is not there is not open', async () => {
    expect(await profiles.findWithGrant(account.sub, 'none')).toEqual({
      account,
      grantIsOpen: false,
    });
  });

  it('are gone once the data key is deleted', async () => {
    const { dynamo, keyTable } = local;
    await dynamo.send(new DeleteItemCommand({ TableName: keyTable, Key: dataKeyKey(account.sub) }));
    expect(await profiles.find(account.sub)).toBeUndefined();
  });
});
