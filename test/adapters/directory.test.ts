import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { newLabelKeyPair } from '../../functions/adapters/crypto/label-keys.ts';
import { accountKey } from '../../functions/adapters/dynamodb/account-items.ts';
import { createDirectory } from '../../functions/adapters/dynamodb/directory.ts';
import { identifierKey, putPointer } from '../../functions/adapters/dynamodb/identifier-items.ts';
import { UnavailableError } from '../../functions/core/errors.ts';
import type { HashedIdentifier, Sub } from '../../functions/core/ids.ts';
import type { Directory } from '../../functions/core/ports/directory.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import {
  type LocalDynamo,
  newSharedKeyring,
  rotatedKeyrings,
  startLocalDynamo,
} from './local-dynamo.ts';

const LATER = addSeconds(NOW, 900);
const keyring = newSharedKeyring();

let home: LocalDynamo;
let primary: LocalDynamo;
/** Nobody listens there. */
const away = new DynamoDBClient({
  region: 'eu-central-1',
  endpoint: 'http://127.0.0.1:9',
  credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  maxAttempts: 1,
});
let address: HashedIdentifier;
let ada: Sub;
let bob: Sub;

beforeAll(async () => {
  [home, primary] = await Promise.all([startLocalDynamo(), startLocalDynamo()]);
});
afterAll(() => Promise.all([home.close(), primary.close()]));
beforeEach(async () => {
  address = await directoryOf('us').hash('email', `${randomToken()}@example.com`);
  ada = randomToken() as Sub;
  bob = randomToken() as Sub;
});

/** The key table stands for the directory: the home's is a replica that is always behind. */
function directoryOf(cell: string, claims = primary.dynamo, loadKeyring = async () => keyring) {
  return createDirectory({
    dynamo: home.dynamo,
    directoryTable: home.keyTable,
    dataTable: home.table,
    cell,
    loadKeyring,
    primary: { forLookups: claims, forClaims: claims },
  });
}

async function putAccount(sub: Sub): Promise<void> {
  const Item = accountKey(sub);
  await home.dynamo.send(new PutItemCommand({ TableName: home.table, Item }));
}

async function lapsed(directory: Directory) {
  const claiming = await directory.claim({ identifier: address, sub: bob, now: LATER });
  if (claiming.outcome !== 'lapsed') throw new Error(claiming.outcome);
  return claiming.claim;
}

describe('a claim', () => {
  it('is made once, however many want it at once', async () => {
    const subs = Array.from({ length: 20 }, () => randomToken() as Sub);
    const claims = await Promise.all(
      subs.map((sub, index) =>
        directoryOf(index % 2 === 0 ? 'us' : 'ap').claim({ identifier: address, sub, now: NOW }),
      ),
    );
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ outcome }) => outcome === 'held')).toHaveLength(19);
  });

  it('may be repeated by whoever made it, before and after it was confirmed', async () => {
    const directory = directoryOf('us');
    const claim = { identifier: address, sub: ada, now: NOW };
    expect(await directory.claim(claim)).toEqual({ outcome: 'claimed' });
    expect(await directory.claim(claim)).toEqual({ outcome: 'claimed' });
    await directory.confirm(address.current, ada);
    expect(await directory.claim(claim)).toEqual({ outcome: 'claimed' });
    expect(await directory.findHome(address)).toEqual({ sub: ada, cell: 'us', isPending: false });
  });

  it('keeps others away for 15 minutes, then asks for its home', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    const early = { identifier: address, sub: bob, now: addSeconds(NOW, 899) };
    expect(await directory.claim(early)).toEqual({ outcome: 'held' });
    expect(await lapsed(directory)).toEqual({
      ...{ identifier: address.current, sub: ada, cell: 'us', pendingUntil: LATER },
    });
  });

  it('keeps others away for good once it is confirmed', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    await directory.confirm(address.current, ada);
    const claim = { identifier: address, sub: bob, now: addSeconds(NOW, 1e6) };
    expect(await directory.claim(claim)).toEqual({ outcome: 'held' });
  });

  it('is not confirmed for somebody else', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    await directory.confirm(address.current, bob);
    expect(await directory.findHome(address)).toMatchObject({ isPending: true });
  });

  it('needs the primary region', async () => {
    const claim = { identifier: address, sub: ada, now: NOW };
    await expect(directoryOf('us', away).claim(claim)).rejects.toThrow(UnavailableError);
  });
});

