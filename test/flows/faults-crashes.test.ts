import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../local/types.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { CRASHES, type Stage, setStage } from './interruptible-flows.ts';

describe('a request whose container dies', () => {
  let cloud: TestCloud;
  let stage: Stage;

  beforeAll(async () => {
    cloud = await startTestCloud({
      parameters: { OneTimeCodeMailsPerHourAndSource: '10000' },
    });
    stage = await setStage(cloud);
  });
  afterAll(() => cloud.close());

  function inject(call: string, kind: Fault['kind']): void {
    const [service = '', operation = ''] = call.split(':');
    cloud.fault({ service, operation, kind });
  }

  test.each(CRASHES.before)(
    '$name can be repeated when it died before $call',
    async ({ flow, call }) => {
      const act = await flow.prepare(stage);
      inject(call, 'crash-before');

      expect((await act()).status).toBe(500);
      expectDone(await act(), flow.saysDone);
    },
  );

  test.each(CRASHES.after)(
    '$name succeeds when repeated, or says that it was done, when it died after $call',
    async ({ flow, call }) => {
      const act = await flow.prepare(stage);
      inject(call, 'crash-after');

      expect((await act()).status).toBe(500);
      expectDone(await act(), flow.saysDone);
    },
  );

  function expectDone(
    { isDone, status, body }: { isDone: boolean; status: number; body: string },
    saysDone: string | undefined,
  ): void {
    if (isDone) return;
    expect(saysDone, `status ${status}`).toBeDefined();
    expect(status).toBeLessThan(500);
    expect(body).toContain(saysDone);
  }
});
