import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Rotation } from '../../core/key-rotation.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import type { Item } from './account-items.ts';

/** Partition of all signing keys and of the rotation that moves them: one query reads both. */
export const SIGNING_KEYS = 'SIGNING-KEYS';

/** No `kid`: those have 43 characters. */
const ROTATION = 'ROTATION';

export function signingKeyKey(kid: string): Item {
  return { pk: { S: SIGNING_KEYS }, sk: { S: kid } };
}

export const ROTATION_KEY: Item = { pk: { S: SIGNING_KEYS }, sk: { S: ROTATION } };

export function encodeSigningKey({ kid, algorithm, ...rest }: SigningKey): Item {
  return { ...signingKeyKey(kid), ...marshall({ v: 1, alg: algorithm, ...rest }) };
}

export function encodeRotation(rotation: Rotation): Item {
  return { ...ROTATION_KEY, ...marshall({ v: 1, ...rotation }) };
}

/** What provisioning and rotations wrote; nobody else writes to the partition. */
export function decodeSigningKeys(items: ReadonlyArray<Item>): ReadonlyArray<SigningKey> {
  return items.filter((item) => !isRotation(item)).map(decodeSigningKey);
}

export function findRotation(items: ReadonlyArray<Item>): Rotation | undefined {
  const item = items.find(isRotation);
  return item === undefined ? undefined : decodeRotation(item);
}

export function decodeRotation(item: Item): Rotation {
  const { pk: _pk, sk: _sk, v: _v, ...rotation } = unmarshall(item);
  return rotation as Rotation;
}

function decodeSigningKey(item: Item): SigningKey {
  const { pk: _pk, sk: kid, v: _v, act: _act, alg: algorithm, ...rest } = unmarshall(item);
  return { kid, algorithm, ...rest } as SigningKey;
}

function isRotation(item: Record<string, AttributeValue>): boolean {
  return item['sk']?.S === ROTATION;
}
