/** `GOVERNANCE` yields to who may bypass it; `COMPLIANCE` yields to nobody before its time. */
export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

/** Until when a version can be neither deleted nor overwritten, by the shared clock. */
export interface Retention {
  readonly mode: LockMode;
  readonly untilMs: number;
}

export type Encryption =
  /** By S3's own key, of which nothing is seen: kept as it is. */
  | { readonly algorithm: 'AES256' }
  | {
      readonly algorithm: 'aws:kms';
      readonly keyArn: string;
      /** Whether KMS is told the bucket, or the object, as encryption context. */
      readonly isBucketKey: boolean;
      /** The data key under the KMS key, in base64. */
      readonly wrappedKey: string;
    };

/** Bytes as they are stored; those of one object follow each other. */
export interface Blob {
  readonly id: string;
  readonly size: number;
  /** Base64; undefined for bytes that are kept as they are. */
  readonly nonce: string | undefined;
}

/** What was said of an object when it was begun, besides its bytes. */
export interface ObjectDescription {
  /** `content-type`, `content-disposition` and their kin, as they are sent back. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: Encryption;
  readonly retention: Retention | undefined;
}

interface VersionPlace {
  /** Of its record; says nothing. */
  readonly id: string;
  readonly key: string;
  /** `null` in a bucket without versions. */
  readonly versionId: string;
  /** Orders what was written in the same millisecond. */
  readonly sequence: number;
  readonly modifiedAtMs: number;
}

export interface StoredObject extends VersionPlace, ObjectDescription {
  readonly kind: 'object';
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  readonly blobs: ReadonlyArray<Blob>;
}

/** What hides the versions below it. */
export interface DeleteMarker extends VersionPlace {
  readonly kind: 'delete-marker';
}

export type ObjectVersion = StoredObject | DeleteMarker;

/** A checksum of the whole object, as `x-amz-checksum-<algorithm>` carries it. */
export interface Checksum {
  readonly algorithm: string;
  readonly value: string;
}

/** A multipart upload that is under way. */
export interface Upload extends ObjectDescription {
  readonly kind: 'upload';
  readonly id: string;
  readonly key: string;
  readonly initiatedAtMs: number;
  readonly parts: ReadonlyArray<Part>;
}

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAtMs: number;
  readonly blobs: ReadonlyArray<Blob>;
}

/** What is kept of a bucket, besides bytes. */
export type StoredRecord = ObjectVersion | Upload;
