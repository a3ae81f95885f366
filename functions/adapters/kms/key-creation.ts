import {
  AlreadyExistsException,
  CreateKeyCommand,
  type KeySpec,
  KMSClient,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import type { SigningAlgorithm } from '../../core/client.ts';
import { InvariantError } from '../../core/errors.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';
import { generationTag, type KeyPurpose, purposeTag } from './key-tags.ts';

const KEY_SPECS: Readonly<Record<SigningAlgorithm, KeySpec>> = {
  RS256: 'RSA_2048',
  ES256: 'ECC_NIST_P256',
};

/** Which rotation made a key, and for what: `first` and `ES256` say `first.ES256`. */
export interface KeyOrigin {
  readonly generation: string;
  readonly algorithm: SigningAlgorithm;
}

/** Shorter than the timeout of the functions that make keys, so that they get to know of a failure. */
const CREATION_TIMEOUT_MS = 15_000;

/** Tries once: KMS takes no idempotency token, and would make a second key. */
export function createCreator(region: string): KMSClient {
  return new KMSClient({
    ...AWS_CLIENT_SETTINGS,
    region,
    maxAttempts: 1,
    requestHandler: {
      ...AWS_CLIENT_SETTINGS.requestHandler,
      requestTimeout: CREATION_TIMEOUT_MS,
    },
  });
}

/** The id of a new one in the region of the client. */
export async function createSigningKey(kms: KMSClient, origin: KeyOrigin): Promise<string> {
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

/** Has KMS copy a key to a region; done already is done. */
export async function replicateTo(
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

/** What the tag of a key says of its origin. */
export function nameOf({ generation, algorithm }: KeyOrigin): string {
  return `${generation}.${algorithm}`;
}
