import {
  AlreadyExistsException,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetPublicKeyCommand,
  type KeyMetadata,
  type KeySpec,
  type KeyState,
  KMSClient,
  KMSInvalidStateException,
  NotFoundException,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { SigningAlgorithm } from '../../core/client.ts';
import { InvariantError, UnavailableError } from '../../core/errors.ts';
import { AWS_CLIENT_SETTINGS, callAws, isAccessDenied } from '../aws-errors.ts';
import { generationTag, type KeyPurpose, purposeTag } from './key-tags.ts';
import { findTaggedKey } from './tagged-keys.ts';

const KEY_SPECS: Readonly<Record<SigningAlgorithm, KeySpec>> = {
  RS256: 'RSA_2048',
  ES256: 'ECC_NIST_P256',
};

/** The longest that KMS takes: an operator's mistake can be undone until then. */
const DELETION_WINDOW_DAYS = 30;

const AWAITING_DELETION: ReadonlySet<string> = new Set<KeyState>([
  'PendingDeletion',
  'PendingReplicaDeletion',
]);

/** Which rotation made a key, and for what: `first` and `ES256` say `first.ES256`. */
export interface KeyOrigin {
  readonly generation: string;
  readonly algorithm: SigningAlgorithm;
}

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

/** A region that is away, or where IAM has not heard of a key's tag yet. */
export interface Unreached {
  readonly region: string;
  /** Name of the error. */
  readonly reason: string;
}

interface RegionalKeysDeps {
  readonly primaryRegion: string;
  /** Of all cells, the primary among them. */
  readonly regions: ReadonlyArray<string>;
  readonly clientOf?: (region: string) => KMSClient;
}

export function createRegionalKeys(deps: RegionalKeysDeps): RegionalKeys {
  const { primaryRegion, regions, clientOf = createRegionalKms() } = deps;
  const primary = clientOf(primaryRegion);
  const others = regions.filter((region) => region !== primaryRegion);

  /** Where a key is, says its primary: elsewhere IAM refuses to talk of a key that is not there. */
  async function findPlaces(keyId: string): Promise<ReadonlyArray<string>> {
    const key = await findKey(primary, keyId);
    if (key === undefined) return [];
    const replicas = key.MultiRegionConfiguration?.ReplicaKeys?.map(({ Region }) => Region) ?? [];
    return [primaryRegion, ...others.filter((region) => replicas.includes(region))];
  }

  return {
    create: (origin) => createSigningKey(primary, origin),

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

async function createSigningKey(kms: KMSClient, origin: KeyOrigin): Promise<string> {
  const { KeyMetadata: key } = await callAws('KMS', () =>
    kms.send(
      new CreateKeyCommand({
        Description: `Domicile signs tokens (${origin.algorithm})`,
        KeySpec: KEY_SPECS[origin.algorithm],
        KeyUsage: 'SIGN_VERIFY',
        MultiRegion: true,
        Tags: [purposeTag('signing'), generationTag(nameOf(origin))],
      }),
    ),
  );
  if (key?.KeyId === undefined) throw new InvariantError('KMS made a key without an id');
  return key.KeyId;
}

async function replicateTo(
  primary: KMSClient,
  region: string,
  keyId: string,
  purpose: KeyPurpose,
  origin: KeyOrigin | undefined,
): Promise<void> {
  const generation = origin === undefined ? [] : [generationTag(nameOf(origin))];
  try {
    await callAws('KMS', () =>
      primary.send(
        new ReplicateKeyCommand({
          KeyId: keyId,
          ReplicaRegion: region,
          Description: 'Domicile: replica of the key with this id in the primary region',
          Tags: [purposeTag(purpose), ...generation],
        }),
      ),
    );
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) throw error;
  }
}

async function findKey(kms: KMSClient, keyId: string): Promise<KeyMetadata | undefined> {
  try {
    const { KeyMetadata: key } = await callAws('KMS', () =>
      kms.send(new DescribeKeyCommand({ KeyId: keyId })),
    );
    return key;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

/** A key that is not there has no tag either, so that IAM may refuse instead of finding nothing. */
async function isUsable(kms: KMSClient, keyId: string): Promise<boolean> {
  try {
    return (await findKey(kms, keyId))?.KeyState === 'Enabled';
  } catch (error) {
    if (isPassing(error)) return false;
    throw error;
  }
}

async function findUnreached(
  region: string,
  end: () => Promise<void>,
): Promise<Unreached | undefined> {
  try {
    await end();
    return undefined;
  } catch (error) {
    if (!isPassing(error)) throw error;
    return { region, reason: error.name };
  }
}

/** What another try may not meet: an outage, or IAM that has not heard of a key or its tag. */
function isPassing(error: unknown): error is Error {
  return error instanceof UnavailableError || isAccessDenied(error);
}

async function disableIn(kms: KMSClient, keyId: string): Promise<void> {
  await endUse(kms, keyId, () => kms.send(new DisableKeyCommand({ KeyId: keyId })));
}

async function scheduleIn(kms: KMSClient, keyId: string): Promise<void> {
  await endUse(kms, keyId, () =>
    kms.send(
      new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: DELETION_WINDOW_DAYS }),
    ),
  );
}

/** A region that never had the key, or has it waiting for its deletion, has nothing left to end. */
async function endUse(kms: KMSClient, keyId: string, end: () => Promise<unknown>): Promise<void> {
  try {
    await callAws('KMS', end);
  } catch (error) {
    if (error instanceof NotFoundException) return;
    if (!(error instanceof KMSInvalidStateException)) throw error;
    const state = (await findKey(kms, keyId))?.KeyState;
    if (state !== undefined && !AWAITING_DELETION.has(state)) throw error;
  }
}

function nameOf({ generation, algorithm }: KeyOrigin): string {
  return `${generation}.${algorithm}`;
}
