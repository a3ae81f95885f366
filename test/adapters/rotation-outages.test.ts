/** Rotations while a region of KMS is away (ADR 0015). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DescribeKeyCommand, DisableKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRegionalKeys } from '../../functions/adapters/kms/regional-keys.ts';
import type { RotationMode } from '../../functions/core/key-rotation.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { ensureSigningKeys } from '../../functions/provision/first-keys.ts';
import { PRIMARY, REPLICA } from '../local/kms-fixtures.ts';
import { type KeyWorld, startKeyWorld } from './signing-key-fixtures.ts';

let world: KeyWorld;
/** How KMS of the other region fails. */
let failure: string | undefined;

beforeEach(async () => {
  failure = undefined;
  world = await startKeyWorld();
  await ensureSigningKeys(world.deps, world.now);
  for (const region of [PRIMARY, REPLICA] as const) failWhenTold(world.kms.client(region), region);
});
afterEach(() => world.close());

function failWhenTold(client: KMSClient, region: string): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const isThere = region === REPLICA || 'ReplicaRegion' in args.input;
      if (failure === undefined || !isThere) return next(args);
      throw Object.assign(new Error(failure), { name: failure });
    },
    { step: 'initialize' },
  );
}

async function begin(mode: RotationMode, executionId = 'r1'): Promise<void> {
  await world.step('begin', mode, executionId);
  await world.step('create-keys', mode, executionId);
}

/** Repeats a step as the state machine does, until it is done; how long that took. */
async function untilDone(
  step: 'check-replicas' | 'revoke',
  mode: RotationMode,
  executionId = 'r1',
): Promise<number> {
  const since = world.now;
  for (;;) {
    const { outcome, waitSeconds } = await world.step(step, mode, executionId);
    if (outcome === 'done') return world.now - since;
    world.now = addSeconds(world.now, waitSeconds);
  }
}

async function oldKeyStates(region: typeof PRIMARY | typeof REPLICA) {
  const old = (await world.keys()).filter(({ generation }) => generation === 'first');
  const states = old.map(async ({ keyId: KeyId }) => {
    const { KeyMetadata } = await world.kms.client(region).send(new DescribeKeyCommand({ KeyId }));
    return KeyMetadata?.KeyState;
  });
  return Promise.all(states);
}

describe.each(['ServiceUnavailable', 'AccessDeniedException'])('a region says %s', (name) => {
  test('an emergency goes on without it within half a minute, and disables the old keys elsewhere', async () => {
    failure = name;
    await begin('emergency');
    await world.step('replicate-keys', 'emergency');
    expect(await untilDone('check-replicas', 'emergency')).toBeLessThanOrEqual(45);
    await world.step('activate', 'emergency');
    expect(await world.step('revoke', 'emergency')).toMatchObject({ outcome: 'pending' });
    expect(await world.states('r1')).toEqual(['ES256 active', 'RS256 active']);
    expect(await oldKeyStates(PRIMARY)).toEqual(['Disabled', 'Disabled']);
  });

  test('and gets there what it missed when it is back', async () => {
    failure = name;
    await begin('emergency');
    await world.step('replicate-keys', 'emergency');
    await untilDone('check-replicas', 'emergency');
    await world.step('activate', 'emergency');
    await world.step('revoke', 'emergency');
    failure = undefined;
    await untilDone('revoke', 'emergency');
    expect(await oldKeyStates(REPLICA)).toEqual(['PendingDeletion', 'PendingDeletion']);
    const keys = (await world.keys()).map(({ keyId }) => keyId).toSorted();
    expect((await world.kmsKeys(REPLICA)).toSorted()).toEqual(keys);
  });

  test('an orderly rotation asks again for what is missing, later each time', async () => {
    failure = name;
    await begin('on-demand');
    await expect(world.step('replicate-keys')).rejects.toThrow();
    failure = undefined;
    expect(await world.step('check-replicas')).toMatchObject({ outcome: 'pending' });
    expect(await untilDone('check-replicas', 'on-demand')).toBe(0);
  });
});

test('an orderly rotation fails after a quarter of an hour, and says which region is missing', async () => {
  await begin('on-demand');
  await world.step('replicate-keys');
  const [key] = (await world.keys()).filter(({ generation }) => generation === 'r1');
  const disabling = new DisableKeyCommand({ KeyId: key?.keyId });
  await world.kms.client(REPLICA).send(disabling);
  await expect(untilDone('check-replicas', 'on-demand')).rejects.toThrow(
    `not copied the new keys to ${REPLICA}`,
  );
});

test('what was never copied to a region is not ended there', async () => {
  await begin('emergency', 'e1');
  await begin('emergency', 'e1');
  world.now = addSeconds(world.now, 180);
  await begin('emergency', 'e2');
  await world.step('replicate-keys', 'emergency', 'e2');
  await world.step('activate', 'emergency', 'e2');
  const asked: Array<unknown> = [];
  world.kms.client(REPLICA).middlewareStack.add(
    (next) => async (args) => {
      asked.push('KeyId' in args.input ? args.input.KeyId : undefined);
      return next(args);
    },
    { step: 'initialize' },
  );
  expect(await untilDone('revoke', 'emergency', 'e2')).toBe(0);
  const unfinished = (await world.keys()).filter(({ generation }) => generation === 'e1');
  expect(unfinished.map(({ state }) => state)).toEqual(['gone', 'gone']);
  for (const { keyId } of unfinished) expect(asked).not.toContain(keyId);
});

test('refusals that last longer than IAM takes to hear of a tag fail the run', async () => {
  await begin('emergency');
  await world.step('replicate-keys', 'emergency');
  await world.step('activate', 'emergency');
  failure = 'AccessDeniedException';
  const before = world.now;
  await expect(untilDone('revoke', 'emergency')).rejects.toThrow('has not ended the use');
  expect(world.now - before).toBeLessThan(1000);
});

describe('a maker of keys that was cut off', () => {
  const origin = { generation: 'r1', algorithm: 'ES256' } as const;

  function refuseTags(message: string): void {
    world.kms.client(PRIMARY).middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== 'ListResourceTagsCommand') return next(args);
          throw Object.assign(new Error(message), { name: 'AccessDeniedException' });
        },
      { step: 'initialize' },
    );
  }

  test('makes no other key while one that may be its own cannot be read', async () => {
    refuseTags('because no identity-based policy allows the kms:ListResourceTags action');
    await expect(world.deps.regionalKeys.findCreated(origin)).rejects.toThrow('no identity-based');
  });

  test('is not held up by keys that are nobody of ours', async () => {
    refuseTags('because no resource-based policy allows the kms:ListResourceTags action');
    expect(await world.deps.regionalKeys.findCreated(origin)).toBeUndefined();
  });
});

test('KMS is asked for a key once: no answer may mean that there is one', async () => {
  let attempts = 0;
  const server = createServer((_, response) => {
    attempts += 1;
    response.writeHead(500).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  try {
    const keys = createRegionalKeys({ primaryRegion: PRIMARY, regions: [PRIMARY] });
    const making = keys.create({ generation: 'r1', algorithm: 'ES256' });
    await expect(making).rejects.toMatchObject({ name: 'UnavailableError' });
    expect(attempts).toBe(1);
  } finally {
    vi.unstubAllEnvs();
    server.close();
  }
});
