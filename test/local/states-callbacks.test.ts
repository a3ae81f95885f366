import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { startedPerTest, startFixture, task, type Work, WorkError } from './states-fixtures.ts';

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

const startFlow = startedPerTest();

/** `answer` is asked for what a step other than telling comes to. */
async function start(answer: Work = () => 'enough') {
  const tokens: Record<string, string> = {};
  const steps: Array<string> = [];
  const flow = await startFlow(DEFINITION, (payload) => {
    const { step, id = '', token } = payload;
    steps.push(`${step} ${id}`.trim());
    if (step !== 'tell') return answer(payload);
    tokens[String(id)] = String(token);
    return null;
  });
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

describe('a task token', () => {
  const definition = {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: INVOKE,
        Parameters: { FunctionName: task({}).Resource, Payload: { 'token.$': '$$.Task.Token' } },
        HeartbeatSeconds: 600,
        TimeoutSeconds: 3600,
        End: true,
      },
    },
  };
  async function ask(begin = startFlow, options = {}) {
    const tokens: Array<string> = [];
    const flow = await begin(definition, ({ token }) => tokens.push(String(token)), options);
    const { executionArn } = await flow.run();
    return { flow, executionArn, taskToken: tokens[0] ?? '' };
  }

  it('is answered once, with an output', async () => {
    const { flow, executionArn, taskToken } = await ask();
    const success = new SendTaskSuccessCommand({ taskToken, output: '{"agreed":true}' });
    await flow.client.send(success);
    await flow.service.clockMoved();
    expect(await flow.describe(executionArn)).toMatchObject({ output: '{"agreed":true}' });
    await expect(flow.client.send(success)).rejects.toThrow(TaskTimedOut);
  });

  it('is answered with a failure', async () => {
    const { flow, executionArn, taskToken } = await ask();
    await flow.client.send(new SendTaskFailureCommand({ taskToken, error: 'Refused' }));
    await flow.service.clockMoved();
    expect(await flow.describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'Refused' });
  });

  it('expires without heartbeats, and with them at its timeout', async () => {
    const silent = await ask();
    await silent.flow.advance(600);
    expect(await silent.flow.describe(silent.executionArn)).toMatchObject({
      error: 'States.HeartbeatTimeout',
    });

    const { flow, executionArn, taskToken } = await ask();
    for (let passed = 0; passed < 3500; passed += 500) {
      await flow.client.send(new SendTaskHeartbeatCommand({ taskToken }));
      await flow.advance(500);
    }
    await flow.client.send(new SendTaskHeartbeatCommand({ taskToken }));
    await flow.advance(100);
    expect(await flow.describe(executionArn)).toMatchObject({ error: 'States.Timeout' });
  });

  it('is still answered after a restart, and the function is not called again', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'states-'));
    const { flow, executionArn, taskToken } = await ask(startFixture, { dataDirectory });
    await flow.close();
    let calls = 0;
    const after = await startFlow(
      definition,
      () => {
        calls += 1;
      },
      { dataDirectory },
    );
    await after.client.send(new SendTaskSuccessCommand({ taskToken, output: '1' }));
    await after.service.clockMoved();
    expect(await after.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '1' });
    expect(calls).toBe(0);
  });
});
