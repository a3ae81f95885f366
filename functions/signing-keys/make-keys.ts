import type { KeyRotations } from '../adapters/dynamodb/key-rotations.ts';
import type { RegionalKeys } from '../adapters/kms/regional-keys.ts';
import type { SigningAlgorithm } from '../core/client.ts';
import { SIGNING_ALGORITHMS, type SigningKey } from '../core/signing-key.ts';
import type { EpochSeconds } from '../core/time.ts';
import { toPublicJwk } from './public-jwk.ts';

export interface KeyMakers {
  readonly rotations: KeyRotations;
  readonly regionalKeys: RegionalKeys;
}

/**
 * Makes the keys of a rotation that are not there yet, one per algorithm, in the state `created`.
 * CreateKey cannot be repeated safely; so it is written down that keys are about to be made, and an
 * attempt that finds this looks for what the one before has made.
 */
export async function makeKeys(
  makers: KeyMakers,
  generation: string,
  now: EpochSeconds,
): Promise<void> {
  const { keys } = await makers.rotations.load();
  const own = keys.filter((key) => key.generation === generation);
  const missing = SIGNING_ALGORITHMS.filter(
    (wanted) => !own.some((key) => key.algorithm === wanted),
  );
  if (missing.length === 0) return;
  const wasCutOff = await makers.rotations.announceCreation(generation);
  for (const algorithm of missing) {
    const keyId = await makeKey(makers.regionalKeys, { generation, algorithm }, wasCutOff);
    const jwk = await toPublicJwk(await makers.regionalKeys.readPublicKey(keyId), algorithm);
    await makers.rotations.addCreated(generation, {
      ...{ kid: jwk.kid, algorithm, keyId, jwk, generation },
      ...{ state: 'created', createdAt: now, since: now },
    });
  }
}

/** Copies a signing key to all regions; KMS goes on by itself. */
export function replicateKey(regionalKeys: RegionalKeys, key: SigningKey): Promise<void> {
  return regionalKeys.replicate(key.keyId, 'signing', key);
}

async function makeKey(
  regionalKeys: RegionalKeys,
  origin: { readonly generation: string; readonly algorithm: SigningAlgorithm },
  wasCutOff: boolean,
): Promise<string> {
  const made = wasCutOff ? await regionalKeys.findCreated(origin) : undefined;
  return made ?? (await regionalKeys.create(origin));
}
