/** Rotations that are cut off at any call of any state, and redriven (ADR 0015). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RotationMode } from '../../functions/core/key-rotation.ts';
import type { Fault, Stack } from '../../local/types.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createRotations, type Rotations, statesOf } from './key-rotations.ts';

const CELLS = ['eu', 'us'];
const FUNCTION = 'domicile-rotation';
const MACHINE = 'domicile-key-rotation';

let cloud: TestCloud;
let rotations: Rotations;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: CELLS, transformTemplate: withoutRetries });
  rotations = createRotations(cloud);
});
afterAll(async () => {
  rotations?.close();
  await cloud?.close();
});
beforeEach(() => cloud.reset());

/** So that one crash fails the execution, and not the sixth. */
function withoutRetries(stack: Stack): Stack {
  const text = JSON.stringify(stack.template).replace(/\\"Retry\\":\[\{.*?\}\],/g, '');
  return { ...stack, template: JSON.parse(text) };
}

interface Cuts {
  readonly principal: string;
  readonly states: ReadonlyArray<string>;
  /** Which of the calls that the principal makes in a state, from 1; states that make fewer stay whole. */
  readonly callIn: (state: string) => number;
  readonly kind: Fault['kind'];
}

/** How many calls were made in each state, up to the one that was cut off and with it. */
type Calls = ReadonlyMap<string, number>;

/** Cuts once in every state. */
async function cutting(cuts: Cuts, work: () => Promise<void>): Promise<Calls> {
  const { faults } = cloud.cloud;
  const { take } = faults;
  const seen = new Map(cuts.states.map((state) => [state, 0]));
  faults.take = (request, resources) => {
    const isMeant = request.principal.name === cuts.principal;
    const state = isMeant ? cloud.cloud.executions()[0]?.states.at(-1)?.name : undefined;
    const before = seen.get(state ?? '');
    // What is done again once it was cut off is left alone.
    if (state === undefined || before === undefined || before === cuts.callIn(state)) {
      return take(request, resources);
    }
    seen.set(state, before + 1);
    return before + 1 === cuts.callIn(state)
      ? { service: '*', operation: '*', kind: cuts.kind, times: 1 }
      : take(request, resources);
  };
  try {
    await work();
  } finally {
    faults.take = take;
  }
  return seen;
}

/** Rotates once, redriven wherever it was cut off; answers with the calls made in each state. */
async function rotateCutOff(mode: RotationMode, cuts: Cuts): Promise<Calls> {
  let execution = '';
  const failedIn: Array<string> = [];
  const calls = await cutting(cuts, async () => {
    execution = await rotations.start(mode);
    let view = await rotations.finish(execution);
    while (view.status === 'FAILED' && failedIn.length < cuts.states.length) {
      failedIn.push(view.states.at(-1)?.name ?? '');
      await rotations.redrive(execution);
      view = await rotations.finish(execution);
    }
  });
  expect(failedIn).toEqual(cuts.states.filter((state) => calls.get(state) === cuts.callIn(state)));
  const { status, error, cause, states } = rotations.view(execution);
  expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
  expect(states.at(-1)?.name).toBe('Rotated');
  await expectOneGeneration();
  return calls;
}

async function expectOneGeneration(): Promise<void> {
  const keys = await rotations.recordedKeys();
  const [active, others] = [
    keys.filter(({ state }) => state === 'active'),
    keys.filter(({ state }) => state !== 'active'),
  ];
  expect(statesOf(active)).toEqual(['ES256 active', 'RS256 active']);
  expect(others.filter(({ state }) => state !== 'gone')).toEqual([]);
}

/** In every region KMS has what is recorded and nothing else, and what is gone is on its way out. */
async function expectNoOrphans(): Promise<void> {
  const keys = await rotations.recordedKeys();
  const active = keys.filter(({ state }) => state === 'active').map(({ keyId }) => keyId);
  for (const cell of CELLS) {
    expect(await rotations.recordedKeys(cell)).toEqual(keys);
    for (const { keyId, state } of await rotations.kmsKeys(cell)) {
      expect(keys.map((key) => key.keyId)).toContain(keyId);
      const wanted = active.includes(keyId) ? ['Enabled'] : ['PendingDeletion', DELETING_REPLICAS];
      expect(wanted).toContain(state);
    }
  }
}

/** A primary key goes when its replicas have gone. */
const DELETING_REPLICAS = 'PendingReplicaDeletion';

const ORDERLY = [
  'Begin',
  'CreateKeys',
  'ReplicateKeys',
  'CheckReplicas',
  'PublishNext',
  'Activate',
  'Retire',
  'Release',
];
const MODES: ReadonlyArray<readonly [RotationMode, ReadonlyArray<string>]> = [
  ['on-demand', ORDERLY],
  // What comes before and after is the same.
  ['emergency', ['ActivateAtOnce', 'RevokeOld']],
];

/**
 * One rotation is cut off once in each state: what a state left behind would meet those after it. After
 * a call is not always before the next: replicas of several regions are made side by side.
 */
describe.each(MODES)('a rotation (%s) that crashes in each of its states', (mode, states) => {
  let whole: Calls;

  beforeEach(async () => {
    const cuts = { principal: FUNCTION, states, kind: 'crash-before' } as const;
    whole = await rotateCutOff(mode, { ...cuts, callIn: () => Number.POSITIVE_INFINITY });
    expect(Math.min(...whole.values())).toBeGreaterThan(1);
  });

  test.each([
    ['before', 'crash-before'],
    ['after', 'crash-after'],
  ] as const)('%s any of its AWS calls ends as if nothing had been', async (_when, kind) => {
    const cuts = { principal: FUNCTION, states, kind };
    for (let call = 1; call <= Math.max(...whole.values()); call += 1) {
      const calls = await rotateCutOff(mode, { ...cuts, callIn: () => call });
      const wanted = states.map((state) => [state, Math.min(call, whole.get(state) ?? 0)]);
      expect([call, [...calls]]).toEqual([call, wanted]);
    }
    await expectNoOrphans();
  });
});

test.each(['crash-before', 'crash-after'] as const)(
  'a call of the function that is lost (%s) is made again in every state',
  async (kind) => {
    const cuts = { principal: MACHINE, states: ORDERLY, callIn: () => 1, kind };
    const calls = await rotateCutOff('on-demand', cuts);
    expect([...calls]).toEqual(ORDERLY.map((state) => [state, 1]));
    await expectNoOrphans();
  },
);
