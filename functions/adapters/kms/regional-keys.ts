import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvariantError } from '../../core/errors.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';
import {
  createCreator,
  createSigningKey,
  type KeyOrigin,
  nameOf,
  replicateTo,
} from './key-creation.ts';
import {
  disableIn,
  findKey,
  findUnreached,
  isUsable,
  scheduleIn,
  type Unreached,
} from './key-ends.ts';
import { generationTag, type KeyPurpose } from './key-tags.ts';
import { findTaggedKey } from './tagged-keys.ts';

/**
 * Multi-Region keys over their whole life (AWS KMS Developer Guide, "Multi-Region keys"). They are
 * made in the primary region and have one id in all. Whatever was done already stays done.
 */
export interface RegionalKeys {
  /** Makes a signing key in the primary region; its id. Twice makes two. */
  create(origin: KeyOrigin): Promise<string>;
  /** The id of one that was made but never written down. Asks about every key of the account. */
  findCreated(origin: KeyOrigin): Promise<string | undefined>;
  /** SubjectPublicKeyInfo in DER. */
  readPublicKey(keyId: string): Promise<Uint8Array>;
  /** Has KMS copy a key to all other regions; `origin` for signing keys. KMS goes on by itself. */
  replicate(keyId: string, purpose: KeyPurpose, origin?: KeyOrigin): Promise<void>;
  /** The regions that cannot use it: KMS has not copied it there, or does not answer there. */
  findMissing(keyId: string): Promise<ReadonlyArray<string>>;
  /** Ends its use in every region that has it; those where that failed for now. */
  disable(keyId: string): Promise<ReadonlyArray<Unreached>>;
  /** Ends its use in every region that has it now, and its existence in 30 days. */
  scheduleDeletion(keyId: string): Promise<void>;
}

interface RegionalKeysDeps {
  readonly primaryRegion: string;
  /** Of all cells, the primary among them. */
  readonly regions: ReadonlyArray<string>;
  readonly clientOf?: (region: string) => KMSClient;
  /** Tries once: KMS takes no idempotency token, and would make a second key. */
  readonly creator?: KMSClient;
}

export function createRegionalKeys(deps: RegionalKeysDeps): RegionalKeys {
  const { primaryRegion, regions, clientOf = createRegionalKms() } = deps;
  const primary = clientOf(primaryRegion);
  const creator = deps.creator ?? createCreator(primaryRegion);
  const others = regions.filter((region) => region !== primaryRegion);

  /** Where a key is, says its primary: elsewhere IAM refuses to talk of a key that is not there. */
  async function findPlaces(keyId: string): Promise<ReadonlyArray<string>> {
    const key = await findKey(primary, keyId);
    if (key === undefined) return [];
    const replicas = key.MultiRegionConfiguration?.ReplicaKeys?.map(({ Region }) => Region) ?? [];
    return [primaryRegion, ...others.filter((region) => replicas.includes(region))];
  }

  return {
    create: (origin) => createSigningKey(creator, origin),

    findCreated: (origin) => findTaggedKey(primary, generationTag(nameOf(origin))),

    async readPublicKey(keyId) {
      const { PublicKey: spki } = await callAws('KMS', () =>
        primary.send(new GetPublicKeyCommand({ KeyId: keyId })),
      );
      if (spki === undefined) throw new InvariantError('KMS returned no public key');
      return spki;
    },

    async replicate(keyId, purpose, origin) {
      // One region that refuses holds up no other.
      const copies = await Promise.allSettled(
        others.map((region) => replicateTo(primary, region, keyId, purpose, origin)),
      );
      const failed = copies.find((copy) => copy.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },

    async findMissing(keyId) {
      const areUsable = await Promise.all(
        regions.map((region) => isUsable(clientOf(region), keyId)),
      );
      return regions.filter((_, index) => areUsable[index] !== true);
    },

    async disable(keyId) {
      const places = await findPlaces(keyId);
      const ends = await Promise.all(
        places.map((region) => findUnreached(region, () => disableIn(clientOf(region), keyId))),
      );
      return ends.filter((end) => end !== undefined);
    },

    async scheduleDeletion(keyId) {
      const [first, ...replicas] = await findPlaces(keyId);
      // KMS deletes a primary key once its replicas are gone, so these go first.
      await Promise.all(replicas.map((region) => scheduleIn(clientOf(region), keyId)));
      if (first !== undefined) await scheduleIn(primary, keyId);
    },
  };
}

function createRegionalKms(): (region: string) => KMSClient {
  const clients = new Map<string, KMSClient>();
  return (region) => {
    const client = clients.get(region) ?? new KMSClient({ ...AWS_CLIENT_SETTINGS, region });
    clients.set(region, client);
    return client;
  };
}
