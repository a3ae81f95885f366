/** Rotations that are cut off at any call of any state, and redriven (ADR 0015). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RotationMode, RotationStep } from '../../functions/core/key-rotation.ts';
import type { Fault } from '../../local/types.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { type Cut, type Places, sharesOf } from './cut-off-places.ts';
import { cutOff, withoutRetries } from './cut-off-workflows.ts';
import { createRotations, type Rotations, statesOf } from './key-rotations.ts';

const CELLS = ['eu', 'us'];
const MACHINE = 'domicile-key-rotation';
const ROTATION = {
  functionName: 'domicile-rotation',
  subjectOf: ({ executionId }: Readonly<Record<string, unknown>>) => String(executionId),
  // Of several keys, and in several regions. What is recorded is written by one call at a time.
  sideBySide: /^kms /,
};

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

/** Rotates once, redriven wherever it fails; answers with the states that it failed in. */
async function rotate(mode: RotationMode, name: string): Promise<ReadonlyArray<string>> {
  const failedIn: Array<string> = [];
  const execution = await rotations.start(mode, name);
  let view = await rotations.finish(execution);
  while (view.status === 'FAILED' && failedIn.length < 20) {
    failedIn.push(view.states.at(-1)?.name ?? '');
    await rotations.redrive(execution);
    view = await rotations.finish(execution);
  }
  const { status, error, cause, states } = view;
  expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
  expect(states.at(-1)?.name).toBe('Rotated');
  await expectOneGeneration();
  return failedIn;
}

async function expectOneGeneration(): Promise<void> {
  const keys = await rotations.recordedKeys();
  const [active, others] = [
    keys.filter(({ state }) => state === 'active'),
    keys.filter(({ state }) => state !== 'active'),
  ];
  expect(statesOf(active)).toEqual(['ES256 active', 'RS256 active']);
  // What one rotation leaves to be deleted, the next one would delete.
  expect(others.filter(({ state, isEnding }) => state !== 'gone' || !isEnding)).toEqual([]);
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

/** Each state with the step that it asks the function for. */
const ORDERLY: ReadonlyArray<readonly [string, RotationStep]> = [
  ['Begin', 'begin'],
  ['CreateKeys', 'create-keys'],
  ['ReplicateKeys', 'replicate-keys'],
  ['CheckReplicas', 'check-replicas'],
  ['PublishNext', 'publish-next'],
  ['Activate', 'activate'],
  ['Retire', 'retire'],
  ['Release', 'release'],
];
/** What comes before and after is the same. */
const AT_ONCE: ReadonlyArray<readonly [string, RotationStep]> = [
  ['ActivateAtOnce', 'activate'],
  ['RevokeOld', 'revoke'],
];

const Invocation = z.object({ step: z.string() });

test.each(['crash-before', 'crash-after'] as const)(
  'a call of the function that is lost (%s) is made again in every state',
  async (kind) => {
    const losing = loseOnce(kind);
    const failedIn = await rotate('on-demand', randomUUID());
    losing.stop();
    expect(failedIn).toEqual(ORDERLY.map(([state]) => state));
    await expectNoOrphans();
  },
);

/** The first call of the function in every state. */
function loseOnce(kind: Fault['kind']) {
  const { faults } = cloud.cloud;
  const { take } = faults;
  const lost = new Set<string>();
  faults.take = (request, resources) => {
    const isMeant = request.principal.name === MACHINE && request.operation === 'Invoke';
    if (!isMeant) return take(request, resources);
    const { step } = Invocation.parse(JSON.parse(String(request.input['Payload'])));
    if (lost.has(step)) return take(request, resources);
    lost.add(step);
    return { service: 'lambda', operation: 'Invoke', kind, times: 1 };
  };
  return {
    stop: () => {
      faults.take = take;
    },
  };
}

/** One rotation is cut off in each state: what a state left behind would meet those after it. */
describe.each([
  ['on-demand', ORDERLY, ['CheckReplicas']],
  ['emergency', AT_ONCE, []],
] as const)('a rotation (%s) that crashes in each of its states', (mode, states, readingAlone) => {
  test('before or after any of its AWS calls ends as if nothing had been', async () => {
    const places = await findPlaces();
    expect(states.filter(([, step]) => (places.get(step)?.length ?? 0) === 0)).toEqual([]);
    const reading = states.filter(([, step]) => places.get(step)?.length === 1);
    expect(reading.map(([state]) => state)).toEqual(readingAlone);
    const shares = [...sharesOf(places)];
    while (shares.length > 0) {
      // To make keys takes longer than to begin anew, where the same ones are handed out again.
      await cloud.reset();
      for (const cuts of shares.splice(0, 6)) await rotateCutOff(places, cuts);
      await expectNoOrphans();
    }
  });

  async function rotateCutOff(places: Places, cuts: ReadonlyArray<Cut>): Promise<void> {
    const name = randomUUID();
    const watched = cutOff(cloud, { ...ROTATION, plans: new Map([[name, cuts]]), places });
    const failedIn = await rotate(mode, name);
    watched.stop();
    expect(watched.missed()).toEqual([]);
    expect([cuts, failedIn]).toEqual([cuts, statesCutOff(places, cuts)]);
  }

  /** In a rotation that nothing disturbs: before the first call of each state, and what it writes. */
  async function findPlaces(): Promise<Places> {
    const name = randomUUID();
    const counted = cutOff(cloud, ROTATION);
    expect(await rotate(mode, name)).toEqual([]);
    counted.stop();
    return counted.placesOf(
      name,
      states.map(([, step]) => step),
    );
  }

  /** In their order, each as often as it is cut off. */
  function statesCutOff(places: Places, cuts: ReadonlyArray<Cut>): ReadonlyArray<string> {
    return states.flatMap(([state, step]) => {
      const made = cuts.filter((cut) => cut <= (places.get(step)?.length ?? 0));
      return made.map(() => state);
    });
  }
});
