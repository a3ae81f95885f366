/** DescribeKey, and the metadata that other operations answer with. */
import { z } from 'zod';
import { keyId, parse } from './input.ts';
import type { Key, KeyStore } from './keys.ts';
import { SIGNING_ALGORITHMS } from './signatures.ts';

const describeInput = z.object({ KeyId: keyId });

/** Answers for keys of every state. */
export function describeKey(keys: KeyStore, input: unknown): object {
  return { KeyMetadata: describe(keys, keys.require(parse(describeInput, input).KeyId)) };
}

/** `KeyMetadata` of the API reference. */
export function describe(keys: KeyStore, key: Key) {
  return {
    AWSAccountId: keys.account,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: key.createdAtMs / 1000,
    Description: key.description,
    Enabled: key.state === 'Enabled',
    KeyState: key.state,
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    KeyUsage: key.usage,
    Origin: 'AWS_KMS',
    MultiRegion: key.multiRegion !== undefined,
    ...(key.multiRegion && { MultiRegionConfiguration: describeFamily(keys, key) }),
    ...(key.deletesAtMs !== undefined && { DeletionDate: key.deletesAtMs / 1000 }),
    ...(key.state === 'PendingReplicaDeletion' && {
      PendingDeletionWindowInDays: key.pendingWindowDays,
    }),
    ...(key.usage === 'SIGN_VERIFY' && { SigningAlgorithms: SIGNING_ALGORITHMS[key.spec] }),
    ...(key.usage === 'ENCRYPT_DECRYPT' && { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }),
    ...(key.usage === 'GENERATE_VERIFY_MAC' && { MacAlgorithms: ['HMAC_SHA_256'] }),
  };
}

function describeFamily(keys: KeyStore, key: Key) {
  const places = keys.family(key).map(({ arn, region, multiRegion }) => ({
    isPrimary: multiRegion === 'PRIMARY',
    place: { Arn: arn, Region: region },
  }));
  return {
    MultiRegionKeyType: key.multiRegion,
    PrimaryKey: places.find(({ isPrimary }) => isPrimary)?.place,
    ReplicaKeys: places.filter(({ isPrimary }) => !isPrimary).map(({ place }) => place),
  };
}
