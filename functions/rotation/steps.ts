import { type Progress, RotationSupersededError } from '../adapters/dynamodb/key-rotations.ts';
import {
  LEAST_PUBLISHED_SECONDS,
  type MovingStep,
  planMoves,
  type Rotation,
  type RotationInput,
  type RotationOutput,
  type RotationStep,
  secondsLeft,
} from '../core/key-rotation.ts';
import { addSeconds, type EpochSeconds } from '../core/time.ts';
import { type KeyMakers, makeKeys, replicateKey } from '../signing-keys/make-keys.ts';

export interface RotationDeps extends KeyMakers {
  /** How long a key is published before it signs. */
  readonly publishSeconds: number;
  /** How long a key stays published after it signed last; longer than any token lives. */
  readonly retireSeconds: number;
  /** What an operator may want to know of a step: key ids and states, nothing secret. */
  readonly note: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

type Step = (
  deps: RotationDeps,
  input: RotationInput,
  now: EpochSeconds,
) => Promise<RotationOutput>;

/** How often KMS is asked whether it has copied a key. */
const REPLICA_POLL_SECONDS = 5;

const DONE: RotationOutput = { outcome: 'done', waitSeconds: 0 };

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

  'replicate-keys': async (deps, { executionId }) => {
    const keys = await loadOwnKeys(deps, executionId);
    await Promise.all(keys.map((key) => replicateKey(deps.regionalKeys, key)));
    return DONE;
  },

  'check-replicas': async (deps, { executionId }) => {
    const keys = await loadOwnKeys(deps, executionId);
    const ready = await Promise.all(keys.map((key) => deps.regionalKeys.isReplicated(key.keyId)));
    if (ready.every(Boolean)) return DONE;
    return { outcome: 'pending', waitSeconds: REPLICA_POLL_SECONDS };
  },

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

  revoke: async (deps, input, now) => {
    const { executionId } = input;
    await moveAndWait(deps, input, { step: 'revoke', seconds: 0, now });
    const gone = await loadGoneKeys(deps, executionId);
    // Use ends everywhere before anything else is done about any of them.
    await Promise.all(gone.map(({ keyId }) => deps.regionalKeys.disable(keyId)));
    await deleteGoneKeys(deps, executionId, now);
    return DONE;
  },

  release: async ({ rotations }, { executionId }, now) => {
    const { rotation } = await rotations.load();
    const isReleased = rotation?.executionId === executionId && rotation.finishedAt !== undefined;
    if (!isReleased) await rotations.finish(executionId, now);
    return DONE;
  },
};

interface Moving {
  readonly step: MovingStep;
  /** How long to wait after it. */
  readonly seconds: number;
  readonly now: EpochSeconds;
}

/** One write for all keys and the record; repeated, it waits for what is left. */
async function moveAndWait(
  { rotations, note }: RotationDeps,
  { executionId }: RotationInput,
  { step, seconds, now }: Moving,
): Promise<RotationOutput> {
  const { keys, rotation } = await rotations.load();
  const own = requireOwn(rotation, executionId);
  const moves = planMoves(step, keys, own);
  if (moves.length === 0 && own.step === step) {
    return { outcome: 'done', waitSeconds: secondsLeft(own.stepAt, seconds, now) };
  }
  const progress: Progress = {
    ...{ step, now },
    ...(seconds > 0 && { nextAt: addSeconds(now, seconds) }),
  };
  await rotations.move(executionId, moves, progress);
  note('signing keys moved', { moves });
  return { outcome: 'done', waitSeconds: seconds };
}

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

/** The keys that the rotation has made, as long as it has the lock. */
async function loadOwnKeys({ rotations }: RotationDeps, executionId: string) {
  const { keys, rotation } = await rotations.load();
  requireOwn(rotation, executionId);
  return keys.filter((key) => key.generation === executionId);
}

async function deleteGoneKeys(
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
async function loadGoneKeys({ rotations }: RotationDeps, executionId: string) {
  const { keys, rotation } = await rotations.load();
  requireOwn(rotation, executionId);
  return keys.filter((key) => key.state === 'gone' && key.deletionScheduledAt === undefined);
}

function requireOwn(rotation: Rotation | undefined, executionId: string): Rotation {
  if (rotation?.executionId === executionId && rotation.finishedAt === undefined) return rotation;
  throw new RotationSupersededError(executionId);
}
