/** Workflows in the whole local cloud: as the machine's role, after a restart, by the control API. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import type { Stack } from '../../local/types.ts';
import { createRotations, PUBLISHED_SECONDS, type Rotations } from '../flows/key-rotations.ts';
import { startTestCloud, type TestCloud, type TestCloudOptions } from '../harness/cloud.ts';

const ViewsSchema = z.array(
  z.looseObject({ states: z.array(z.looseObject({ name: z.string() })) }),
);
const STATES = [
  'CheckMode Begin HasBegun CreateKeys ReplicateKeys CheckReplicas AreReplicated IsEmergency',
  'PublishNext WaitPublished Activate WaitRetired Retire Release Rotated',
].flatMap((line) => line.split(' '));

async function withCloud(
  options: TestCloudOptions,
  use: (cloud: TestCloud, rotations: Rotations) => Promise<void>,
): Promise<void> {
  const cloud = await startTestCloud(options);
  const rotations = createRotations(cloud);
  try {
    await use(cloud, rotations);
  } finally {
    rotations.close();
    await cloud.close();
  }
}

async function control(cloud: TestCloud, path: string, body: object): Promise<Response> {
  const url = `${cloud.issuer}/_local/api/${path}`;
  return await fetch(url, { method: 'POST', body: JSON.stringify(body) });
}

test('a workflow calls its functions as its own role', async () => {
  const transformTemplate = (stack: Stack) => {
    const id = Object.keys(stack.template.Resources).find((one) =>
      one.startsWith('KeyRotationWorkflowRole'),
    );
    return id === undefined ? stack : withoutStatement(stack, `${stack.name}/${id}/workflow#0`);
  };
  await withCloud({ transformTemplate }, async (cloud, rotations) => {
    const execution = await rotations.start('on-demand');
    expect(rotations.view(execution)).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: expect.stringContaining('is not authorized to perform: lambda:InvokeFunction'),
    });
    expect(cloud.calls().filter(({ service }) => service === 'lambda')).toContainEqual(
      expect.objectContaining({
        principal: 'domicile-key-rotation',
        outcome: 'AccessDeniedException',
      }),
    );
  });
});

test('a workflow that waits goes on after a restart', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'states-cloud-'));
  let execution = '';
  await withCloud({ dataDirectory }, async (_, rotations) => {
    execution = await rotations.start('on-demand');
    expect(rotations.view(execution).states.at(-1)?.name).toBe('WaitPublished');
  });
  await withCloud({ dataDirectory }, async (cloud, rotations) => {
    await cloud.advance(PUBLISHED_SECONDS);
    expect(rotations.view(execution).states.at(-1)?.name).toBe('WaitRetired');
    expect((await rotations.finish(execution)).status).toBe('SUCCEEDED');
  });
});

describe('the control API', () => {
  let cloud: TestCloud;
  let rotations: Rotations;
  beforeAll(async () => {
    cloud = await startTestCloud();
    rotations = createRotations(cloud);
  });
  afterAll(async () => {
    rotations?.close();
    await cloud?.close();
  });
  beforeEach(() => cloud.reset());

  test('tells executions state by state, and redrives those that failed', async () => {
    cloud.fault({ service: 'kms', operation: 'CreateKey', kind: 'error', times: 1000 });
    const arn = await rotations.start('on-demand');
    const [failed] = await listExecutions(cloud);
    expect(failed).toMatchObject({ arn, status: 'FAILED', machine: 'domicile-key-rotation' });
    expect(failed?.states.at(-1)).toMatchObject({
      name: 'CreateKeys',
      type: 'Task',
      status: 'failed',
      attempts: 6,
    });

    cloud.clearFaults();
    expect((await control(cloud, 'redrives', { arn })).status).toBe(201);
    await cloud.advance(1);
    await rotations.finish(arn);
    const [redriven] = await listExecutions(cloud);
    expect(redriven).toMatchObject({ status: 'SUCCEEDED', redrives: 1 });
    const names = redriven?.states.map(({ name }) => name) ?? [];
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual(STATES);
  });

  test('refuses to redrive what runs and what is unknown', async () => {
    const arn = await rotations.start('on-demand');
    const refused = await control(cloud, 'redrives', { arn });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: 'ExecutionNotRedrivable' });
    expect((await control(cloud, 'redrives', { arn: `${arn}x` })).status).toBe(404);
    expect((await control(cloud, 'redrives', {})).status).toBe(400);
  });

  test('forgets executions with a reset', async () => {
    await rotations.start('on-demand');
    await control(cloud, 'reset', {});
    expect(await listExecutions(cloud)).toEqual([]);
    await cloud.advance(PUBLISHED_SECONDS);
    expect(await rotations.recordedKeys()).toHaveLength(2);
  });
});

async function listExecutions(cloud: TestCloud) {
  const answer = await fetch(`${cloud.issuer}/_local/api/executions`);
  return ViewsSchema.parse(await answer.json());
}
