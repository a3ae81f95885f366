import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CELL_KEY_NAMES, SHARED_KEY_NAMES } from '../../functions/adapters/crypto/keyring.ts';
import {
  CELL_KEYRING_KEY,
  cellKeyringContext,
  createKeyrings,
  SHARED_KEYRING_CONTEXT,
  SHARED_KEYRING_KEY,
} from '../../functions/adapters/crypto/keyring-loader.ts';
import { ensureKeyring, type NewKeyring } from '../../functions/deployment/keyring.ts';
import { arnOf, KEYRING, openKms, PRIMARY, type TestKms } from '../local/kms-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

let local: LocalDynamo;
let kms: TestKms;

beforeAll(async () => {
  local = await startLocalDynamo();
  kms = await openKms();
  const wanted = {
    dynamo: local.dynamo,
    kms: kms.client(PRIMARY),
    keyArn: arnOf(PRIMARY, KEYRING),
  };
  const rings: ReadonlyArray<NewKeyring> = [
    {
      ...{ ...wanted, table: local.table, key: SHARED_KEYRING_KEY },
      ...{ names: SHARED_KEY_NAMES, context: SHARED_KEYRING_CONTEXT },
    },
    {
      ...{ ...wanted, table: local.keyTable, key: CELL_KEYRING_KEY },
      ...{ names: CELL_KEY_NAMES, context: cellKeyringContext('eu') },
    },
  ];
  for (const ring of rings) expect(await ensureKeyring(ring)).toBe('created');
  for (const ring of rings) expect(await ensureKeyring(ring)).toBe('kept');
});
afterAll(async () => {
  await kms.close();
  await local.close();
});

function open(changes: { readonly cell?: string; readonly dataTable?: string } = {}) {
  return createKeyrings({
    ...{ dynamo: local.dynamo, kms: kms.client(PRIMARY), cell: 'eu' },
    ...{ directoryTable: local.table, dataTable: local.keyTable, ...changes },
  });
}

describe('the keyrings of a container', () => {
  it('open as provisioning wrote them, once', async () => {
    const keyrings = open();
    const shared = await keyrings.loadShared();
    expect(shared.key('sealing')).toHaveLength(32);
    expect((await keyrings.loadCell()).key('data-key-wrapping')).toHaveLength(32);
    expect(await keyrings.loadShared()).toBe(shared);
  });

  it.each(['loadShared', 'loadCell'] as const)(
    'are both opened by the first use of one (%s): a cold start waits once',
    async (first) => {
      const reads = vi.spyOn(local.dynamo, 'send');
      const keyrings = open();
      const opening = keyrings[first]();
      expect(reads).toHaveBeenCalledTimes(2);
      await opening;
      await Promise.all([keyrings.loadShared(), keyrings.loadCell()]);
      expect(reads).toHaveBeenCalledTimes(2);
      reads.mockRestore();
    },
  );

  it('of another cell do not open, though key and table were the same', async () => {
    const foreign = open({ cell: 'us' });
    await expect(foreign.loadCell()).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    await expect(foreign.loadShared()).resolves.toBeDefined();
  });

  it('say what was not provisioned, and do without what nobody asks for', async () => {
    const keyrings = open({ dataTable: local.table });
    await expect(keyrings.loadShared()).resolves.toBeDefined();
    await expect(keyrings.loadCell()).rejects.toThrow('the cell-keyring was not provisioned');
  });

  it('are asked for again after a failure', async () => {
    const send = vi.spyOn(local.dynamo, 'send');
    send.mockImplementationOnce(() => Promise.reject(new Error('busy')));
    const keyrings = open();
    await expect(keyrings.loadShared()).rejects.toThrow('busy');
    await expect(keyrings.loadShared()).resolves.toBeDefined();
    send.mockRestore();
  });
});