describe('a claim whose time is up', () => {
  it('is given back when there is no account', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    await directory.settle(await lapsed(directory));
    expect(await directory.findHome(address)).toBeUndefined();
    const claim = { identifier: address, sub: bob, now: LATER };
    expect(await directory.claim(claim)).toEqual({ outcome: 'claimed' });
  });

  it('stands for good when there is one', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    await putAccount(ada);
    await directory.settle(await lapsed(directory));
    expect(await directory.findHome(address)).toEqual({ sub: ada, cell: 'us', isPending: false });
  });

  it('is left alone when its person has come back meanwhile', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    const seen = await lapsed(directory);
    await directory.claim({ identifier: address, sub: ada, now: LATER });
    await directory.settle(seen);
    expect(await directory.findHome(address)).toMatchObject({ sub: ada });
  });
});

describe('a look-up', () => {
  it('finds in the primary region what the replica does not know yet', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    expect(await directory.findHomeNearby(address)).toBeUndefined();
    expect((await directory.findHome(address))?.cell).toBe('us');
  });

  it('without the primary region is content with the replica, unless it must be certain', async () => {
    const { Item } = {
      Item: { ...identifierKey(address.current), sub: { S: ada }, cell: { S: 'ap' } },
    };
    await home.dynamo.send(new PutItemCommand({ TableName: home.keyTable, Item }));
    const directory = directoryOf('us', away);
    expect((await directory.findHome(address))?.cell).toBe('ap');
    await expect(directory.findHome(address, { strict: true })).rejects.toThrow(UnavailableError);
  });
});

describe('a resident', () => {
  const { publicKey: labelKey } = newLabelKeyPair();

  async function putResident(standing: 'pending' | 'confirmed'): Promise<void> {
    const pointing = { identifier: address, sub: ada, labelKey };
    const { Put: pointer } = putPointer(home.table, pointing, standing);
    await home.dynamo.send(new PutItemCommand({ TableName: home.table, Item: pointer?.Item }));
  }

  it('is found without the directory', async () => {
    await putResident('confirmed');
    expect(await directoryOf('us', away).findResident(address)).toEqual({ sub: ada, labelKey });
  });

  it('whose claim was never confirmed has it made good by looking', async () => {
    const directory = directoryOf('us');
    await directory.claim({ identifier: address, sub: ada, now: NOW });
    await putResident('pending');
    expect(await directory.findResident(address)).toEqual({ sub: ada, labelKey });
    expect(await directory.findHome(address)).toMatchObject({ isPending: false });
  });

  it('whose claim was never confirmed is found while the primary region is away', async () => {
    await putResident('pending');
    expect(await directoryOf('us', away).findResident(address)).toEqual({ sub: ada, labelKey });
  });
});

describe('after the pepper was changed', () => {
  const { before, after } = rotatedKeyrings().shared;
  let old: Directory;
  let now: Directory;

  beforeAll(() => {
    old = directoryOf('us', primary.dynamo, async () => before);
    now = directoryOf('us', primary.dynamo, async () => after);
  });

  it('an address is hashed with both, and each hash says with which', async () => {
    const hashed = await now.hash('email', 'ada@example.com');
    expect(hashed.current).toMatch(/^2\.[\w-]{43}$/);
    expect(hashed.earlier).toEqual([(await old.hash('email', 'ada@example.com')).current]);
  });

  it('who claimed before is found, and nobody else can claim', async () => {
    const email = `${randomToken()}@example.com`;
    await old.claim({ identifier: await old.hash('email', email), sub: ada, now: NOW });
    const identifier = await now.hash('email', email);
    expect(await now.findHome(identifier)).toMatchObject({ sub: ada });
    expect(await now.claim({ identifier, sub: bob, now: NOW })).toEqual({ outcome: 'held' });
    await old.confirm(identifier.earlier[0] ?? identifier.current, ada);
    expect(await now.claim({ identifier, sub: bob, now: LATER })).toEqual({ outcome: 'held' });
  });
});
