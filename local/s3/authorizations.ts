/** Which actions, objects and keys an S3 request is checked against by IAM. */
import type { AuthorizationQuery } from '../types.ts';
import type { Bucket } from './bucket.ts';
import {
  type Context,
  commonContext,
  listingContext,
  lockContext,
  versionIn,
  wantsChecksum,
} from './condition-keys.ts';
import { mayBypassGovernance, readTargets } from './delete-objects.ts';
import { kmsQueries, wantedEncryption } from './encryption.ts';
import { readCopySource } from './multipart.ts';
import type { Encryption } from './object-version.ts';
import type { S3Request } from './request.ts';

type Query = Omit<AuthorizationQuery, 'principal' | 'region'>;

/** What an operation asks of IAM; reading what is not there asks for the right to know that. */
export function authorizationsOf(
  bucket: Bucket,
  request: S3Request,
  account: string,
  findBucket: (name: string) => Bucket | undefined,
): ReadonlyArray<Query> {
  const context = commonContext(request, account);
  switch (request.operation) {
    case 'HeadBucket':
    case 'ListObjects':
    case 'ListObjectsV2':
      return [onBucket(bucket, 's3:ListBucket', { ...context, ...listingContext(request) })];
    case 'ListObjectVersions':
      return [
        onBucket(bucket, 's3:ListBucketVersions', { ...context, ...listingContext(request) }),
      ];
    case 'ListMultipartUploads':
      return [onBucket(bucket, 's3:ListBucketMultipartUploads', context)];
    case 'GetObjectLockConfiguration':
      return [onBucket(bucket, 's3:GetBucketObjectLockConfiguration', context)];
    case 'GetObject':
      return reading(bucket, request.key, versionIn(request), context, true);
    case 'HeadObject':
      // Only bytes and their checksums are under the object's key.
      return reading(bucket, request.key, versionIn(request), context, wantsChecksum(request));
    case 'PutObject':
    case 'CreateMultipartUpload':
      return writing(bucket, request, context);
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      return goingOn(bucket, request, context);
    case 'UploadPartCopy':
      return [...goingOn(bucket, request, context), ...copying(request, context, findBucket)];
    case 'AbortMultipartUpload':
      return [onObject(bucket, 's3:AbortMultipartUpload', request.key, context)];
    case 'DeleteObject':
      return deleting(bucket, request, [{ key: request.key, versionId: versionIn(request) }]);
    case 'DeleteObjects':
      return deleting(bucket, request, readTargets(request).targets);
    case 'PutObjectRetention':
      return [
        onObject(bucket, 's3:PutObjectRetention', request.key, context),
        ...bypassing(bucket, request, request.key, context),
      ];
    default:
      return [onObject(bucket, `s3:${request.operation}`, request.key, context)];
  }
}

function onBucket({ definition }: Bucket, action: string, context: Context): Query {
  return { action, resource: definition.arn, context };
}

function onObject({ definition }: Bucket, action: string, key: string, context: Context): Query {
  return { action, resource: `${definition.arn}/${key}`, context };
}

/** `GetObject`: who may not list learns nothing of what is not there (403 in place of 404). */
function reading(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  context: Context,
  opens: boolean,
): ReadonlyArray<Query> {
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  const read = onObject(bucket, action, key, {
    ...context,
    ...(versionId !== undefined && { 's3:VersionId': [versionId] }),
  });
  const version = bucket.find(key, versionId);
  if (version?.kind !== 'object') return [read, onBucket(bucket, 's3:ListBucket', context)];
  return opens ? [read, ...kms(bucket, 'Decrypt', key, version.encryption)] : [read];
}

function writing(bucket: Bucket, request: S3Request, context: Context): ReadonlyArray<Query> {
  const { key, headers } = request;
  const lock = lockContext(request, bucket.nowMs());
  const own = { ...context, ...lock };
  const wanted = wantedEncryption(headers, bucket.definition);
  const place = { bucketArn: bucket.definition.arn, key };
  return [
    onObject(bucket, 's3:PutObject', key, own),
    ...(Object.keys(lock).length > 0 ? [onObject(bucket, 's3:PutObjectRetention', key, own)] : []),
    ...kmsQueries(bucket.keys, 'GenerateDataKey', place, wanted),
  ];
}

/** Parts are sealed by the key that the upload began with. */
function goingOn(bucket: Bucket, request: S3Request, context: Context): ReadonlyArray<Query> {
  const upload = bucket.findUpload(request.query.get('uploadId') ?? '');
  const put = onObject(bucket, 's3:PutObject', request.key, context);
  if (upload?.key !== request.key) return [put];
  return [put, ...kms(bucket, 'Decrypt', request.key, upload.encryption)];
}

function copying(
  request: S3Request,
  context: Context,
  findBucket: (name: string) => Bucket | undefined,
): ReadonlyArray<Query> {
  const { bucket: name, key, versionId } = readCopySource(request);
  const source = findBucket(name);
  return source === undefined ? [] : reading(source, key, versionId, context, true);
}

/** `DeleteObjects` is refused as a whole where S3 would refuse single keys. */
function deleting(
  bucket: Bucket,
  request: S3Request,
  targets: ReadonlyArray<{ readonly key: string; readonly versionId: string | undefined }>,
): ReadonlyArray<Query> {
  const context = commonContext(request, bucket.keys.account);
  return targets.flatMap(({ key, versionId }) =>
    versionId === undefined
      ? [onObject(bucket, 's3:DeleteObject', key, context)]
      : [
          onObject(bucket, 's3:DeleteObjectVersion', key, {
            ...context,
            's3:VersionId': [versionId],
          }),
          ...bypassing(bucket, request, key, context),
        ],
  );
}

function bypassing(
  bucket: Bucket,
  { headers }: S3Request,
  key: string,
  context: Context,
): ReadonlyArray<Query> {
  if (!mayBypassGovernance(headers)) return [];
  return [onObject(bucket, 's3:BypassGovernanceRetention', key, context)];
}

function kms(
  bucket: Bucket,
  operation: 'GenerateDataKey' | 'Decrypt',
  key: string,
  encryption: Encryption,
): ReadonlyArray<Query> {
  const place = { bucketArn: bucket.definition.arn, key };
  return kmsQueries(bucket.keys, operation, place, encryption);
}
