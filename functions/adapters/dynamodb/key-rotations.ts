import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import { UnavailableError } from '../../core/errors.ts';
import {
  type KeyMove,
  mayBegin,
  type Rotation,
  type RotationStep,
} from '../../core/key-rotation.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { sendDynamo } from './send.ts';
import { decodeRotation, decodeSigningKeys, findRotation } from './signing-key-items.ts';
import {
  checkLock,
  moveKey,
  noteDeletion,
  putKey,
  putLock,
  updateLock,
} from './signing-key-writes.ts';
import { querySigningKeys } from './signing-keys.ts';
import { transact } from './transactions.ts';

/** Another rotation has taken the lock, or this one has ended: nothing was written. */
export class RotationSupersededError extends Error {
  constructor(executionId: string) {
    super(`the rotation ${executionId} is not the one that is recorded as running`);
    this.name = 'RotationSupersededError';
  }
}

/** How far a rotation has come: what was done, and when to go on. */
export interface Progress {
  readonly step: RotationStep;
  readonly now: EpochSeconds;
  readonly nextAt?: EpochSeconds;
}

export interface RecordedKeys {
  readonly keys: ReadonlyArray<SigningKey>;
  readonly rotation: Rotation | undefined;
}

/**
 * The signing keys as rotations see them. Every write names the rotation that makes it and fails
 * with RotationSupersededError once that one has lost the lock.
 */
export interface KeyRotations {
  load(): Promise<RecordedKeys>;
  /** Takes the lock; true also for who has it already. */
  begin(wanted: Pick<Rotation, 'executionId' | 'mode'>, now: EpochSeconds): Promise<boolean>;
  /** Writes down that keys are about to be made; true when that was written before. */
  announceCreation(executionId: string): Promise<boolean>;
  addCreated(executionId: string, key: SigningKey): Promise<void>;
  /** All or nothing. */
  move(executionId: string, moves: ReadonlyArray<KeyMove>, progress: Progress): Promise<void>;
  noteDeletion(executionId: string, kid: string, now: EpochSeconds): Promise<void>;
  /** Gives the lock back; the record stays, as the last rotation. */
  finish(executionId: string, now: EpochSeconds): Promise<void>;
}

interface KeyRotationsDeps {
  /** Of the primary region, where alone rotations write. */
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
}

export function createKeyRotations(deps: KeyRotationsDeps): KeyRotations {
  const { dynamo, directoryTable: table } = deps;

  async function load(): Promise<RecordedKeys> {
    const items = await querySigningKeys(deps, { isConsistent: true });
    return { keys: decodeSigningKeys(items), rotation: findRotation(items) };
  }

  /** With the lock, or not at all. */
  async function write(
    executionId: string,
    lock: TransactWriteItem,
    items: ReadonlyArray<TransactWriteItem>,
  ): Promise<void> {
    const failed = await transact(dynamo, [lock, ...items]);
    if (failed === undefined) return;
    if (failed === 0) throw new RotationSupersededError(executionId);
    // With the lock nobody else moves keys, but an attempt of ours that was given up too early.
    throw new UnavailableError('the record of signing keys', undefined);
  }

  return {
    load,

    async begin({ executionId, mode }, now) {
      const { rotation: recorded } = await load();
      if (recorded?.executionId === executionId) return recorded.finishedAt === undefined;
      if (recorded !== undefined && !mayBegin(recorded, mode, now)) return false;
      const lock = { executionId, mode, startedAt: now, step: 'begin', stepAt: now } as const;
      try {
        await sendDynamo(dynamo, new PutItemCommand(putLock(table, lock, recorded)));
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // Somebody was faster; perhaps an attempt of our own whose answer was lost.
        return error.Item !== undefined && decodeRotation(error.Item).executionId === executionId;
      }
    },

    async announceCreation(executionId) {
      try {
        const { Attributes: before } = await sendDynamo(
          dynamo,
          new UpdateItemCommand({
            ...updateLock(table, executionId, { isCreating: true }),
            ReturnValues: 'ALL_OLD',
          }),
        );
        return before?.['isCreating']?.BOOL === true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        throw new RotationSupersededError(executionId);
      }
    },

    addCreated: (executionId, key) =>
      write(executionId, checkLock(table, executionId), [
        putKey(table, key, actingOf(executionId, key.createdAt)),
      ]),

    move: (executionId, moves, { step, now, nextAt }) =>
      write(
        executionId,
        { Update: updateLock(table, executionId, { step, stepAt: now, nextAt: nextAt ?? null }) },
        moves.map((move) => moveKey(table, move, actingOf(executionId, now))),
      ),

    noteDeletion: (executionId, kid, now) =>
      write(executionId, checkLock(table, executionId), [noteDeletion(table, kid, now)]),

    finish: (executionId, now) =>
      write(
        executionId,
        {
          Update: updateLock(table, executionId, {
            ...{ step: 'release', stepAt: now, finishedAt: now, nextAt: null },
          }),
        },
        [],
      ),
  };
}

/** A rotation, or the provisioning of the first keys. */
function actingOf(executionId: string, at: EpochSeconds): Acting {
  return { actor: { type: 'system', name: 'rotation' }, requestId: executionId, at };
}
