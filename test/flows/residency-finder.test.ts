/** Shows that what residency.test.ts does not find elsewhere would have been found there. */
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sealLabel } from '../../functions/adapters/crypto/label-keys.ts';
import { encryptAttribute } from '../../functions/adapters/crypto/person-cipher.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import type { LabelKey, SessionId, Sub } from '../../functions/core/ids.ts';
import type { SealPurpose } from '../../functions/core/ports/sealer.ts';
import { OPERATOR } from '../../local/infrastructure.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { MarkerFinder } from '../harness/markers.ts';
import { collectKeys, keyringsOf } from '../harness/markers-keys.ts';
import { readStores } from '../harness/markers-stores.ts';
import { newMarked, newPopulation } from './residency-people.ts';
import { createResident } from './residents.ts';

const population = newPopulation('eu');
const { mark } = population;
const ABROAD = 'us';
let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', ABROAD] });
  await createResident(cloud, 'eu', newMarked(population));
});
afterAll(() => cloud?.close());

/** Puts something into a table of the other cell; tells where and how it is found then. */
async function plant(planted: string | Uint8Array, table = `domicile-data-${ABROAD}`) {
  const region = cloud.regions[ABROAD] ?? '';
  const value =
    typeof planted === 'string' ? { S: planted } : { B: Buffer.from(planted).toString('base64') };
  const key = { pk: { S: 'PLANTED' }, sk: { S: 'PLANTED' } };
  const dynamodb = cloud.cloud.infrastructure.regions.get(region)?.dynamodb;
  const ask = (operation: string, input: Readonly<Record<string, unknown>>) =>
    dynamodb?.handle({
      ...{ service: 'dynamodb', region, principal: OPERATOR, headers: {}, operation },
      input: { TableName: table, ...input },
    });
  await ask('PutItem', { Item: { ...key, inside: { M: { value } } } });
  const finder = new MarkerFinder([population.marker], await collectKeys(cloud));
  const stores = await readStores(cloud);
  await ask('DeleteItem', { Key: key });
  const there = stores.filter((text) => text.region === region && text.store === table);
  return finder.findAll(there).map(({ by }) => by);
}

it('nothing was found there before', async () => {
  expect(await plant('nothing')).toEqual([]);
});

it.each([
  ['clear', mark],
  ['in capitals', mark.toUpperCase()],
  ['in hexadecimal', Buffer.from(mark).toString('hex')],
  ['percent-encoded', Buffer.from(mark).toString('hex').replace(/../g, '%$&')],
  ['in base64', Buffer.from(`{"a":"${mark}"}`).toString('base64')],
  ['in base64, a byte on', Buffer.from(`{"ab":"${mark}"}`).toString('base64')],
  ['in base64url, two bytes on', Buffer.from(`??>~~${mark}~~~`).toString('base64url')],
  ['in UTF-16', Buffer.from(`x${mark}`, 'utf16le').toString('base64')],
  ['as bytes', Buffer.from(mark)],
])('a marker is found %s', async (_, planted) => {
  expect(await plant(planted)).toEqual(['clear']);
});

it.each(['domicile-directory', `domicile-keys-${ABROAD}`])(
  'a marker is found in %s',
  async (table) => {
    expect(await plant(mark, table)).toEqual(['clear']);
  },
);

it.each<[string, SealPurpose, string]>([
  ['by the cell that it is in', 'challenge', ABROAD],
  ['by its home', 'flow', 'eu'],
  ['for all cells', 'hand-over', ABROAD],
])('what was sealed %s is opened', async (_, purpose, cell) => {
  const sealer = createSealer(keyringsOf(cloud, cell));
  const sealed = await sealer.seal(purpose, { email: `ada.${mark}@example.com` });
  const whose = purpose === 'hand-over' ? 'sealing of all' : `cell-sealing of ${cell}`;
  expect(await plant(`${cell}.${sealed}`)).toEqual([`${whose} for ${purpose}`]);
});

it('what was sealed is opened behind what was sealed', async () => {
  const inner = await createSealer(keyringsOf(cloud, 'eu')).seal('typed-address', mark);
  const outer = await createSealer(keyringsOf(cloud, ABROAD)).seal('form', { inner });
  const found = await plant(outer);
  expect(found).toEqual([
    `cell-sealing of ${ABROAD} for form, cell-sealing of eu for typed-address`,
  ]);
});

it('what is under a person’s data key is opened, whatever it was bound to', async () => {
  const keys = await collectKeys(cloud);
  const own = keys.find(({ name }) => name === 'data key of somebody in eu');
  if (own === undefined) throw new Error('nobody has a data key');
  const binding = { sub: 'somebody-else' as Sub, name: 'anything', version: 7 };
  const ciphertext = encryptAttribute(own.key, binding, `ada.${mark}@example.com`);
  const expected = ['data key of somebody in eu'];
  expect(await plant(ciphertext)).toEqual(expected);
  expect(await plant(Buffer.from(ciphertext).toString('hex'))).toEqual(expected);
});

it('what a person alone can open is opened, whatever it was bound to', async () => {
  const keys = await collectKeys(cloud);
  const own = keys.find(({ name }) => name === 'label key of somebody in eu');
  const publicKey = String(own?.publicKey) as LabelKey;
  const binding = { sub: 'somebody-else' as Sub, sessionId: 'any' as SessionId };
  const sealed = await sealLabel(publicKey, binding, `Chrome on ${mark}`);
  expect(await plant(sealed)).toEqual(['label key of somebody in eu']);
});

it.each(['eu', ABROAD])('what a KMS key of %s has encrypted is opened', async (cell) => {
  const { endpoint, accessKeyId, secretAccessKey } = cloud.cloud.seed().aws;
  const credentials = { accessKeyId, secretAccessKey };
  const region = cloud.regions[cell] ?? '';
  const kms = new KMSClient({ endpoint, region, credentials });
  const [key] = cloud.cloud.infrastructure.vault
    .inRegion(region)
    .list()
    .filter(({ usage }) => usage === 'ENCRYPT_DECRYPT');
  const { CiphertextBlob: ciphertext } = await kms.send(
    new EncryptCommand({
      KeyId: key?.keyId,
      Plaintext: Buffer.from(`the address is ada.${mark}@example.com`),
      EncryptionContext: { why: 'nobody will ask' },
    }),
  );
  kms.destroy();
  expect(await plant(ciphertext ?? '')).toEqual([`KMS key ${key?.keyId}`]);
});
