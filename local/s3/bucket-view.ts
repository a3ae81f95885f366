import { AwsError } from '../types.ts';
import type { Bucket } from './bucket.ts';
import type { LockMode, ObjectVersion, StoredObject } from './object-version.ts';
import { collectBytes } from './storage.ts';

/** One bucket of a region: `GET /_local/api/buckets`. */
export interface BucketView {
  readonly region: string;
  readonly name: string;
  readonly isVersioned: boolean;
  readonly objects: number;
  /** Of all versions, in bytes. */
  readonly size: number;
  readonly uploadsUnderWay: number;
}

/** One version of an object: `GET /_local/api/buckets/<region>/<bucket>`. */
export interface ObjectView {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly modifiedAt: string;
  readonly size: number;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** ARN of the KMS key that it is sealed with; undefined for S3's own. */
  readonly keyArn: string | undefined;
  readonly lockMode: LockMode | undefined;
  readonly lockedUntil: string | undefined;
}

/** What tests read besides. */
export interface ReadObject extends ObjectView {
  /** As whoever may read it gets it; undefined when its key opens nothing any more. */
  readonly bytes: Buffer | undefined;
  /** As it lies in the bucket. */
  readonly stored: Buffer;
}

export function viewBucket(bucket: Bucket): BucketView {
  const { name, region, isVersioned } = bucket.definition;
  const all = viewObjects(bucket);
  return {
    region,
    name,
    isVersioned,
    objects: all.filter(({ isLatest, isDeleteMarker }) => isLatest && !isDeleteMarker).length,
    size: all.reduce((sum, one) => sum + one.size, 0),
    uploadsUnderWay: bucket.uploads().length,
  };
}

/** By key, the newest version of each first. */
export function viewObjects(bucket: Bucket): ReadonlyArray<ObjectView> {
  return bucket
    .sortedKeys()
    .flatMap((key) => bucket.versionsOf(key).map((one, index) => view(one, index === 0)));
}

export async function readObjects(bucket: Bucket): Promise<ReadonlyArray<ReadObject>> {
  const read = bucket.sortedKeys().flatMap((key) =>
    bucket.versionsOf(key).map(async (version, index) => ({
      ...view(version, index === 0),
      ...(version.kind === 'object'
        ? await readBytes(bucket, version)
        : { bytes: Buffer.alloc(0), stored: Buffer.alloc(0) }),
    })),
  );
  return await Promise.all(read);
}

function view(version: ObjectVersion, isLatest: boolean): ObjectView {
  const { key, versionId, modifiedAtMs } = version;
  const object = version.kind === 'object' ? version : undefined;
  const retention = object?.retention;
  return {
    key,
    versionId,
    isLatest,
    isDeleteMarker: object === undefined,
    modifiedAt: new Date(modifiedAtMs).toISOString(),
    size: object?.size ?? 0,
    contentType: object?.headers['content-type'],
    metadata: object?.metadata ?? {},
    keyArn: object?.encryption.algorithm === 'aws:kms' ? object.encryption.keyArn : undefined,
    lockMode: retention?.mode,
    lockedUntil: retention && new Date(retention.untilMs).toISOString(),
  };
}

async function readBytes(bucket: Bucket, object: StoredObject) {
  const stored = await collectBytes(bucket.storedBytes(object));
  const { key, encryption, blobs, size } = object;
  try {
    return {
      stored,
      bytes: await collectBytes(bucket.sealing(key, encryption).open(blobs, 0, size)),
    };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { stored, bytes: undefined };
  }
}
