import {
  AlreadyExistsException,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetPublicKeyCommand,
  type KeySpec,
  type KeyState,
  KMSClient,
  KMSInvalidStateException,
  NotFoundException,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { SigningAlgorithm } from '../../core/client.ts';
import { InvariantError } from '../../core/errors.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';
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
  /** Whether every region can use it. */
  isReplicated(keyId: string): Promise<boolean>;
  /** Ends its use in every region. */
  disable(keyId: string): Promise<void>;
  /** Ends its use in every region now, and its existence in 30 days. */
  scheduleDeletion(keyId: string): Promise<void>;
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
      await Promise.all(
        others.map((region) => replicateTo(primary, region, keyId, purpose, origin)),
      );
    },

    async isReplicated(keyId) {
      const states = await Promise.all(regions.map((region) => findState(clientOf(region), keyId)));
      return states.every((state) => state === 'Enabled');
    },

    async disable(keyId) {
      await Promise.all(regions.map((region) => disableIn(clientOf(region), keyId)));
    },

    async scheduleDeletion(keyId) {
      // KMS deletes a primary key once its replicas are gone, so these go first.
      await Promise.all(others.map((region) => scheduleIn(clientOf(region), keyId)));
      await scheduleIn(primary, keyId);
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

async function findState(kms: KMSClient, keyId: string): Promise<string | undefined> {
  try {
    const { KeyMetadata: key } = await callAws('KMS', () =>
      kms.send(new DescribeKeyCommand({ KeyId: keyId })),
    );
    return key?.KeyState;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
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
    const state = await findState(kms, keyId);
    if (state !== undefined && !AWAITING_DELETION.has(state)) throw error;
  }
}

function nameOf({ generation, algorithm }: KeyOrigin): string {
  return `${generation}.${algorithm}`;
}
