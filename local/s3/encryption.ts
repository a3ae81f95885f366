import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { authorizationsOf } from '../kms/authorizations.ts';
import { decrypt, generateDataKey } from '../kms/encryption.ts';
import type { KeyStore } from '../kms/keys.ts';
import { type AuthorizationQuery, AwsError } from '../types.ts';
import type { BucketDefinition } from './bucket-definition.ts';
import type { Blob, Encryption } from './object-version.ts';
import type { ObjectStorage } from './storage.ts';

type Query = Omit<AuthorizationQuery, 'principal' | 'region'>;

const CIPHER = 'aes-256-ctr';
const BLOCK_BYTES = 16;
const SSE_KMS = 'aws:kms';

/** How an object is to be encrypted, before it has a data key. */
export interface WantedEncryption {
  readonly algorithm: 'AES256' | 'aws:kms';
  readonly keyId: string;
  readonly isBucketKey: boolean;
}

/** The request's own words before the bucket's. Throws NotImplemented, InvalidArgument. */
export function wantedEncryption(
  headers: Readonly<Record<string, string>>,
  { encryption: byDefault }: BucketDefinition,
): WantedEncryption {
  const algorithm = headers['x-amz-server-side-encryption'] ?? byDefault.algorithm;
  if (algorithm !== 'AES256' && algorithm !== SSE_KMS) {
    throw new AwsError('NotImplemented', `the local cloud knows no encryption ${algorithm}`, 501);
  }
  const keyId = headers['x-amz-server-side-encryption-aws-kms-key-id'] ?? byDefault.keyId ?? '';
  if (algorithm === SSE_KMS && keyId === '') {
    throw new AwsError('NotImplemented', "the local cloud has no AWS managed key 'aws/s3'", 501);
  }
  const bucketKey = headers['x-amz-server-side-encryption-bucket-key-enabled'];
  const isBucketKey = bucketKey === undefined ? byDefault.isBucketKey : bucketKey === 'true';
  return { algorithm, keyId, isBucketKey };
}

/** S3 User Guide, "encryption context": the bucket's ARN with a bucket key, the object's without. */
function contextOf(bucketArn: string, key: string, isBucketKey: boolean): Record<string, string> {
  return { 'aws:s3:arn': isBucketKey ? bucketArn : `${bucketArn}/${key}` };
}

/** What KMS asks of the caller when S3 calls it in the caller's name. */
export function kmsQueries(
  keys: KeyStore,
  operation: 'GenerateDataKey' | 'Decrypt',
  { bucketArn, key }: { readonly bucketArn: string; readonly key: string },
  encryption: WantedEncryption | Encryption,
): ReadonlyArray<Query> {
  if (encryption.algorithm !== SSE_KMS) return [];
  const KeyId = 'keyArn' in encryption ? encryption.keyArn : encryption.keyId;
  const EncryptionContext = contextOf(bucketArn, key, encryption.isBucketKey);
  return authorizationsOf(keys, operation, { KeyId, EncryptionContext }).map((query) => ({
    ...query,
    context: { ...query.context, 'kms:ViaService': [`s3.${keys.region}.amazonaws.com`] },
  }));
}

const DataKeySchema = z.object({ CiphertextBlob: z.string(), KeyId: z.string() });

/** A data key for one object or upload. Throws `KMS.…` as S3 hands on what KMS said. */
export function beginEncryption(
  keys: KeyStore,
  place: { readonly bucketArn: string; readonly key: string },
  { algorithm, keyId, isBucketKey }: WantedEncryption,
): Encryption {
  if (algorithm !== SSE_KMS) return { algorithm };
  const EncryptionContext = contextOf(place.bucketArn, place.key, isBucketKey);
  const made = viaKms(() =>
    generateDataKey(keys, { KeyId: keyId, EncryptionContext, KeySpec: 'AES_256' }),
  );
  const { CiphertextBlob, KeyId } = DataKeySchema.parse(made);
  return { algorithm, keyArn: KeyId, isBucketKey, wrappedKey: CiphertextBlob };
}

