import { randomBytes, randomUUID } from 'node:crypto';
import type { KeyStore } from '../kms/keys.ts';
import { AwsError, type Clock } from '../types.ts';
import type { BucketDefinition } from './bucket-definition.ts';
import { openSealing, type Sealing } from './encryption.ts';
import { isAbandoned, judgeVersions, nextMidnightMs } from './lifecycle.ts';
import type {
  DeleteMarker,
  Encryption,
  ObjectVersion,
  StoredObject,
  Upload,
} from './object-version.ts';
import { blobsOf, type ObjectStorage } from './storage.ts';

export interface BucketSurroundings {
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  /** KMS of the bucket's region. */
  readonly keys: KeyStore;
}

/** What a write says of a version; the bucket adds where it stands. */
export type NewObject = Omit<StoredObject, 'id' | 'versionId' | 'sequence' | 'modifiedAtMs'>;

const NO_VERSION = 'null';

/** One bucket: its objects with their versions, and the uploads under way. */
export class Bucket {
  readonly definition: BucketDefinition;
  readonly #surroundings: BucketSurroundings;
  /** By key, the newest first; never an empty list. */
  readonly #versions = new Map<string, ReadonlyArray<ObjectVersion>>();
  readonly #uploads = new Map<string, Upload>();
  #sequence = 0;
  #settledUntilMs = 0;

  constructor(definition: BucketDefinition, surroundings: BucketSurroundings) {
    this.definition = definition;
    this.#surroundings = surroundings;
  }

  /** Reads what a run before kept. */
  async load(): Promise<void> {
    for (const record of await this.#surroundings.storage.load()) {
      if (record.kind === 'upload') this.#uploads.set(record.id, record);
      else this.#versions.set(record.key, [record, ...this.versionsOf(record.key)]);
    }
    for (const [key, versions] of this.#versions) {
      const sorted = versions.toSorted((a, b) => b.sequence - a.sequence);
      this.#sequence = Math.max(this.#sequence, sorted[0]?.sequence ?? 0);
      this.#versions.set(key, sorted);
    }
  }

  nowMs(): number {
    return this.#surroundings.clock.nowMs();
  }

  get keys(): KeyStore {
    return this.#surroundings.keys;
  }

  /** The newest first. */
  versionsOf(key: string): ReadonlyArray<ObjectVersion> {
    return this.#versions.get(key) ?? [];
  }

  /** The newest one, or the one that is named. */
  find(key: string, versionId: string | undefined): ObjectVersion | undefined {
    const versions = this.versionsOf(key);
    if (versionId === undefined) return versions[0];
    return versions.find((version) => version.versionId === versionId);
  }

  /** Throws NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker that is named. */
  requireObject(key: string, versionId: string | undefined): StoredObject {
    const version = this.find(key, versionId);
    if (version?.kind === 'object') return version;
    if (versionId === undefined) {
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
    }
    if (version === undefined) {
      throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
    }
    const message = 'The specified method is not allowed against this resource.';
    throw new AwsError('MethodNotAllowed', message, 405);
  }

  /** In the order in which S3 lists them: by the bytes of the key. */
  sortedKeys(): ReadonlyArray<string> {
    return [...this.#versions.keys()].toSorted((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
  }

  sealing(key: string, encryption: Encryption): Sealing {
    const { keys, storage } = this.#surroundings;
    return openSealing(keys, storage, { bucketArn: this.definition.arn, key }, encryption);
  }

  /** Above the others, or in place of the only one. `recordId`: of the upload that it was. */
  async addObject(object: NewObject, recordId: string = randomUUID()): Promise<StoredObject> {
    const { isVersioned } = this.definition;
    const versionId = isVersioned ? randomBytes(24).toString('base64url') : NO_VERSION;
    const version: StoredObject = { ...object, ...this.#place(recordId), versionId };
    await this.#add(version);
    return version;
  }

  async addDeleteMarker(key: string): Promise<DeleteMarker> {
    const versionId = randomBytes(24).toString('base64url');
    const marker = { kind: 'delete-marker', key, ...this.#place(randomUUID()), versionId } as const;
    await this.#add(marker);
    return marker;
  }

  /** Keeps what changed of a version. */
  async change(version: StoredObject): Promise<void> {
    const versions = this.versionsOf(version.key);
    this.#versions.set(
      version.key,
      versions.map((one) => (one.id === version.id ? version : one)),
    );
    await this.#surroundings.storage.save(version);
  }

  async remove(version: ObjectVersion): Promise<void> {
    const rest = this.versionsOf(version.key).filter(({ id }) => id !== version.id);
    if (rest.length > 0) this.#versions.set(version.key, rest);
    else this.#versions.delete(version.key);
    const { storage } = this.#surroundings;
    await storage.remove(version.id);
    await this.removeBlobs(blobsOf(version));
  }

  uploads(): ReadonlyArray<Upload> {
    return [...this.#uploads.values()];
  }

  findUpload(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }

  async saveUpload(upload: Upload): Promise<void> {
    this.#uploads.set(upload.id, upload);
    await this.#surroundings.storage.save(upload);
  }

  /** It has become an object, whose record stands in place of its own. */
  forgetUpload({ id }: Upload): void {
    this.#uploads.delete(id);
  }

  async abort(upload: Upload): Promise<void> {
    this.forgetUpload(upload);
    await this.#surroundings.storage.remove(upload.id);
    await this.removeBlobs(blobsOf(upload));
  }

  async removeBlobs(blobs: ReadonlyArray<{ readonly id: string }>): Promise<void> {
    await Promise.all(blobs.map(({ id }) => this.#surroundings.storage.removeBlob(id)));
  }

  /** As it is stored, ciphertext where the object is sealed. */
  async *storedBytes({ blobs }: StoredObject): AsyncIterable<Uint8Array> {
    for (const { id, size } of blobs) yield* this.#surroundings.storage.readBlob(id, 0, size);
  }

  /** Does what the lifecycle wants by now; asked before every operation. */
  async settle(): Promise<void> {
    const nowMs = this.nowMs();
    const { lifecycle, isVersioned } = this.definition;
    if (nowMs < this.#settledUntilMs || lifecycle.length === 0) return;
    this.#settledUntilMs = nextMidnightMs(nowMs);
    for (const [key, versions] of [...this.#versions]) {
      const { hasExpired, removed } = judgeVersions(lifecycle, versions, nowMs);
      for (const version of removed) await this.remove(version);
      const [newest] = versions;
      if (!hasExpired || newest === undefined) continue;
      await (isVersioned ? this.addDeleteMarker(key) : this.remove(newest));
    }
    const abandoned = this.uploads().filter((upload) => isAbandoned(lifecycle, upload, nowMs));
    for (const upload of abandoned) await this.abort(upload);
  }

  async clear(): Promise<void> {
    this.#versions.clear();
    this.#uploads.clear();
    this.#settledUntilMs = 0;
    await this.#surroundings.storage.clear();
  }

  #place(id: string) {
    this.#sequence += 1;
    return { id, sequence: this.#sequence, modifiedAtMs: this.nowMs() };
  }

  async #add(version: ObjectVersion): Promise<void> {
    const before = this.versionsOf(version.key);
    const replaced = before.filter(({ versionId }) => versionId === version.versionId);
    const kept = before.filter((one) => !replaced.includes(one));
    // At once, so that of several conditional writes the others see the first.
    this.#versions.set(version.key, [version, ...kept]);
    await this.#surroundings.storage.save(version);
    for (const { id } of replaced) await this.#surroundings.storage.remove(id);
    await this.removeBlobs(replaced.flatMap(blobsOf));
  }
}
