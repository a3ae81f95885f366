import { CreateKeyCommand, ListKeysCommand, paginateListKeys } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYRING, openKms, PRIMARY, REPLICA, type TestKms } from './kms-fixtures.ts';

let kms: TestKms;

beforeAll(async () => {
  kms = await openKms();
});
afterAll(() => kms.close());

describe('ListKeys', () => {
  test('has every key of the region, page by page, and none of another', async () => {
    const client = kms.client(PRIMARY);
    const made = [
      await client.send(new CreateKeyCommand({})),
      await client.send(new CreateKeyCommand({})),
    ];
    const listed: Array<string | undefined> = [];
    for await (const page of paginateListKeys({ client, pageSize: 1 }, {})) {
      expect(page.Keys).toHaveLength(1);
      listed.push(page.Keys?.[0]?.KeyId);
    }
    expect(listed).toEqual([KEYRING, ...made.map(({ KeyMetadata }) => KeyMetadata?.KeyId)]);
    const elsewhere = await kms.client(REPLICA).send(new ListKeysCommand({}));
    expect(elsewhere.Keys?.map(({ KeyId }) => KeyId)).toEqual(['table']);
  });

  test('refuses a marker that no page returned', async () => {
    const list = kms.client(PRIMARY).send(new ListKeysCommand({ Marker: 'x' }));
    await expect(list).rejects.toMatchObject({ name: 'InvalidMarkerException' });
  });
});
