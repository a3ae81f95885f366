import { InvariantError } from './errors.ts';
import { SIGNING_ALGORITHMS, type SigningKey, type SigningKeyState } from './signing-key.ts';
import { addSeconds, type EpochSeconds } from './time.ts';

/** `emergency`: the old keys are revoked at once; whoever cached them refuses what is signed now. */
export type RotationMode = 'scheduled' | 'on-demand' | 'emergency';

export const ROTATION_MODES = [
  'scheduled',
  'on-demand',
  'emergency',
] as const satisfies ReadonlyArray<RotationMode>;

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
 * `check-replicas` and `revoke` while a region has not followed. Otherwise `done`.
 */
export interface RotationOutput {
  readonly outcome: 'done' | 'already-running' | 'pending';
  /** Seconds to wait before the next step, or before a step that is pending is repeated. */
  readonly waitSeconds: number;
}

/** How long verifiers are told to keep the JWK Set (`Cache-Control: max-age`). */
export const JWKS_MAX_AGE_SECONDS = 300;

/**
 * How long CloudFront may (`s-maxage`, RFC 9111 §5.2.2.10): verifiers that fetch the set again in an
 * emergency must not get the revoked keys from there.
 */
export const JWKS_SHARED_MAX_AGE_SECONDS = 10;

/** How long a container keeps the signing keys that it read. */
export const SIGNING_KEYS_KNOWN_FOR_SECONDS = 60;

/** Allowed for the directory's replicas to follow; usually a second. */
const REPLICATION_SECONDS = 600;

/**
 * No key signs before every verifier that honours `max-age` has had to fetch it. Below one hour, the
 * least that an operator can choose to publish a key ahead.
 */
export const LEAST_PUBLISHED_SECONDS =
  JWKS_MAX_AGE_SECONDS +
  JWKS_SHARED_MAX_AGE_SECONDS +
  SIGNING_KEYS_KNOWN_FOR_SECONDS +
  REPLICATION_SECONDS;

/**
 * After this, a rotation that never ended is dead: a run may take 60 days, and a failed one can be
 * redriven for 14 more. Until then nobody but an emergency takes its lock.
 */
const LONGEST_ROTATION_SECONDS = 75 * 86_400;

/**
 * An emergency reaches its next recorded step sooner, unless it has failed. If it has not, taking its
 * lock does no harm: its later steps change nothing.
 */
const EMERGENCY_STALLED_SECONDS = 180;

/** Who rotates, since when and how far: one record, which is the lock as well. */
export interface Rotation {
  readonly executionId: string;
  /** `first`: the deployment's first keys, made by provisioning. */
  readonly mode: RotationMode | 'first';
  readonly startedAt: EpochSeconds;
  /** The last step that is done. */
  readonly step: RotationStep;
  readonly stepAt: EpochSeconds;
  /** When the next step is due; absent when nothing is waited for. */
  readonly nextAt?: EpochSeconds;
  readonly finishedAt?: EpochSeconds;
}

/** Whether another rotation may begin beside what is recorded. */
export function mayBegin(recorded: Rotation, mode: Rotation['mode'], now: EpochSeconds): boolean {
  if (recorded.finishedAt !== undefined) return true;
  if (mode === 'emergency') return recorded.mode !== 'emergency' || isOvertaken(recorded, now);
  return addSeconds(recorded.startedAt, LONGEST_ROTATION_SECONDS) <= now;
}

/** An emergency that only waits for regions any more, or that has stopped on its way. */
function isOvertaken({ step, stepAt }: Rotation, now: EpochSeconds): boolean {
  return step === 'revoke' || addSeconds(stepAt, EMERGENCY_STALLED_SECONDS) <= now;
}

/** What comes after the last step that is done; undefined when nothing does. */
export function nextStepOf({ step, mode }: Rotation): RotationStep | undefined {
  const steps = isUrgent({ mode }) ? URGENT_STEPS : ORDERLY_STEPS;
  return steps[steps.indexOf(step) + 1];
}

