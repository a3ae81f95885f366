/** Emergencies while a cell is away, in a whole cloud (ADR 0015). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clientCredentials, registerMachine, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createRotations, type Rotations, statesOf } from './key-rotations.ts';
import { kidOf } from './key-verifiers.ts';

let cloud: TestCloud;
let rotations: Rotations;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us'] });
  rotations = createRotations(cloud);
});
afterAll(async () => {
  rotations?.close();
  await cloud?.close();
});
beforeEach(async () => {
  await cloud.setCell('us', 'up');
  await cloud.reset();
});

/** Until it waits for nothing but the region that is away. */
async function startWithoutUs(): Promise<string> {
  await cloud.setCell('us', 'down');
  const execution = await rotations.start('emergency');
  await cloud.advance(120);
  return execution;
}

async function usable(cell: string): Promise<ReadonlyArray<string>> {
  const keys = await rotations.kmsKeys(cell);
  return keys.filter(({ state }) => state === 'Enabled').map(({ keyId }) => keyId);
}

async function recordedAtHome() {
  const items = await cloud.items('directory', 'eu');
  return items.filter(({ pk, sk }) => pk === 'SIGNING-KEYS' && sk !== 'ROTATION');
}

test('an emergency goes on without a region that is away, and ends there when it is back', async () => {
  const old = await usable('eu');
  const execution = await startWithoutUs();
  const active = (await recordedAtHome()).filter(({ state }) => state === 'active');
  expect(await usable('eu')).toEqual(expect.arrayContaining(active.map(({ keyId }) => keyId)));
  expect((await usable('eu')).filter((keyId) => old.includes(keyId))).toEqual([]);
  expect(rotations.view(execution)).toMatchObject({ status: 'RUNNING' });

  await cloud.setCell('us', 'up');
  const { status, states } = await rotations.finish(execution);
  expect([status, states.at(-1)?.name]).toEqual(['SUCCEEDED', 'Rotated']);
  expect((await usable('us')).filter((keyId) => old.includes(keyId))).toEqual([]);
  const left = (await rotations.recordedKeys('us')).filter(({ state }) => state !== 'gone');
  expect(statesOf(left)).toEqual(['ES256 active', 'RS256 active']);
});

test('another emergency takes over from one that waits for a region', async () => {
  const first = await startWithoutUs();
  const second = await rotations.start('emergency');
  await cloud.advance(120);
  await cloud.setCell('us', 'up');
  expect((await rotations.finish(second)).status).toBe('SUCCEEDED');
  expect(rotations.view(first)).toMatchObject({ status: 'FAILED' });
  expect(await usable('us')).toHaveLength(2);
});

test('of two at the same instant the one that changes nothing fails, and says so', async () => {
  const both = await Promise.all([rotations.start('emergency'), rotations.start('emergency')]);
  const ends = both.map((one) => rotations.view(one)).map(({ status, error }) => error ?? status);
  expect(ends.toSorted()).toEqual(['EmergencyRunning', 'SUCCEEDED']);
});

test('keys sign from their first moment, though IAM has not heard of their tags', async () => {
  const late = await startTestCloud({ cells: ['eu', 'us'], tagDelaySeconds: 300 });
  const own = createRotations(late);
  try {
    const machine = await registerMachine(late);
    await late.flushReplication();
    const tokenOf = async (cell: string) => {
      late.setEntry(cell);
      return requireText(await clientCredentials(late, machine), 'access_token');
    };
    const old = kidOf(await tokenOf('us'));
    const execution = await own.start('emergency');
    await late.flushReplication();
    // Nothing tells containers of it before: the old keys are not disabled yet.
    await late.advance(60);
    for (const cell of ['eu', 'us']) expect(kidOf(await tokenOf(cell))).not.toBe(old);
    // What ends a key asks for the tag itself.
    expect(own.view(execution)).toMatchObject({ status: 'RUNNING' });
    expect(own.view(execution).states.at(-1)?.name).toBe('WaitForRegions');
    await late.advance(400);
    expect((await own.finish(execution)).states.at(-1)?.name).toBe('Rotated');
    const usable = (await own.kmsKeys('us')).filter(({ state }) => state === 'Enabled');
    expect(usable).toHaveLength(2);
  } finally {
    own.close();
    await late.close();
  }
});
