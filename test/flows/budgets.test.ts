import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measureFlow } from '../../bench/flow.ts';
import { FLOWS } from '../../bench/flows.ts';
import { overruns } from '../../bench/measure.ts';
import { type Stage, setStage } from '../../bench/stage.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

describe('AWS calls per flow (DESIGN §8)', () => {
  let cloud: TestCloud;
  let stage: Stage;

  beforeAll(async () => {
    // With AWS's latencies, calls that run side by side are seen to do so.
    cloud = await startTestCloud({ latency: 'aws' });
    stage = await setStage(cloud);
  });
  afterAll(() => cloud.close());

  test.each(FLOWS)('$name stays within $budget', async (flow) => {
    const measured = await measureFlow(flow, stage);

    expect(overruns(measured, flow.budget)).toEqual([]);
    expect(measured.records.map(({ outcome }) => outcome)).toEqual(
      measured.records.map(() => 'ok'),
    );
  });
});