/** Reads and writes the bytes of one object. */
export interface Sealing {
  seal(id: string, bytes: Uint8Array): Promise<Blob>;
  /** Bytes of the blobs taken together, from `start` up to but not including `end`. */
  open(blobs: ReadonlyArray<Blob>, start: number, end: number): AsyncIterable<Uint8Array>;
}

/** Throws `KMS.…` when the key that the object's data key is under can no longer be used. */
export function openSealing(
  keys: KeyStore,
  storage: ObjectStorage,
  place: { readonly bucketArn: string; readonly key: string },
  encryption: Encryption,
): Sealing {
  const dataKey = unwrap(keys, place, encryption);
  return {
    seal: async (id, bytes) => {
      if (dataKey === undefined) {
        await storage.writeBlob(id, bytes);
        return { id, size: bytes.length, nonce: undefined };
      }
      const nonce = randomBytes(BLOCK_BYTES);
      const cipher = createCipheriv(CIPHER, dataKey, nonce);
      await storage.writeBlob(id, Buffer.concat([cipher.update(bytes), cipher.final()]));
      return { id, size: bytes.length, nonce: nonce.toString('base64') };
    },
    open: (blobs, start, end) => openRange(storage, dataKey, blobs, start, end),
  };
}

function unwrap(
  keys: KeyStore,
  { bucketArn, key }: { readonly bucketArn: string; readonly key: string },
  encryption: Encryption,
): Buffer | undefined {
  if (encryption.algorithm !== SSE_KMS) return undefined;
  const { wrappedKey: CiphertextBlob, isBucketKey } = encryption;
  const EncryptionContext = contextOf(bucketArn, key, isBucketKey);
  const { Plaintext } = viaKms(() => decrypt(keys, { CiphertextBlob, EncryptionContext }));
  return Buffer.from(Plaintext, 'base64');
}

async function* openRange(
  storage: ObjectStorage,
  dataKey: Buffer | undefined,
  blobs: ReadonlyArray<Blob>,
  start: number,
  end: number,
): AsyncIterable<Uint8Array> {
  let before = 0;
  for (const blob of blobs) {
    const from = Math.max(0, start - before);
    const to = Math.min(blob.size, end - before);
    before += blob.size;
    if (from >= to) continue;
    yield* blob.nonce === undefined || dataKey === undefined
      ? storage.readBlob(blob.id, from, to)
      : openSealed(storage, dataKey, Buffer.from(blob.nonce, 'base64'), blob.id, from, to);
  }
}

/** Counter mode opens at any block, so that a range costs no more than its own bytes. */
async function* openSealed(
  storage: ObjectStorage,
  dataKey: Buffer,
  nonce: Buffer,
  id: string,
  from: number,
  to: number,
): AsyncIterable<Uint8Array> {
  const block = Math.floor(from / BLOCK_BYTES);
  const decipher = createDecipheriv(CIPHER, dataKey, addBlocks(nonce, block));
  let surplus = from - block * BLOCK_BYTES;
  for await (const bytes of storage.readBlob(id, block * BLOCK_BYTES, to)) {
    const opened = decipher.update(bytes);
    yield opened.subarray(surplus);
    surplus = Math.max(0, surplus - opened.length);
  }
}

function addBlocks(nonce: Buffer, blocks: number): Buffer {
  const sum = BigInt.asUintN(128, BigInt(`0x${nonce.toString('hex')}`) + BigInt(blocks));
  return Buffer.from(sum.toString(16).padStart(2 * BLOCK_BYTES, '0'), 'hex');
}

/** KMS's refusals under S3's names: `KMS.DisabledException`, `KMS.NotFoundException`. */
function viaKms<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new AwsError(`KMS.${cause.code}`, cause.message);
  }
}
