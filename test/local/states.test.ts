import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ExecutionAlreadyExists,
  InvalidExecutionInput,
  InvalidName,
  ListExecutionsCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import {
  DAY,
  startedPerTest,
  startFixture,
  task,
  WAITING,
  type Work,
  WorkError,
} from './states-fixtures.ts';

const start = startedPerTest();

describe('a wait', () => {
  it('ends when the clock has been moved past it, and not before', async () => {
    const steps: Array<unknown> = [];
    const flow = await start(WAITING, ({ step }) => steps.push(step));
    const { executionArn } = await flow.run({ seconds: 30 * DAY });

    expect((await flow.describe(executionArn)).status).toBe('RUNNING');
    expect(flow.service.view()[0]?.waitsUntil).toBeDefined();
    await flow.advance(29 * DAY);
    expect(steps).toEqual(['before']);
    await flow.advance(DAY);
    expect(steps).toEqual(['before', 'after']);
    expect((await flow.describe(executionArn)).status).toBe('SUCCEEDED');
  });

  it('ends by itself when its time is short', async () => {
    const flow = await start(WAITING, () => 'done');
    const { executionArn } = await flow.run({ seconds: 0 });
    expect(await flow.describe(executionArn)).toMatchObject({ output: '"done"' });
  });

  it('goes on after a restart, with the end that it had', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'states-'));
    const steps: Array<unknown> = [];
    const work: Work = ({ step }) => steps.push(step);
    const before = await startFixture(WAITING, work, { dataDirectory });
    const { executionArn } = await before.run({ seconds: 3 * DAY });
    await before.close();

    const after = await start(WAITING, work, { dataDirectory });
    await after.advance(2 * DAY);
    expect((await after.describe(executionArn)).status).toBe('RUNNING');
    await after.advance(DAY);
    expect((await after.describe(executionArn)).status).toBe('SUCCEEDED');
    expect(steps).toEqual(['before', 'after']);
  });
});

describe('a start', () => {
  it('with a name and input that are running already is the same execution', async () => {
    const flow = await start(WAITING, () => 'done');
    const first = await flow.run({ seconds: DAY }, 'once');
    const second = await flow.run({ seconds: DAY }, 'once');
    expect(second.executionArn).toBe(first.executionArn);
    expect(second.startDate).toEqual(first.startDate);
  });

  it('with a name that is taken is refused, for another input and after the end', async () => {
    const flow = await start(WAITING, () => 'done');
    await flow.run({ seconds: DAY }, 'once');
    await expect(flow.run({ seconds: 1 }, 'once')).rejects.toThrow(ExecutionAlreadyExists);
    await flow.advance(DAY);
    await expect(flow.run({ seconds: DAY }, 'once')).rejects.toThrow(ExecutionAlreadyExists);
  });

  it.each([
    ['a name with a slash', { name: 'a/b' }, InvalidName],
    ['input that is no JSON', { input: '{' }, InvalidExecutionInput],
    [
      'an unknown workflow',
      { stateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:none' },
      StateMachineDoesNotExist,
    ],
  ])('with %s is refused in AWS’s own words', async (_, wrong, error) => {
    const { client, stateMachineArn } = await start(WAITING, () => 'done');
    const command = new StartExecutionCommand({ stateMachineArn, ...wrong });
    await expect(client.send(command)).rejects.toThrow(error);
  });
});

describe('a task that fails', () => {
  const recovering = (rest: object) => ({
    StartAt: 'Try',
    States: {
      Try: task({ Next: 'Done', ResultPath: '$.tried', ...rest }),
      Done: { Type: 'Succeed' },
      Mend: { Type: 'Pass', Result: 'mended', End: true },
    },
  });
  const RETRY = [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, MaxAttempts: 2 }];

  it('is tried again as often as its Retry says', async () => {
    let attempts = 0;
    const flow = await start(recovering({ Retry: RETRY }), () => {
      attempts += 1;
      if (attempts < 3) throw new WorkError('Flaky');
      return attempts;
    });
    const { output } = await flow.run({ kept: true });
    expect(JSON.parse(output ?? '')).toEqual({ kept: true, tried: 3 });
    expect(flow.service.view()[0]?.states[0]).toMatchObject({ attempts: 3, status: 'succeeded' });
  });

  it('goes where its Catch says, with the error placed where that says', async () => {
    const Catch = [{ ErrorEquals: ['Broken'], Next: 'Mend', ResultPath: '$.error' }];
    const flow = await start(recovering({ Catch }), () => {
      throw new WorkError('Broken');
    });
    const { output } = await flow.run();
    expect(JSON.parse(output ?? '')).toBe('mended');
    expect(flow.service.view()[0]?.states[0]).toMatchObject({
      status: 'caught',
      output: { error: { Error: 'Broken' } },
    });
  });

  it.each([
    ['Runtime.ExitError', 'Lambda.Unknown'],
    ['Sandbox.Timedout', 'Sandbox.Timedout'],
    ['cut', 'Lambda.SdkClientException'],
  ])('by %s fails the execution with %s', async (type, error) => {
    const flow = await start(recovering({}), () => {
      throw new WorkError(type);
    });
    expect(await flow.run()).toMatchObject({ status: 'FAILED', error });
  });

  it('waits for the movable clock between attempts when told to', async () => {
    let attempts = 0;
    const work: Work = () => {
      attempts += 1;
      if (attempts === 1) throw new WorkError('Flaky');
    };
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 600 }];
    const flow = await start(recovering({ Retry }), work, { retryPauses: 'clock' });
    await flow.run();
    expect(attempts).toBe(1);
    await flow.advance(600);
    expect(attempts).toBe(2);
  });
});

