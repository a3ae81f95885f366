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

interface Cut {
  readonly principal: string;
  readonly state: string;
  /** Which of the calls that the principal makes in that state, from 1. */
  readonly call: number;
  readonly kind: Fault['kind'];
}

/** Cuts once; answers whether it came to that. */
async function cutting(cut: Cut, work: () => Promise<void>): Promise<boolean> {
  const { faults } = cloud.cloud;
  const { take } = faults;
  let seen = 0;
  faults.take = (request, resources) => {
    const at = cloud.cloud.executions()[0]?.states.at(-1)?.name;
    if (request.principal.name !== cut.principal || at !== cut.state) {
      return take(request, resources);
    }
    seen += 1;
    return seen === cut.call
      ? { service: '*', operation: '*', kind: cut.kind, times: 1 }
      : take(request, resources);
  };
  try {
    await work();
  } finally {
    faults.take = take;
  }
  return seen >= cut.call;
}

/** Rotates once, cut off at that call and then redriven; false when there is no such call. */
async function rotateCutOff(mode: RotationMode, cut: Cut): Promise<boolean> {
  let execution = '';
  const wasCut = await cutting(cut, async () => {
    execution = await rotations.start(mode);
    await rotations.finish(execution);
  });
  if (wasCut) {
    expect(rotations.view(execution)).toMatchObject({ status: 'FAILED' });
    expect(rotations.view(execution).states.at(-1)).toMatchObject({ name: cut.state });
    await rotations.redrive(execution);
    await rotations.finish(execution);
  }
  const { status, error, cause, states } = rotations.view(execution);
  expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
  expect(states.at(-1)?.name).toBe('Rotated');
  await expectOneGeneration();
  return wasCut;
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

describe.each(MODES)('a rotation (%s) that crashes', (mode, states) => {
  test.each(
    states.flatMap((state) => [
      [state, 'before', 'crash-before'] as const,
      [state, 'after', 'crash-after'] as const,
    ]),
  )('in %s %s any of its AWS calls ends as if nothing had been', async (state, _, kind) => {
    let call = 1;
    while (await rotateCutOff(mode, { principal: FUNCTION, state, call, kind })) call += 1;
    expect(call).toBeGreaterThan(1);
    await expectNoOrphans();
  });
});

test.each(ORDERLY)('a call of the function that is lost in %s is made again', async (state) => {
  for (const kind of ['crash-before', 'crash-after'] as const) {
    const wasCut = await rotateCutOff('on-demand', { principal: MACHINE, state, call: 1, kind });
    expect(wasCut).toBe(true);
  }
  await expectNoOrphans();
});
