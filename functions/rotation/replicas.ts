import { type RotationMode, secondsUntilNextTry } from '../core/key-rotation.ts';
import type { SigningKey } from '../core/signing-key.ts';
import { replicateKey } from '../signing-keys/make-keys.ts';
import { DONE, loadOwnKeys, type RotationDeps, type Step } from './step.ts';

/** KMS copies in seconds. Beyond this a run fails while it can still be redriven, and rings. */
const LONGEST_REPLICATION_SECONDS = 900;

/** What an emergency waits for regions: each second more the old keys sign everywhere. */
const EMERGENCY_REPLICATION_SECONDS = 30;

/**
 * Whether every region has the new keys. Where one is missing it is asked for again: KMS gives up
 * copying to a region that was away. An emergency goes on without; tokens get 503 there meanwhile.
 */
export const checkReplicas: Step = async (deps, { executionId, mode }, now) => {
  const keys = await loadOwnKeys(deps, executionId);
  const missing = await findMissing(deps, keys);
  if (missing.length === 0) return DONE;
  deps.note('regions have not got the new keys', { missing });
  await replicateOwn(deps, keys, mode);
  const waited = now - Math.max(...keys.map(({ createdAt }) => createdAt));
  if (mode === 'emergency' && waited >= EMERGENCY_REPLICATION_SECONDS) return DONE;
  if (waited >= LONGEST_REPLICATION_SECONDS) {
    throw new Error(`KMS has not copied the new keys to ${missing.join(', ')}`);
  }
  return { outcome: 'pending', waitSeconds: secondsUntilNextTry(waited) };
};

/** Has KMS copy the keys everywhere; in an emergency whatever does not work out is tried again. */
export async function replicateOwn(
  { regionalKeys, note }: RotationDeps,
  keys: ReadonlyArray<SigningKey>,
  mode: RotationMode,
): Promise<void> {
  const copies = await Promise.allSettled(keys.map((key) => replicateKey(regionalKeys, key)));
  for (const copy of copies) {
    if (copy.status === 'fulfilled') continue;
    if (mode !== 'emergency') throw copy.reason;
    const reason = copy.reason instanceof Error ? copy.reason.name : 'unknown';
    note('a key was not copied', { reason });
  }
}

/** Regions that lack one of the keys. */
export async function findMissing(
  { regionalKeys }: RotationDeps,
  keys: ReadonlyArray<SigningKey>,
): Promise<ReadonlyArray<string>> {
  const missing = await Promise.all(keys.map(({ keyId }) => regionalKeys.findMissing(keyId)));
  return [...new Set(missing.flat())];
}