describe('a map', () => {
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemsPath: '$.list',
        ItemSelector: { 'item.$': '$$.Map.Item.Value', 'at.$': '$$.Map.Item.Index' },
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: 'Work',
          States: { Work: task({ End: true }) },
        },
        ResultPath: '$.done',
        End: true,
      },
    },
  };

  it('works on its items, no more side by side than it says, and keeps their order', async () => {
    let working = 0;
    let most = 0;
    const flow = await start(definition, async ({ item, at }) => {
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setImmediate(resolve));
      working -= 1;
      return `${at}${item}`;
    });
    const { output } = await flow.run({ list: ['a', 'b', 'c', 'd'] });
    expect(JSON.parse(output ?? '')).toMatchObject({ done: ['0a', '1b', '2c', '3d'] });
    expect(most).toBe(2);
  });

  it('that is redriven works on the items alone that had not succeeded', async () => {
    const items: Array<unknown> = [];
    let isBroken = true;
    const flow = await start(definition, ({ item }) => {
      items.push(item);
      if (item === 'b' && isBroken) throw new WorkError('Broken');
      return item;
    });
    const { executionArn } = await flow.run({ list: ['a', 'b'] });
    isBroken = false;
    const { output } = await flow.redrive(executionArn);
    expect(JSON.parse(output ?? '')).toMatchObject({ done: ['a', 'b'] });
    expect(items).toEqual(['a', 'b', 'b']);
  });

  it('of what is no list fails', async () => {
    const flow = await start(definition, () => 'done');
    expect(await flow.run({ list: 'a' })).toMatchObject({ error: 'States.Runtime' });
  });
});

describe('an execution', () => {
  it('times out as a whole, by the movable clock', async () => {
    const flow = await start({ ...WAITING, TimeoutSeconds: DAY }, () => 'done');
    const { executionArn } = await flow.run({ seconds: 2 * DAY });
    await flow.advance(DAY);
    expect((await flow.describe(executionArn)).status).toBe('TIMED_OUT');
  });

  it('tells each state with its times, its input and its output', async () => {
    const flow = await start(WAITING, () => 'done');
    const { executionArn } = await flow.run({ seconds: 60 });
    await flow.advance(60);
    const [view] = flow.service.view();
    expect(view?.states.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'Before succeeded',
      'Wait succeeded',
      'After succeeded',
    ]);
    const [, wait] = view?.states ?? [];
    const tookMs = Date.parse(wait?.exitedAt ?? '') - Date.parse(wait?.enteredAt ?? '');
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(await flow.history(executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'WaitStateEntered',
      'WaitStateExited',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('is listed, newest first, by status and page by page', async () => {
    const flow = await start(WAITING, () => 'done');
    for (const name of ['one', 'two', 'three']) await flow.run({ seconds: DAY }, name);
    const { stateMachineArn } = flow;
    const list = (rest: object) =>
      flow.client.send(new ListExecutionsCommand({ stateMachineArn, ...rest }));
    const page = await list({ maxResults: 2 });
    expect(page.executions?.map(({ name }) => name)).toEqual(['three', 'two']);
    const { executions } = await list({ maxResults: 2, nextToken: page.nextToken });
    expect(executions?.map(({ name }) => name)).toEqual(['one']);
    expect((await list({ statusFilter: 'FAILED' })).executions).toEqual([]);
  });

  it('writes its log as its configuration says, without data', async () => {
    const LoggingConfiguration = { Level: 'ALL', IncludeExecutionData: false };
    const flow = await start(WAITING, () => 'secret', { properties: { LoggingConfiguration } });
    await flow.run({ seconds: 0, word: 'secret' });
    expect(flow.logs.list()).toHaveLength(14);
    expect(JSON.stringify(flow.logs.list())).not.toContain('secret');
    expect(flow.asked.map(({ action }) => action)).toContain('logs:CreateLogDelivery');
  });
});
