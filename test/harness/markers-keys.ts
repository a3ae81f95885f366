/** Every key of a deployment in one hand, and what can be opened with it. */
import { createDecipheriv } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { deriveKey } from '../../functions/adapters/crypto/hash.ts';
import {
  CELL_KEY_NAMES,
  type Keyring,
  SHARED_KEY_NAMES,
} from '../../functions/adapters/crypto/keyring.ts';
import { createKeyrings } from '../../functions/adapters/crypto/keyring-loader.ts';
import { deriveReferenceKey } from '../../functions/adapters/crypto/reference-cipher.ts';
import { decodeDataKey } from '../../functions/adapters/dynamodb/account-items.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { SealPurpose } from '../../functions/core/ports/sealer.ts';
import type { TestCloud } from './cloud.ts';

export interface SecretKey {
  /** `cell-sealing of eu for session-cookie`, `data key of …`. */
  readonly name: string;
  /** 256 bits. */
  readonly key: Uint8Array;
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
  'user-agent': true,
  'settled-home': true,
  'typed-address': true,
  'keep-account': true,
  acknowledgement: true,
  cursor: true,
};

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** A marker at least. */
const SMALLEST_BODY = 8;

/** What apps and browsers alone have: references of pushed requests, ids of challenges. */
interface HeldOutside {
  readonly references?: ReadonlyArray<string>;
  readonly challenges?: ReadonlyArray<string>;
}

/**
 * Both keyrings of all cells with what is derived of them, all symmetric keys of KMS, all data keys;
 * and what is opened by what apps and browsers alone have.
 */
export async function collectKeys(
  cloud: TestCloud,
  { references = [], challenges = [] }: HeldOutside = {},
): Promise<ReadonlyArray<SecretKey>> {
  const perCell = await Promise.all(
    Object.keys(cloud.regions).map(async (cell) => {
      const { loadShared, loadCell } = keyringsOf(cloud, cell);
      const [shared, own] = await Promise.all([loadShared(), loadCell()]);
      return [
        ...keysOf(shared, SHARED_KEY_NAMES, 'all'),
        ...keysOf(own, CELL_KEY_NAMES, cell),
        ...(await dataKeys(cloud, cell, own)),
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

async function dataKeys(
  cloud: TestCloud,
  cell: string,
  ring: Keyring<'data-key-wrapping'>,
): Promise<ReadonlyArray<SecretKey>> {
  const items = await cloud.items('keys', cell);
  const keys = items.filter(({ sk }) => sk === 'KEY');
  return keys.map(({ pk, wrapped, ...rest }) => {
    // Beside people's, those of erasures under way, whose owner is the request.
    const sub = String(pk).replace(/^USER#/, '') as Sub;
    const item = marshall({ ...rest, wrapped: Buffer.from(String(wrapped), 'base64') });
    return { name: `data key of somebody in ${cell}`, key: decodeDataKey(ring, sub, item) };
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
export function keyringsOf(cloud: TestCloud, cell: string) {
  const { endpoint, accessKeyId, secretAccessKey } = cloud.cloud.seed().aws;
  const region = cloud.regions[cell];
  if (region === undefined) throw new Error(`there is no cell ${cell}`);
  const client = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  return createKeyrings({
    ...{ dynamo: new DynamoDBClient(client), kms: new KMSClient(client), cell },
    ...{ directoryTable: 'domicile-directory', dataTable: `domicile-data-${cell}` },
  });
}

/** `<iv>.<ciphertext>.<tag>` at the end of a compact JWE; runs of base64 and hexadecimal otherwise. */
const JWE = /[\w-]{16}\.[\w-]{11,}\.[\w-]{22}(?![\w-])/g;
const RUN = /[A-Za-z0-9+/_-]{48,}={0,2}/g;

/** What in a text may be ciphertext. */
export function findBlobs(text: string): ReadonlyArray<string> {
  return [...new Set([...(text.match(JWE) ?? []), ...(text.match(RUN) ?? [])])];
}

export interface Opened {
  /** Its name. */
  readonly key: string;
  readonly plaintext: Buffer;
}

/**
 * AES-GCM's plaintext under every key, as all formats of ours lay it out. Tags are not checked, so
 * that associated data need not be known: under a wrong key it is noise.
 */
export function openedBy(keys: ReadonlyArray<SecretKey>, blob: string): ReadonlyArray<Opened> {
  const layouts = layoutsOf(blob);
  return keys.flatMap(({ name, key }) =>
    layouts.map(({ iv, body }) => ({
      key: name,
      plaintext: createDecipheriv('aes-256-gcm', key, iv).update(body),
    })),
  );
}

interface Layout {
  readonly iv: Buffer;
  readonly body: Buffer;
}

function layoutsOf(blob: string): ReadonlyArray<Layout> {
  const [iv, body, tag] = blob.split('.');
  if (iv !== undefined && body !== undefined && tag !== undefined) {
    return [{ iv: Buffer.from(iv, 'base64url'), body: Buffer.from(body, 'base64url') }];
  }
  const spellings = [Buffer.from(blob, 'base64')];
  if (/^([0-9a-f]{2})+$/i.test(blob)) spellings.push(Buffer.from(blob, 'hex'));
  return spellings.flatMap(layoutsOfBytes);
}

/** IV, ciphertext, tag; and as KMS has it: version, key id, IV, tag, ciphertext. */
function layoutsOfBytes(bytes: Buffer): ReadonlyArray<Layout> {
  const own = {
    iv: bytes.subarray(0, IV_BYTES),
    body: bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES),
  };
  const head = 2 + (bytes[1] ?? 0);
  const kms = {
    iv: bytes.subarray(head, head + IV_BYTES),
    body: bytes.subarray(head + IV_BYTES + TAG_BYTES),
  };
  const isKms = bytes[0] === 1;
  return [own, ...(isKms ? [kms] : [])].filter(({ body }) => body.length >= SMALLEST_BODY);
}
