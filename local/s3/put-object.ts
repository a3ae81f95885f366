import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { AwsError, type AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import { beginEncryption, wantedEncryption } from './encryption.ts';
import type { Blob, Encryption, ObjectDescription, Retention } from './object-version.ts';
import { type Payload, readPayload } from './payload.ts';
import { requireWritable } from './preconditions.ts';
import type { S3Request } from './request.ts';
import { beginRetention, parseRetention } from './retention.ts';

const KEY_BYTES = 1024;
const METADATA_BYTES = 2048;
const METADATA = 'x-amz-meta-';
const KEPT_HEADERS = [
  'content-type',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
];
const DEFAULT_TYPE = 'binary/octet-stream';

/** `PutObject`. */
export async function putObject(bucket: Bucket, request: S3Request): Promise<AwsResponse> {
  const { key } = request;
  const payload = readPayload(request);
  const description = describeObject(bucket, request);
  requireVouched(description.retention, payload);
  const { blob, etag } = await writeBytes(bucket, key, description.encryption, payload.bytes);
  try {
    // Nothing is awaited between this and the object's place: one of two such writes wins.
    requireWritable(request, bucket.find(key, undefined));
  } catch (error) {
    await bucket.removeBlobs([blob]);
    throw error;
  }
  const { checksum } = payload;
  const object = await bucket.addObject({
    ...description,
    kind: 'object',
    key,
    size: blob.size,
    etag,
    checksum,
    blobs: [blob],
  });
  return {
    status: 200,
    headers: {
      etag: `"${etag}"`,
      ...encryptionHeaders(object.encryption),
      ...versionHeaders(bucket, object.versionId),
      ...(checksum && { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }),
    },
    body: '',
  };
}

/** The bytes of a whole object, or of one part. */
export async function writeBytes(
  bucket: Bucket,
  key: string,
  encryption: Encryption,
  bytes: Uint8Array,
): Promise<{ readonly blob: Blob; readonly etag: string }> {
  const blob = await bucket.sealing(key, encryption).seal(randomUUID(), bytes);
  // Under KMS an ETag is no digest of the bytes; nobody must come to rely on one.
  const isDigest = encryption.algorithm === 'AES256';
  const etag = isDigest
    ? createHash('md5').update(bytes).digest('hex')
    : randomBytes(16).toString('hex');
  return { blob, etag };
}

/** What the request says of the object that it begins. Throws AwsError. */
export function describeObject(bucket: Bucket, { key, headers }: S3Request): ObjectDescription {
  if (Buffer.byteLength(key) > KEY_BYTES) {
    throw new AwsError('KeyTooLongError', 'Your key is too long');
  }
  const { definition, keys } = bucket;
  const wanted = wantedEncryption(headers, definition);
  return {
    headers: keptHeaders(headers),
    metadata: metadataIn(headers),
    retention: retentionOf(bucket, headers),
    encryption: beginEncryption(keys, { bucketArn: definition.arn, key }, wanted),
  };
}

function keptHeaders(headers: S3Request['headers']): Readonly<Record<string, string>> {
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers[name] ?? (name === 'content-type' ? DEFAULT_TYPE : undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  // How the body was sent is no property of the object.
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'aws-chunked');
  return {
    ...Object.fromEntries(kept),
    ...(encoding.length > 0 && { 'content-encoding': encoding.join(',') }),
  };
}

function metadataIn(headers: S3Request['headers']): Readonly<Record<string, string>> {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  const metadata = own.map(([name, value]) => [name.slice(METADATA.length), value] as const);
  const size = metadata.reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size <= METADATA_BYTES) return Object.fromEntries(metadata);
  const message = 'Your metadata headers exceed the maximum allowed metadata size';
  throw new AwsError('MetadataTooLarge', message);
}

function retentionOf(bucket: Bucket, headers: S3Request['headers']): Retention | undefined {
  const { definition } = bucket;
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  if (mode === undefined && until === undefined) {
    return beginRetention(definition.defaultRetention, bucket.nowMs());
  }
  if (definition.hasObjectLock) return parseRetention(mode, until, bucket.nowMs());
  throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

/** What nobody can take back must have arrived as it was sent. */
export function requireVouched(retention: Retention | undefined, { isChecked }: Payload): void {
  if (retention === undefined || isChecked) return;
  const message =
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
  throw new AwsError('InvalidRequest', message);
}

export function encryptionHeaders(encryption: Encryption): Readonly<Record<string, string>> {
  const { algorithm } = encryption;
  if (algorithm === 'AES256') return { 'x-amz-server-side-encryption': algorithm };
  return {
    'x-amz-server-side-encryption': algorithm,
    'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyArn,
    ...(encryption.isBucketKey && { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' }),
  };
}

/** Buckets without versions name none. */
export function versionHeaders(
  { definition }: Bucket,
  versionId: string,
): Readonly<Record<string, string>> {
  return definition.isVersioned ? { 'x-amz-version-id': versionId } : {};
}