/** Emergencies, and the first keys of all: nobody has to hear of a key before it signs. */
function isUrgent({ mode }: Pick<Rotation, 'mode'>): boolean {
  return mode === 'emergency' || mode === 'first';
}

/** Of those that leave a record: keys are made and copied between the first two. */
const ORDERLY_STEPS: ReadonlyArray<RotationStep> = [
  'begin',
  'publish-next',
  'activate',
  'retire',
  'release',
];
const URGENT_STEPS: ReadonlyArray<RotationStep> = ['begin', 'activate', 'revoke', 'release'];

/** One key from one state to the next. */
export interface KeyMove {
  readonly kid: string;
  readonly from: SigningKeyState;
  readonly to: SigningKeyState;
  /** In an emergency: what the key has signed proves nothing from then on. */
  readonly isRevoked?: true;
}

export type MovingStep = Extract<RotationStep, 'publish-next' | 'activate' | 'retire' | 'revoke'>;

/**
 * What a step has to move, given where the keys are: nothing when it was done before. Throws
 * InvariantError when the rotation has not made a key for each algorithm, or took them in another
 * order.
 */
export function planMoves(
  step: MovingStep,
  keys: ReadonlyArray<SigningKey>,
  rotation: Pick<Rotation, 'executionId' | 'mode'>,
): ReadonlyArray<KeyMove> {
  const isOwn = (key: SigningKey) => key.generation === rotation.executionId;
  const own = keys.filter(isOwn);
  const others = keys.filter((key) => !isOwn(key));
  requireOnePerAlgorithm(own);
  switch (step) {
    case 'publish-next':
      return moves(own, ['created'], 'next');
    case 'activate':
      return [
        ...moves(isUrgent(rotation) ? own : requireBeyond(own, 'created'), READY, 'active'),
        // In an emergency too: a replica that has half of this must be left with a key that signs.
        ...moves(others, ['active'], 'retiring'),
      ];
    case 'retire':
      // Beside the one that it replaced, what a rotation left that was cut off for good.
      requireBeyond(requireBeyond(own, 'created'), 'next');
      return moves(others, NOT_GONE, 'gone');
    case 'revoke':
      // Whoever has the old key must find nobody who still believes it.
      requireBeyond(requireBeyond(own, 'created'), 'next');
      return moves(others, NOT_GONE, 'gone').map((move) => ({ ...move, isRevoked: true }));
  }
}

const READY: ReadonlyArray<SigningKeyState> = ['created', 'next'];

const NOT_GONE: ReadonlyArray<SigningKeyState> = ['created', 'next', 'active', 'retiring'];

function moves(
  keys: ReadonlyArray<SigningKey>,
  from: ReadonlyArray<SigningKeyState>,
  to: SigningKeyState,
): ReadonlyArray<KeyMove> {
  return keys
    .filter(({ state }) => from.includes(state))
    .map(({ kid, state }) => ({ kid, from: state, to }));
}

function requireOnePerAlgorithm(own: ReadonlyArray<SigningKey>): void {
  const isComplete = SIGNING_ALGORITHMS.every(
    (algorithm) => own.filter((key) => key.algorithm === algorithm).length === 1,
  );
  if (!isComplete) throw new InvariantError('the rotation has not made one key per algorithm');
}

function requireBeyond(
  own: ReadonlyArray<SigningKey>,
  early: SigningKeyState,
): ReadonlyArray<SigningKey> {
  if (own.some(({ state }) => state === early)) {
    throw new InvariantError(`a key of the rotation is still ${early}: its steps are out of order`);
  }
  return own;
}

const [SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS] = [5, 60];

/** Later each time, for what usually takes seconds and may take a day. */
export function secondsUntilNextTry(waitedSeconds: number): number {
  const pause = Math.max(SHORTEST_PAUSE_SECONDS, Math.ceil(waitedSeconds / 2));
  return Math.min(LONGEST_PAUSE_SECONDS, pause);
}

/** What is left of a wait that began at `since`; never negative. */
export function secondsLeft(
  since: EpochSeconds,
  durationSeconds: number,
  now: EpochSeconds,
): number {
  return Math.max(0, since + durationSeconds - now);
}
