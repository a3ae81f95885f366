/** Every key of a deployment in one hand. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { deriveKey } from '../../functions/adapters/crypto/hash.ts';
import {
  CELL_KEY_NAMES,
  type Keyring,
  SHARED_KEY_NAMES,
} from '../../functions/adapters/crypto/keyring.ts';
import { createKeyrings, type Keyrings } from '../../functions/adapters/crypto/keyring-loader.ts';
import { deriveReferenceKey } from '../../functions/adapters/crypto/reference-cipher.ts';
import {
  decodeDataKey,
  type Item,
  openLabelKeys,
} from '../../functions/adapters/dynamodb/account-items.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { SealPurpose } from '../../functions/core/ports/sealer.ts';
import type { StoredItem, TestCloud } from './cloud.ts';

export interface SecretKey {
  /** `cell-sealing of eu for session-cookie`, `data key of …`. */
  readonly name: string;
  /** 256 bits. */
  readonly key: Uint8Array;
  /** X25519's public half: then `key` is the private one, which labels of sessions are opened with. */
  readonly publicKey?: string;
}

/** All that there are, so that a new one is not forgotten here. */
const PURPOSES: Readonly<Record<SealPurpose, true>> = {
  'authorization-request': true,
  'hand-over': true,
  form: true,
  'session-cookie': true,
  'device-cookie': true,
  challenge: true,
  'challenge-link': true,
  grant: true,
  flow: true,
  'settled-home': true,
  'typed-address': true,
  'keep-account': true,
  acknowledgement: true,
  cursor: true,
};

interface Collecting {
  /** What apps and browsers alone have: references of pushed requests, ids of challenges. */
  readonly references?: ReadonlyArray<string>;
  readonly challenges?: ReadonlyArray<string>;
  /** Where each cell's keyrings come from: they are opened anew without it. */
  readonly keyrings?: KeyringsOfCells;
}

/** The keyrings of a cell. */
export type KeyringsOfCells = (cell: string) => Keyrings;

/**
 * Both keyrings of all cells with what is derived of them, all symmetric keys of KMS, all data keys;
 * and what is opened by what apps and browsers alone have.
 */
export async function collectKeys(
  cloud: TestCloud,
  {
    references = [],
    challenges = [],
    keyrings = (cell) => keyringsOf(cloud, cell),
  }: Collecting = {},
): Promise<ReadonlyArray<SecretKey>> {
  const perCell = await Promise.all(
    Object.keys(cloud.regions).map(async (cell) => {
      const { loadShared, loadCell } = keyrings(cell);
      const [shared, own] = await Promise.all([loadShared(), loadCell()]);
      return [
        ...keysOf(shared, SHARED_KEY_NAMES, 'all'),
        ...keysOf(own, CELL_KEY_NAMES, cell),
        ...(await personalKeys(cloud, cell, own)),
        ...kmsKeys(cloud, cell),
      ];
    }),
  );
  const pushed = references.map((reference) => ({
    name: 'reference of a pushed request',
    key: deriveReferenceKey(reference, 'pushed-request'),
  }));
  const opened = challenges.map((challengeId) => ({
    name: 'id of a challenge',
    key: deriveReferenceKey(challengeId, 'challenge'),
  }));
  const distinct = [...perCell.flat(), ...pushed, ...opened].map(
    (one) => [Buffer.from(one.key).toString('hex'), one] as const,
  );
  return [...new Map(distinct).values()];
}

function keysOf<Name extends string>(
  ring: Keyring<Name>,
  names: ReadonlyArray<Name>,
  whose: string,
): ReadonlyArray<SecretKey> {
  const versions = Array.from({ length: ring.version }, (_, index) => index + 1).filter(ring.has);
  return versions.flatMap((version) =>
    names.flatMap((name) => {
      const key = ring.key(name, version);
      const derived = Object.keys(PURPOSES).map((purpose) => ({
        name: `${name} of ${whose} for ${purpose}`,
        key: deriveKey(key, `seal:${purpose}`),
      }));
      return [{ name: `${name} of ${whose}`, key }, ...derived];
    }),
  );
}

async function personalKeys(
  cloud: TestCloud,
  cell: string,
  ring: Keyring<'data-key-wrapping'>,
): Promise<ReadonlyArray<SecretKey>> {
  const [keys, data] = await Promise.all([cloud.items('keys', cell), cloud.items('data', cell)]);
  return keysOfPeople(ring, { keys, data }, `somebody in ${cell}`);
}

/** The data keys of a key table, and what they open of a data table's accounts: label keys. */
export function keysOfPeople(
  ring: Keyring<'data-key-wrapping'>,
  { keys, data }: { readonly [Table in 'keys' | 'data']: ReadonlyArray<StoredItem> },
  whose: string,
): ReadonlyArray<SecretKey> {
  return keys
    .filter(({ sk }) => sk === 'KEY')
    .flatMap(({ pk, wrapped, ...rest }) => {
      // Beside people's, those of erasures under way, whose owner is the request.
      const sub = String(pk).replace(/^USER#/, '') as Sub;
      const item = marshall({ ...rest, wrapped: Buffer.from(String(wrapped), 'base64') });
      const key = decodeDataKey(ring, sub, item);
      const accounts = data.filter((one) => one['pk'] === pk && one['sk'] === 'ACCOUNT');
      const labelKeys = accounts.flatMap((account) => {
        const halves = openLabelKeys(sub, labelItemOf(account), key);
        if (halves === undefined) return [];
        const { publicKey, privateKey } = halves;
        return [
          { name: `label key of ${whose}`, key: Buffer.from(privateKey, 'base64url'), publicKey },
        ];
      });
      return [{ name: `data key of ${whose}`, key }, ...labelKeys];
    });
}

/** Binary attributes are shown as base64. */
function labelItemOf(account: StoredItem): Item {
  const { public: publicKey, private: sealed } = (account['labelKey'] ?? {}) as Record<
    string,
    unknown
  >;
  return marshall({
    labelKey: { public: publicKey, private: Buffer.from(String(sealed), 'base64') },
  });
}

function kmsKeys(cloud: TestCloud, cell: string): ReadonlyArray<SecretKey> {
  const { vault } = cloud.cloud.infrastructure;
  return vault
    .inRegion(cloud.regions[cell] ?? '')
    .list()
    .filter(({ material }) => material.type === 'secret')
    .map(({ keyId, material }) => ({ name: `KMS key ${keyId}`, key: material.export() }));
}

/** As the administrator of that region opens them. */
export function keyringsOf(cloud: TestCloud, cell: string): Keyrings {
  const { endpoint, accessKeyId, secretAccessKey } = cloud.cloud.seed().aws;
  const region = cloud.regions[cell];
  if (region === undefined) throw new Error(`there is no cell ${cell}`);
  const client = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  return createKeyrings({
    ...{ dynamo: new DynamoDBClient(client), kms: new KMSClient(client), cell },
    ...{ directoryTable: 'domicile-directory', dataTable: `domicile-data-${cell}` },
  });
}
