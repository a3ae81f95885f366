import type { EpochSeconds } from './time.ts';

/** `emergency`: the old keys are revoked at once; whoever cached them refuses what is signed now. */
export type RotationMode = 'scheduled' | 'on-demand' | 'emergency';

export const ROTATION_MODES: ReadonlyArray<RotationMode> = ['scheduled', 'on-demand', 'emergency'];

/**
 * The steps of a rotation, in their order. `publish-next` and `retire` belong to an orderly one,
 * `revoke` takes the place of both in an emergency. Each can be repeated, and goes on where it was
 * cut off.
 */
export const ROTATION_STEPS = [
  'begin',
  'create-keys',
  'replicate-keys',
  'check-replicas',
  'publish-next',
  'activate',
  'retire',
  'revoke',
  'release',
] as const;

export type RotationStep = (typeof ROTATION_STEPS)[number];

/** What the state machine sends to the rotation function. Nothing in it is secret or personal. */
export interface RotationInput {
  readonly step: RotationStep;
  /** Name of the Step Functions execution; the generation of the keys that it makes. */
  readonly executionId: string;
  readonly mode: RotationMode;
}

/**
 * `already-running`: answer of `begin` when another execution has the lock. `pending`: answer of
 * `check-replicas` while KMS is still copying a key. Otherwise `done`.
 */
export interface RotationOutput {
  readonly outcome: 'done' | 'already-running' | 'pending';
  /** Seconds to wait before the next step, or before `check-replicas` is asked again. */
  readonly waitSeconds: number;
}

/** How long verifiers are told to keep the JWK Set (`Cache-Control: max-age`). */
export const JWKS_MAX_AGE_SECONDS = 300;

/** How long a container keeps the signing keys that it read. */
export const SIGNING_KEYS_KNOWN_FOR_SECONDS = 60;

/** Allowed for the directory's replicas to follow; usually a second. */
const REPLICATION_SECONDS = 600;

/**
 * No key signs before every verifier that honours `max-age` has had to fetch it. Below one hour, the
 * least that an operator can choose to publish a key ahead.
 */
export const LEAST_PUBLISHED_SECONDS =
  JWKS_MAX_AGE_SECONDS + SIGNING_KEYS_KNOWN_FOR_SECONDS + REPLICATION_SECONDS;

/** What is left of a wait that began at `since`; never negative. */
export function secondsLeft(
  since: EpochSeconds,
  durationSeconds: number,
  now: EpochSeconds,
): number {
  return Math.max(0, since + durationSeconds - now);
}
