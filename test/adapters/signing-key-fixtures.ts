import { isDeepStrictEqual } from 'node:util';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { type KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import {
  createKeyRotations,
  type KeyRotations,
} from '../../functions/adapters/dynamodb/key-rotations.ts';
import { createRegionalKeys } from '../../functions/adapters/kms/regional-keys.ts';
import type {
  RotationInput,
  RotationMode,
  RotationOutput,
} from '../../functions/core/key-rotation.ts';
import type { SigningKey } from '../../functions/core/signing-key.ts';
import { addSeconds, type EpochSeconds } from '../../functions/core/time.ts';
import type { RotationDeps } from '../../functions/rotation/step.ts';
import { STEPS } from '../../functions/rotation/steps.ts';
import { NOW } from '../core/client-fixtures.ts';
import { KEYRING, openKms, PRIMARY, REPLICA, type TestKms } from '../local/kms-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

export const HOUR = 3600;
export const REGIONS = [PRIMARY, REPLICA] as const;

/** The function ended in the middle of it all. */
export class Crash extends Error {}

/** Which AWS call the function does not survive: before it reached AWS, or before its answer came. */
export interface CrashPoint {
  readonly call: number;
  readonly when: 'before' | 'after';
}

export interface KeyWorld {
  readonly deps: RotationDeps;
  readonly rotations: KeyRotations;
  readonly local: LocalDynamo;
  readonly kms: TestKms;
  now: EpochSeconds;
  /** The call to crash at; undefined again once it has. */
  crashAt: CrashPoint | undefined;
  calls: number;
  step(
    step: RotationInput['step'],
    mode?: RotationMode,
    executionId?: string,
  ): Promise<RotationOutput>;
  keys(): Promise<ReadonlyArray<SigningKey>>;
  /** `ES256 active`… of one generation, or of all. */
  states(generation?: string): Promise<ReadonlyArray<string>>;
  /** Ids of all keys but the keyring's in a region's KMS. */
  kmsKeys(region?: (typeof REGIONS)[number]): Promise<ReadonlyArray<string>>;
  /**
   * How things stand in KMS and on record; answers with what brings that back. Of keys that wait for
   * their deletion KMS has its own clock, which is not set back.
   */
  remember(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Directory and KMS of two regions, and the steps of a rotation on them. */
export async function startKeyWorld(): Promise<KeyWorld> {
  const local = await startLocalDynamo();
  const kms = await openKms();
  const rotations = createKeyRotations({ dynamo: local.dynamo, directoryTable: local.table });
  const regionalKeys = createRegionalKeys({
    primaryRegion: PRIMARY,
    regions: REGIONS,
    clientOf: (region) => kms.client(region === REPLICA ? REPLICA : PRIMARY),
    creator: kms.client(PRIMARY),
  });
  const world: KeyWorld = {
    deps: {
      ...{ rotations, regionalKeys },
      ...{ publishSeconds: 24 * HOUR, retireSeconds: 48 * HOUR },
      note: () => undefined,
    },
    ...{ rotations, local, kms, now: NOW, crashAt: undefined, calls: 0 },
    step: (step, mode = 'on-demand', executionId = 'r1') =>
      STEPS[step](world.deps, { step, mode, executionId }, world.now),
    keys: async () => (await rotations.load()).keys,
    async states(generation) {
      const keys = (await rotations.load()).keys;
      return keys
        .filter((key) => generation === undefined || key.generation === generation)
        .map((key) => `${key.algorithm} ${key.state}`)
        .toSorted();
    },
    async kmsKeys(region = PRIMARY) {
      const { Keys: keys = [] } = await kms
        .client(region)
        .send(new ListKeysCommand({ Limit: 1000 }));
      return keys
        .map(({ KeyId }) => String(KeyId))
        .filter((id) => id.startsWith('mrk-') && id !== KEYRING);
    },
    async remember() {
      const before = await scan(local);
      const { now } = world;
      await kms.vault.rememberSeed();
      return async () => {
        world.now = now;
        await kms.vault.reset();
        const found = await scan(local);
        const isIn = (items: typeof found) => (one: (typeof found)[number]) =>
          items.some((other) => isDeepStrictEqual(other, one));
        for (const { pk, sk } of found.filter((one) => !isIn(before)(one))) {
          const Key = { ...(pk && { pk }), ...(sk && { sk }) };
          await local.dynamo.send(new DeleteItemCommand({ TableName: local.table, Key }));
        }
        for (const Item of before.filter((one) => !isIn(found)(one))) {
          await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item }));
        }
      };
    },
    async close() {
      await kms.close();
      await local.close();
    },
  };
  for (const client of [local.dynamo, ...REGIONS.map((region) => kms.client(region))]) {
    crashWhenTold(client, world);
  }
  return world;
}

async function scan({ dynamo, table }: LocalDynamo) {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table }));
  return Items;
}

function crashWhenTold(client: DynamoDBClient | KMSClient, world: KeyWorld): void {
  const stack: Pick<KMSClient['middlewareStack'], 'add'> =
    client.middlewareStack as KMSClient['middlewareStack'];
  stack.add(
    (next) => async (args) => {
      world.calls += 1;
      const isNow = world.crashAt?.call === world.calls;
      const when = world.crashAt?.when;
      if (isNow) world.crashAt = undefined;
      if (isNow && when === 'before') throw new Crash();
      const output = await next(args);
      if (isNow) throw new Crash();
      return output;
    },
    { step: 'initialize' },
  );
}

const ORDERLY = [
  'begin',
  'create-keys',
  'replicate-keys',
  'check-replicas',
  'publish-next',
  'activate',
  'retire',
  'release',
] as const satisfies ReadonlyArray<RotationInput['step']>;

const AT_ONCE = [
  'begin',
  'create-keys',
  'replicate-keys',
  'check-replicas',
  'activate',
  'revoke',
  'release',
] as const satisfies ReadonlyArray<RotationInput['step']>;

export function stepsOf(mode: RotationMode): ReadonlyArray<RotationInput['step']> {
  return mode === 'emergency' ? AT_ONCE : ORDERLY;
}

/**
 * A rotation as the state machine drives it, whole or from a step on: crashes are redriven, waits are
 * waited.
 */
export async function rotate(
  world: KeyWorld,
  executionId: string,
  mode: RotationMode = 'on-demand',
  steps = stepsOf(mode),
): Promise<void> {
  for (const step of steps) {
    const { waitSeconds } = await redriven(() => world.step(step, mode, executionId));
    world.now = addSeconds(world.now, waitSeconds);
  }
}

export async function redriven<Output>(run: () => Promise<Output>): Promise<Output> {
  try {
    return await run();
  } catch (error) {
    if (!isCrash(error)) throw error;
    return await run();
  }
}

function isCrash(error: unknown): boolean {
  return error instanceof Crash || (error instanceof Error && error.cause instanceof Crash);
}
