import { InvalidToken, SendTaskSuccessCommand, TaskTimedOut } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { type StatesFixture, startFixture, task, type Work, WorkError } from './states-fixtures.ts';

const HOUR = 3600;
const INVOKE = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

/** Each of several is told, waited for, reminded by the hour, and at last given up. */
const DEFINITION = {
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemsPath: '$.processors',
      ItemSelector: {
        'id.$': '$$.Map.Item.Value.id',
        'seconds.$': '$$.Map.Item.Value.seconds',
      },
      ResultPath: null,
      Next: 'After',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Tell',
        States: {
          Tell: {
            Type: 'Task',
            Resource: INVOKE,
            TimeoutSecondsPath: '$.seconds',
            Parameters: {
              FunctionName: task({}).Resource,
              Payload: { step: 'tell', 'id.$': '$.id', 'token.$': '$$.Task.Token' },
            },
            ResultPath: null,
            Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Remind', ResultPath: null }],
            End: true,
          },
          Remind: task({
            Parameters: { step: 'remind', 'id.$': '$.id' },
            ResultPath: '$.answer',
            Next: 'IsTimeLeft',
          }),
          IsTimeLeft: {
            Type: 'Choice',
            Choices: [{ Variable: '$.answer', StringEquals: 'more', Next: 'Tell' }],
            Default: 'Done',
          },
          Done: { Type: 'Pass', End: true },
        },
      },
    },
    After: task({ Parameters: { step: 'after' }, End: true }),
  },
};

const PROCESSORS = { processors: ['a', 'b'].map((id) => ({ id, seconds: HOUR })) };

const flows: Array<StatesFixture> = [];
afterEach(async () => {
  for (const flow of flows.splice(0)) await flow.close();
});

/** `answer` is asked for what a step other than telling comes to. */
async function start(answer: Work = () => 'enough') {
  const tokens: Record<string, string> = {};
  const steps: Array<string> = [];
  const flow = await startFixture(DEFINITION, (payload) => {
    const { step, id = '', token } = payload;
    steps.push(`${step} ${id}`.trim());
    if (step !== 'tell') return answer(payload);
    tokens[String(id)] = String(token);
    return null;
  });
  flows.push(flow);
  const acknowledge = async (taskToken: string | undefined) => {
    await flow.client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    await flow.service.clockMoved();
  };
  const run = await flow.run(PROCESSORS);
  const status = async () => (await flow.describe(run.executionArn)).status;
  return { flow, run, tokens, steps, acknowledge, status };
}

describe('a Map of tasks that wait for somebody', () => {
  it('goes on when all have answered, each by a token of its own', async () => {
    const { run, tokens, steps, acknowledge, status } = await start();
    expect(run.status).toBe('RUNNING');
    await acknowledge(tokens['a']);
    expect(await status()).toBe('RUNNING');
    await acknowledge(tokens['b']);
    expect(await status()).toBe('SUCCEEDED');
    expect(steps.toSorted()).toEqual(['after', 'tell a', 'tell b']);
  });

  it('reminds who stays silent for as long as its input says, with a new token, until enough is enough', async () => {
    let reminders = 0;
    const { flow, tokens, steps, acknowledge, status } = await start(({ step }) => {
      if (step !== 'remind') return null;
      reminders += 1;
      return reminders < 2 ? 'more' : 'enough';
    });
    await acknowledge(tokens['a']);
    const first = tokens['b'];
    await flow.advance(HOUR - 1);
    expect(steps.filter((step) => step.startsWith('remind'))).toEqual([]);
    await flow.advance(1);
    expect(tokens['b']).not.toBe(first);
    await expect(acknowledge(first)).rejects.toThrow(TaskTimedOut);
    await flow.advance(HOUR);
    expect(await status()).toBe('SUCCEEDED');
    expect(steps).toEqual(
      expect.arrayContaining(['tell a', 'tell b', 'remind b', 'tell b', 'remind b', 'after']),
    );
    expect(steps.filter((step) => step === 'tell a')).toHaveLength(1);
  });

  it('that failed at one goes on there when it is redriven: who has answered is not asked again', async () => {
    let isBroken = true;
    const { flow, run, tokens, steps, acknowledge, status } = await start(({ step }) => {
      if (step === 'remind' && isBroken) throw new WorkError('Broken');
      return 'enough';
    });
    await acknowledge(tokens['a']);
    await flow.advance(HOUR);
    expect(await status()).toBe('FAILED');
    isBroken = false;
    await flow.redrive(run.executionArn);
    expect(await status()).toBe('SUCCEEDED');
    expect(steps).toEqual(['tell a', 'tell b', 'remind b', 'remind b', 'after']);
  });

  it('takes no answer twice, and none by what is no token', async () => {
    const { tokens, acknowledge } = await start();
    await acknowledge(tokens['a']);
    await expect(acknowledge(tokens['a'])).rejects.toThrow(TaskTimedOut);
    await expect(acknowledge('made-up')).rejects.toThrow(InvalidToken);
  });
});
