import { type Progress, RotationSupersededError } from '../adapters/dynamodb/key-rotations.ts';
import {
  type MovingStep,
  planMoves,
  type Rotation,
  type RotationInput,
  type RotationOutput,
  secondsLeft,
} from '../core/key-rotation.ts';
import type { SigningKey } from '../core/signing-key.ts';
import { addSeconds, type EpochSeconds } from '../core/time.ts';
import type { KeyMakers } from '../signing-keys/make-keys.ts';

export interface RotationDeps extends KeyMakers {
  /** How long a key is published before it signs. */
  readonly publishSeconds: number;
  /** How long a key stays published after it signed last; longer than any token lives. */
  readonly retireSeconds: number;
  /** What an operator may want to know of a step: key ids and states, nothing secret. */
  readonly note: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

export type Step = (
  deps: RotationDeps,
  input: RotationInput,
  now: EpochSeconds,
) => Promise<RotationOutput>;

export const DONE: RotationOutput = { outcome: 'done', waitSeconds: 0 };

interface Moving {
  readonly step: MovingStep;
  /** How long to wait after it. */
  readonly seconds: number;
  readonly now: EpochSeconds;
}

/** One write for all keys and the record; repeated, it waits for what is left. */
export async function moveAndWait(
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

/** The keys that the rotation has made, as long as it has the lock. */
export async function loadOwnKeys(
  { rotations }: RotationDeps,
  executionId: string,
): Promise<ReadonlyArray<SigningKey>> {
  const { keys, rotation } = await rotations.load();
  requireOwn(rotation, executionId);
  return keys.filter((key) => key.generation === executionId);
}

/** Throws RotationSupersededError. */
export function requireOwn(rotation: Rotation | undefined, executionId: string): Rotation {
  if (rotation?.executionId === executionId && rotation.finishedAt === undefined) return rotation;
  throw new RotationSupersededError(executionId);
}
