import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cellKeyringContext,
  createKeyrings,
  type Keyrings,
} from '../../functions/adapters/crypto/keyring-loader.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { decodeDataKey } from '../../functions/adapters/dynamodb/account-items.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { SealPurpose } from '../../functions/core/ports/sealer.ts';
import { toEpochSeconds } from '../../functions/core/time.ts';
import { plantResident, type Resident, requireUrl } from '../flows/residents.ts';
import { createAgent } from '../harness/agent.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';

/** A compact JWE, wherever in an item it stands. */
const SEALED = /eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+/g;

const PURPOSES: ReadonlyArray<SealPurpose> = [
  ...(['authorization-request', 'hand-over', 'form', 'session-cookie', 'device-cookie'] as const),
  ...(['challenge', 'challenge-link', 'grant', 'flow', 'typed-address'] as const),
];

/**
 * The worst that can be said of another cell: its administrators have read every table of ours, and
 * may do with their own keys what they like. They are at `us`, Ada is at `eu`.
 */
describe('whoever has the tables of a cell, and another cell’s keys,', () => {
  let cloud: TestCloud;
  let ada: Resident;
  let thief: { readonly keyrings: Keyrings; readonly kms: KMSClient };
  let ours: { readonly data: ReadonlyArray<StoredItem>; readonly keys: ReadonlyArray<StoredItem> };

  beforeAll(async () => {
    cloud = await startTestCloud({ cells: ['eu', 'us'] });
    ada = await plantResident(cloud, 'eu');
    // A challenge that is still open holds her address.
    const browser = createAgent(cloud);
    const recover = await browser.get(`${requireUrl(cloud, 'eu')}/recover?at=eu`);
    await browser.submit(recover, '/recover', { email: ada.person.email });
    thief = administratorOf(cloud, 'us');
    ours = { data: await cloud.items('data', 'eu'), keys: await cloud.items('keys', 'eu') };
  });
  afterAll(() => cloud?.close());

  it('opens the shared keyring and that of their own cell, and not the one of this cell', async () => {
    const [shared, own] = await Promise.all([
      thief.keyrings.loadShared(),
      thief.keyrings.loadCell(),
    ]);
    expect([shared.version, own.version]).toEqual([1, 1]);
    const item = ours.data.find(({ pk }) => pk === 'CELL-KEYRING');
    const { wrapped } = marshall(item ?? {});
    const decrypted = thief.kms.send(
      new DecryptCommand({
        CiphertextBlob: wrapped?.B ?? new Uint8Array(),
        EncryptionContext: { ...cellKeyringContext('eu') },
      }),
    );
    await expect(decrypted).rejects.toThrow();
  });

  it('unwraps nobody’s data key, so that no attribute opens', async () => {
    const own = await thief.keyrings.loadCell();
    expect(ours.keys.length).toBeGreaterThan(0);
    for (const item of ours.keys) {
      const sub = String(item['pk']).slice('USER#'.length) as Sub;
      expect(() => decodeDataKey(own, sub, marshall(item))).toThrow();
    }
  });

  it('opens nothing that is sealed, for whatever purpose it may have been', async () => {
    const cookies = [...ada.agent.cookies.values()].join(' ');
    const sealed = `${JSON.stringify(ours.data)} ${cookies}`.match(SEALED) ?? [];
    const { keyrings: home } = administratorOf(cloud, 'eu');
    // A challenge, the label of a session, the session's cookie: at home each opens for something.
    expect(await openedBy(home, sealed)).toBe(sealed.length);
    expect(sealed.length).toBeGreaterThanOrEqual(3);
    expect(await openedBy(thief.keyrings, sealed)).toBe(0);
  });

  it('finds her address in no table, nor in the shared directory', async () => {
    const directory = await cloud.items('directory', 'us');
    const all = JSON.stringify([ours, directory]).toLowerCase();
    expect(all).not.toContain(ada.person.email.toLowerCase());
  });
});

describe('a session of one cell', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud({ cells: ['eu', 'us'] });
  });
  afterAll(() => cloud?.close());

  it('is nothing at another, under whatever name its cookie is sent', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    const cookie = agent.cookies.get('session-eu');
    if (cookie === undefined) throw new Error('no session cookie');
    for (const name of ['session', 'session-us', 'session-eu']) {
      const elsewhere = createAgent(cloud);
      elsewhere.cookies.set(name, cookie);
      const answer = await elsewhere.get(`${requireUrl(cloud, 'us')}/account`);
      expect([name, new URL(answer.url).pathname]).toEqual([name, '/sign-in']);
    }
  });
});

/** How many open, for whatever purpose. */
async function openedBy(keyrings: Keyrings, sealed: ReadonlyArray<string>): Promise<number> {
  const sealer = createSealer(keyrings);
  // Long ago, so that nothing has expired.
  const now = toEpochSeconds(0);
  const contents = await Promise.all(
    sealed.map((value) => Promise.all(PURPOSES.map((purpose) => sealer.open(purpose, value, now)))),
  );
  return contents.filter((opened) => opened.some((content) => content !== undefined)).length;
}

function administratorOf(cloud: TestCloud, cell: string) {
  const { endpoint, accessKeyId, secretAccessKey } = cloud.cloud.seed().aws;
  const region = cloud.regions[cell];
  if (region === undefined) throw new Error(`there is no cell ${cell}`);
  const client = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const kms = new KMSClient(client);
  const keyrings = createKeyrings({
    ...{ dynamo: new DynamoDBClient(client), kms, cell },
    ...{ directoryTable: 'domicile-directory', dataTable: `domicile-data-${cell}` },
  });
  return { keyrings, kms };
}
