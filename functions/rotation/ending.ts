import type { Unreached } from '../adapters/kms/key-ends.ts';
import { secondsUntilNextTry } from '../core/key-rotation.ts';
import type { SigningKey } from '../core/signing-key.ts';
import type { EpochSeconds } from '../core/time.ts';
import { findMissing, replicateOwn } from './replicas.ts';
import {
  DONE,
  loadOwnKeys,
  moveAndWait,
  type RotationDeps,
  requireOwn,
  type Step,
} from './step.ts';

/** Outages of a region end sooner; a run that fails rings. */
const LONGEST_OUTAGE_SECONDS = 86_400;

/** IAM hears of a new key's tag within five minutes; after that a refusal is a mistake of ours. */
const LONGEST_REFUSAL_SECONDS = 900;

/**
 * Ends what may be in somebody's hands wherever KMS answers, and goes on trying where it does not:
 * regions that are away, and those that the new keys could not be copied to.
 */
export const revoke: Step = async (deps, input, now) => {
  await moveAndWait(deps, input, { step: 'revoke', seconds: 0, now });
  // Use ends everywhere before anything else is done about any of them.
  const unreached = await disableGoneKeys(deps, input.executionId);
  if (unreached.length === 0) await deleteGoneKeys(deps, input.executionId, now);
  const own = await loadOwnKeys(deps, input.executionId);
  const missing = await findMissing(deps, own);
  if (unreached.length === 0 && missing.length === 0) return DONE;
  deps.note('regions do not answer', { unreached, missing });
  await replicateOwn(deps, own, input.mode);
  const waited = now - Math.min(...own.map(({ since }) => since));
  const areRefused = unreached.some(({ reason }) => reason === 'AccessDeniedException');
  if (waited >= (areRefused ? LONGEST_REFUSAL_SECONDS : LONGEST_OUTAGE_SECONDS)) {
    throw new Error('a region has not ended the use of old keys, or not got the new ones');
  }
  return { outcome: 'pending', waitSeconds: secondsUntilNextTry(waited) };
};

async function disableGoneKeys(
  deps: RotationDeps,
  executionId: string,
): Promise<ReadonlyArray<Unreached>> {
  const gone = await loadGoneKeys(deps, executionId);
  return (await Promise.all(gone.map(({ keyId }) => deps.regionalKeys.disable(keyId)))).flat();
}

/** Once use has ended: has KMS delete what no longer signs, in every region. */
export async function deleteGoneKeys(
  deps: RotationDeps,
  executionId: string,
  now: EpochSeconds,
): Promise<void> {
  for (const { kid, keyId } of await loadGoneKeys(deps, executionId)) {
    await deps.regionalKeys.scheduleDeletion(keyId);
    await deps.rotations.noteDeletion(executionId, kid, now);
    deps.note('the deletion of a signing key is scheduled', { kid, keyId });
  }
}

/** Those that KMS still has to be told about. */
async function loadGoneKeys(
  { rotations }: RotationDeps,
  executionId: string,
): Promise<ReadonlyArray<SigningKey>> {
  const { keys, rotation } = await rotations.load();
  requireOwn(rotation, executionId);
  return keys.filter((key) => key.state === 'gone' && key.deletionScheduledAt === undefined);
}
