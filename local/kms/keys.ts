import type { KeyObject } from 'node:crypto';
import type { KeySpec } from './key-material.ts';

export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC';

/** `PendingReplicaDeletion`: a primary key whose waiting period begins when its last replica is gone. */
export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingReplicaDeletion';

export type MultiRegionKeyType = 'PRIMARY' | 'REPLICA';

/** One key of one region. Related multi-Region keys share id and material, and nothing else. */
export interface Key {
  readonly keyId: string;
  readonly arn: string;
  readonly region: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  /** Undefined for a key of one region. */
  readonly multiRegion: MultiRegionKeyType | undefined;
  readonly description: string;
  readonly createdAtMs: number;
  readonly state: KeyState;
  /** When a key that is pending deletion goes, by the shared clock. */
  readonly deletesAtMs: number | undefined;
  /** Of a key that is to be deleted. */
  readonly pendingWindowDays: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Private or secret key. */
  readonly material: KeyObject;
}

export const USAGE_OF: Readonly<Record<KeySpec, KeyUsage>> = {
  SYMMETRIC_DEFAULT: 'ENCRYPT_DECRYPT',
  RSA_2048: 'SIGN_VERIFY',
  ECC_NIST_P256: 'SIGN_VERIFY',
  HMAC_256: 'GENERATE_VERIFY_MAC',
};

/** A key made now, not by a template. */
export interface NewKey {
  readonly keyId: string;
  readonly spec: KeySpec;
  readonly multiRegion: MultiRegionKeyType | undefined;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** A checked policy document; undefined for the default one, which leaves all to IAM. */
  readonly policy: Readonly<Record<string, unknown>> | undefined;
  readonly material: KeyObject;
}

/** The keys of one region, as they stand by the clock. */
export interface KeyStore {
  readonly region: string;
  readonly account: string;
  /** By key id, key ARN, alias name or alias ARN, whatever state it is in. */
  find(reference: string): Key | undefined;
  /** Those of this region, whatever state they are in. */
  list(): ReadonlyArray<Key>;
  /** Whatever state it is in. Throws NotFoundException. */
  require(reference: string): Key;
  /** For use. Throws NotFoundException, DisabledException or KMSInvalidStateException. */
  load(reference: string): Key;
  /** Names without ARN: `alias/domicile-directory`. */
  aliasesOf(key: Key): ReadonlyArray<string>;
  /** The key and its related multi-Region keys of all regions, the primary first. */
  family(key: Key): ReadonlyArray<Key>;
  /** For a new key. */
  makeMaterial(spec: KeySpec): Promise<KeyObject>;
  /** Keeps a key for good, here or, for a replica, in another region. */
  add(key: NewKey, region?: string): Promise<Key>;
  /** Keeps what changed of a key. */
  change(
    key: Key,
    change: Partial<Pick<Key, 'state' | 'deletesAtMs' | 'pendingWindowDays' | 'tags'>>,
  ): Promise<Key>;
  /** The tags by which IAM decides: those of a new key count later than they can be read. */
  tagsForIam(key: Key): Key['tags'];
  nowMs(): number;
}
