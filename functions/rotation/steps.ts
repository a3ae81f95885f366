import {
  LEAST_PUBLISHED_SECONDS,
  type RotationInput,
  type RotationStep,
  secondsLeft,
} from '../core/key-rotation.ts';
import type { EpochSeconds } from '../core/time.ts';
import { makeKeys } from '../signing-keys/make-keys.ts';
import { deleteGoneKeys, revoke } from './ending.ts';
import { checkReplicas, replicateOwn } from './replicas.ts';
import {
  DONE,
  loadOwnKeys,
  moveAndWait,
  type RotationDeps,
  requireOwn,
  type Step,
} from './step.ts';

/** Each can be repeated and goes on where it was cut off; the loser of the lock changes nothing. */
export const STEPS: Readonly<Record<RotationStep, Step>> = {
  begin: async ({ rotations, note }, { executionId, mode }, now) => {
    if (await rotations.begin({ executionId, mode }, now)) return DONE;
    note('another rotation is running', {});
    return { outcome: 'already-running', waitSeconds: 0 };
  },

  'create-keys': async (deps, { executionId }, now) => {
    await loadOwnKeys(deps, executionId);
    await makeKeys(deps, executionId, now);
    return DONE;
  },

  'replicate-keys': async (deps, { executionId, mode }) => {
    await replicateOwn(deps, await loadOwnKeys(deps, executionId), mode);
    return DONE;
  },

  'check-replicas': checkReplicas,

  'publish-next': (deps, input, now) =>
    moveAndWait(deps, input, { step: 'publish-next', seconds: deps.publishSeconds, now }),

  activate: async (deps, input, now) => {
    if (input.mode === 'emergency')
      return moveAndWait(deps, input, { step: 'activate', seconds: 0, now });
    await requirePublishedLongEnough(deps, input, now);
    return moveAndWait(deps, input, { step: 'activate', seconds: deps.retireSeconds, now });
  },

  retire: async (deps, input, now) => {
    await moveAndWait(deps, input, { step: 'retire', seconds: 0, now });
    await deleteGoneKeys(deps, input.executionId, now);
    return DONE;
  },

  revoke,

  release: async ({ rotations }, { executionId }, now) => {
    const { rotation } = await rotations.load();
    const isReleased = rotation?.executionId === executionId && rotation.finishedAt !== undefined;
    if (!isReleased) await rotations.finish(executionId, now);
    return DONE;
  },
};

/** Whoever shortens the wait by hand must not make verifiers meet a key that they cannot know. */
async function requirePublishedLongEnough(
  { rotations }: RotationDeps,
  { executionId }: RotationInput,
  now: EpochSeconds,
): Promise<void> {
  const { rotation } = await rotations.load();
  const { step, stepAt } = requireOwn(rotation, executionId);
  if (step === 'publish-next' && secondsLeft(stepAt, LEAST_PUBLISHED_SECONDS, now) > 0) {
    throw new Error('the next keys have not been published for long enough to sign');
  }
}
