import {
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { DAY, startedPerTest, task, WAITING, WorkError } from './states-fixtures.ts';

const start = startedPerTest();

describe('a redrive', () => {
  const definition = {
    StartAt: 'First',
    States: {
      First: task({ Parameters: { step: 'first' }, ResultPath: '$.first', Next: 'Fan' }),
      Fan: {
        Type: 'Parallel',
        Branches: ['left', 'right'].map((step) => ({
          StartAt: step,
          States: { [step]: task({ Parameters: { step, 'first.$': '$.first' }, End: true }) },
        })),
        End: true,
      },
    },
  };

  it('begins at what failed, with its input, and leaves alone what had succeeded', async () => {
    const steps: Array<unknown> = [];
    let isBroken = true;
    const flow = await start(definition, ({ step, first }) => {
      steps.push(`${step} ${first}`);
      if (step === 'right' && isBroken) throw new WorkError('Broken');
      return step;
    });
    const { executionArn, ...failed } = await flow.run();
    expect(failed).toMatchObject({
      status: 'FAILED',
      error: 'Broken',
      redriveStatus: 'REDRIVABLE',
    });

    isBroken = false;
    const redriven = await flow.redrive(executionArn);
    expect(redriven).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
    expect(JSON.parse(redriven.output ?? '')).toEqual(['left', 'right']);
    expect(steps).toEqual(['first undefined', 'left first', 'right first', 'right first']);
    expect(await flow.history(executionArn)).toContain('ExecutionRedriven');
  });

  it('of what succeeded, of what runs and of what is unknown is refused', async () => {
    const flow = await start(WAITING, () => 'done');
    const { executionArn } = await flow.run({ seconds: DAY });
    await expect(flow.redrive(executionArn)).rejects.toThrow(ExecutionNotRedrivable);
    await flow.advance(DAY);
    await expect(flow.redrive(executionArn)).rejects.toThrow(ExecutionNotRedrivable);
    await expect(flow.redrive(`${executionArn}x`)).rejects.toThrow(ExecutionDoesNotExist);
  });

  it('is refused 14 days after the end', async () => {
    const flow = await start(definition, () => {
      throw new WorkError('Broken');
    });
    const { executionArn } = await flow.run();
    await flow.advance(14 * DAY + 1);
    await expect(flow.redrive(executionArn)).rejects.toThrow(ExecutionNotRedrivable);
  });
});

describe('a stop', () => {
  it('ends an execution where it stands, and a redrive goes on there', async () => {
    const flow = await start(WAITING, () => 'done');
    const { executionArn } = await flow.run({ seconds: DAY });
    await flow.client.send(new StopExecutionCommand({ executionArn, error: 'Enough' }));
    expect(await flow.describe(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Enough' });
    await flow.advance(2 * DAY);
    expect((await flow.describe(executionArn)).status).toBe('ABORTED');

    await flow.redrive(executionArn);
    await flow.advance(DAY);
    expect((await flow.describe(executionArn)).status).toBe('SUCCEEDED');
  });
});
