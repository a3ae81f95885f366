import { planMoves } from '../core/key-rotation.ts';
import { areComplete } from '../core/signing-key.ts';
import type { EpochSeconds } from '../core/time.ts';
import { type KeyMakers, makeKeys, replicateKey } from '../signing-keys/make-keys.ts';

/** The first keys are made like all others, by a rotation; theirs needs no wait and no execution. */
const FIRST = { executionId: 'first', mode: 'first' } as const;

/**
 * Makes the deployment's first signing keys unless keys are active already, and has KMS copy every
 * key that is in use to every region: a cell that was added gets those that there are. Throws when
 * it meets itself.
 */
export async function ensureSigningKeys(
  makers: KeyMakers,
  now: EpochSeconds,
): Promise<'created' | 'kept'> {
  const { keys } = await makers.rotations.load();
  const hasActive = areComplete(keys);
  if (!hasActive) await makeFirstKeys(makers, now);
  await replicateAll(makers);
  return hasActive ? 'kept' : 'created';
}

async function makeFirstKeys(makers: KeyMakers, now: EpochSeconds): Promise<void> {
  const { rotations } = makers;
  if (!(await rotations.begin(FIRST, now))) {
    throw new Error('signing keys are being made already: try again when that has ended');
  }
  await makeKeys(makers, FIRST.executionId, now);
  await replicateAll(makers);
  const { keys } = await rotations.load();
  const moves = planMoves('activate', keys, FIRST);
  await rotations.move(FIRST.executionId, moves, { step: 'activate', now });
  await rotations.finish(FIRST.executionId, now);
}

/** KMS needs seconds to copy them, CloudFormation minutes until a new cell has functions. */
async function replicateAll({ rotations, regionalKeys }: KeyMakers): Promise<void> {
  const { keys } = await rotations.load();
  const inUse = keys.filter(({ state }) => state !== 'gone');
  await Promise.all(inUse.map((key) => replicateKey(regionalKeys, key)));
}
