import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  LEAST_PUBLISHED_SECONDS,
  ROTATION_STEPS,
  type RotationMode,
} from '../../functions/core/key-rotation.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { ensureSigningKeys } from '../../functions/provision/first-keys.ts';
import { REPLICA } from '../local/kms-fixtures.ts';
import {
  type CrashPoint,
  HOUR,
  type KeyWorld,
  REGIONS,
  redriven,
  rotate,
  startKeyWorld,
  stepsOf,
} from './signing-key-fixtures.ts';

const DAY = 24 * HOUR;

let world: KeyWorld;

beforeEach(async () => {
  world = await startKeyWorld();
  await ensureSigningKeys(world.deps, world.now);
});
afterEach(() => world.close());

async function stateInKms(keyId: string, region: (typeof REGIONS)[number]) {
  const { KeyMetadata: key } = await world.kms
    .client(region)
    .send(new DescribeKeyCommand({ KeyId: keyId }));
  return key?.KeyState;
}

describe('the first signing keys', () => {
  it('are active at once, one per algorithm, and are in every region', async () => {
    expect(await world.states()).toEqual(['ES256 active', 'RS256 active']);
    const ids = (await world.keys()).map(({ keyId }) => keyId).toSorted();
    for (const region of REGIONS) expect((await world.kmsKeys(region)).toSorted()).toEqual(ids);
  });

  it('are kept by every later deployment', async () => {
    const before = await world.keys();
    expect(await ensureSigningKeys(world.deps, addSeconds(world.now, 9))).toBe('kept');
    expect(await world.keys()).toEqual(before);
    expect(await world.kmsKeys()).toHaveLength(2);
  });
});

describe('a rotation', () => {
  it('takes keys through next, active, retiring and gone', async () => {
    await world.step('begin');
    await world.step('create-keys');
    expect(await world.states('r1')).toEqual(['ES256 created', 'RS256 created']);
    await world.step('replicate-keys');
    expect(await world.step('check-replicas')).toEqual({ outcome: 'done', waitSeconds: 0 });
    const published = await world.step('publish-next');
    expect(published.waitSeconds).toBe(24 * HOUR);
    expect(await world.states('r1')).toEqual(['ES256 next', 'RS256 next']);
    world.now = addSeconds(world.now, published.waitSeconds);
    const activated = await world.step('activate');
    expect(activated.waitSeconds).toBe(48 * HOUR);
    expect(await world.states('r1')).toEqual(['ES256 active', 'RS256 active']);
    expect(await world.states('first')).toEqual(['ES256 retiring', 'RS256 retiring']);
    world.now = addSeconds(world.now, activated.waitSeconds);
    await world.step('retire');
    await world.step('release');
    expect(await world.states('first')).toEqual(['ES256 gone', 'RS256 gone']);
  });

  it('has KMS delete what is gone, in every region, replicas before the primary key', async () => {
    const old = await world.keys();
    await rotate(world, 'r1');
    for (const { keyId } of old) {
      expect(await stateInKms(keyId, REPLICA)).toBe('PendingDeletion');
      expect(await stateInKms(keyId, REGIONS[0])).toBe('PendingReplicaDeletion');
    }
    const gone = (await world.keys()).filter(({ state }) => state === 'gone');
    expect(gone.map((key) => key.deletionScheduledAt)).toEqual([world.now, world.now]);
  });

  it('begins once: another finds the lock taken until the first has ended', async () => {
    expect(await world.step('begin', 'scheduled', 'r1')).toMatchObject({ outcome: 'done' });
    expect(await world.step('begin', 'scheduled', 'r1')).toMatchObject({ outcome: 'done' });
    expect(await world.step('begin', 'on-demand', 'r2')).toMatchObject({
      outcome: 'already-running',
    });
    const both = await Promise.all(['r3', 'r4'].map((id) => world.step('begin', 'scheduled', id)));
    expect(both.map(({ outcome }) => outcome)).toEqual(['already-running', 'already-running']);
    await rotate(world, 'r1');
    expect(await world.step('begin', 'on-demand', 'r2')).toMatchObject({ outcome: 'done' });
  });

  it('is begun by one of two that start at the same instant', async () => {
    const both = await Promise.all(['r1', 'r2'].map((id) => world.step('begin', 'scheduled', id)));
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['already-running', 'done']);
  });

  it('does not sign with keys that verifiers cannot know yet, however short the wait was made', async () => {
    for (const step of ['begin', 'create-keys', 'replicate-keys', 'publish-next'] as const) {
      await world.step(step);
    }
    world.now = addSeconds(world.now, LEAST_PUBLISHED_SECONDS - 1);
    await expect(world.step('activate')).rejects.toThrow('not been published for long enough');
    world.now = addSeconds(world.now, 1);
    await expect(world.step('activate')).resolves.toMatchObject({ outcome: 'done' });
  });

  it('waits only for what is left when a step is repeated', async () => {
    for (const step of ['begin', 'create-keys', 'replicate-keys', 'publish-next'] as const) {
      await world.step(step);
    }
    world.now = addSeconds(world.now, HOUR);
    expect(await world.step('publish-next')).toEqual({ outcome: 'done', waitSeconds: 23 * HOUR });
  });

  it('takes no step out of order', async () => {
    await world.step('begin');
    await expect(world.step('activate')).rejects.toThrow('one key per algorithm');
    await world.step('create-keys');
    await expect(world.step('activate')).rejects.toThrow('still created');
    await expect(world.step('retire')).rejects.toThrow('still created');
    expect(await world.states('first')).toEqual(['ES256 active', 'RS256 active']);
  });
});

describe('an emergency', () => {
  it('puts new keys in the place of the old ones at once, which can sign nowhere any more', async () => {
    const old = await world.keys();
    await rotate(world, 'e1', 'emergency');
    expect(await world.states('e1')).toEqual(['ES256 active', 'RS256 active']);
    expect(await world.states('first')).toEqual(['ES256 gone', 'RS256 gone']);
    for (const { keyId } of old) {
      for (const region of REGIONS) expect(await stateInKms(keyId, region)).toMatch(/^Pending/);
    }
  });

  it('takes the lock of a rotation on its way, which then changes nothing more', async () => {
    for (const step of ['begin', 'create-keys', 'replicate-keys', 'publish-next'] as const) {
      await world.step(step);
    }
    await rotate(world, 'e1', 'emergency');
    expect(await world.states('r1')).toEqual(['ES256 gone', 'RS256 gone']);
    world.now = addSeconds(world.now, 24 * HOUR);
    for (const step of ROTATION_STEPS.slice(1)) {
      await expect(world.step(step)).rejects.toThrow('r1 is not the one');
    }
    expect(await world.states('e1')).toEqual(['ES256 active', 'RS256 active']);
  });

  it('does not take the lock of another emergency', async () => {
    await world.step('begin', 'emergency', 'e1');
    expect(await world.step('begin', 'emergency', 'e2')).toMatchObject({
      outcome: 'already-running',
    });
  });
});

describe('a function that is cut off', () => {
  async function countCalls(run: () => Promise<unknown>): Promise<number> {
    world.calls = 0;
    await run();
    return world.calls;
  }

  async function crashPoints(
    run: () => Promise<unknown>,
    kinds: ReadonlyArray<CrashPoint['when']>,
  ): Promise<ReadonlyArray<CrashPoint>> {
    const calls = await countCalls(run);
    return Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) =>
      kinds.map((when) => ({ call, when })),
    );
  }

  /** Its keys are active, and nothing is left of the others in the end. */
  async function expectOneGeneration(id: string, place: unknown): Promise<void> {
    expect([place, world.crashAt]).toEqual([place, undefined]);
    expect([place, await world.states(id)]).toEqual([place, ['ES256 active', 'RS256 active']]);
    const left = (await world.keys()).filter(({ state }) => state !== 'gone');
    // Replicas wait for 30 days, then the primary key does.
    world.kms.clock.advance(31 * DAY);
    await world.kmsKeys();
    world.kms.clock.advance(31 * DAY);
    const ids = left.map(({ keyId }) => keyId).toSorted();
    expect([place, (await world.kmsKeys()).toSorted()]).toEqual([place, ids]);
  }

  it.each<[RotationMode, ReadonlyArray<CrashPoint['when']>]>([
    ['on-demand', ['before', 'after']],
    // Its steps are the same but for their order; an answer that was lost is the harder case.
    ['emergency', ['after']],
  ])(
    'at any call of a rotation (%s) goes on: same end, and no key that nobody wrote down',
    async (mode, kinds) => {
      const steps = stepsOf(mode);
      let tried = 0;
      for (const [index, step] of steps.entries()) {
        // What is done before a step nobody disturbs: it is done once for all crashes in it.
        const startOver = await world.remember();
        for (const point of await crashPoints(() => world.step(step, mode, mode), kinds)) {
          await startOver();
          world.calls = 0;
          world.crashAt = point;
          await rotate(world, mode, mode, steps.slice(index));
          await expectOneGeneration(mode, [step, point]);
          tried += 1;
        }
        await startOver();
        await rotate(world, mode, mode, [step]);
      }
      expect(tried).toBeGreaterThan(25);
    },
    120_000,
  );

  it('at any call of the first deployment goes on: one key per algorithm', async () => {
    const provision = () => ensureSigningKeys(world.deps, world.now);
    await world.close();
    world = await startKeyWorld();
    const startOver = await world.remember();
    for (const point of await crashPoints(provision, ['before', 'after'])) {
      await startOver();
      world.calls = 0;
      world.crashAt = point;
      await redriven(provision);
      expect([point, await world.states()]).toEqual([point, ['ES256 active', 'RS256 active']]);
      expect([point, await world.kmsKeys()]).toEqual([
        point,
        expect.objectContaining({ length: 2 }),
      ]);
    }
  }, 120_000);
});
