import { Logger } from '@aws-lambda-powertools/logger';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordedKeys } from '../../functions/adapters/dynamodb/key-rotations.ts';
import { createAdmin } from '../../functions/admin/admin.ts';
import type { Rotation } from '../../functions/core/key-rotation.ts';
import type { SigningKey, SigningKeyState } from '../../functions/core/signing-key.ts';
import { addSeconds, toEpochSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';

let recorded: RecordedKeys;
const start = vi.fn(async (executionId: string) => `arn:execution:${executionId}`);
const find = vi.fn(async (executionId: string) => ({
  arn: `arn:execution:${executionId}`,
  status: 'RUNNING',
}));

beforeEach(() => {
  recorded = { keys: [], rotation: undefined };
  start.mockClear();
  find.mockClear();
});

function perform(operation: string, input: Readonly<Record<string, unknown>> = {}) {
  const logger = new Logger({ serviceName: 'admin' });
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  const unused = () => Promise.reject(new Error('keys know nothing of clients'));
  const registry = {
    ...{ create: unused, find: unused, list: unused },
    ...{ replace: unused, delete: unused },
  };
  const admin = createAdmin(
    {
      registry,
      cellNames: ['eu'],
      rotations: { load: async () => recorded },
      rotationRuns: { start, find },
      hashSecret: () => {
        throw new Error('keys have no secrets');
      },
      randomToken: () => 'random',
    },
    logger,
  );
  return admin({ operation, input });
}

function key(kid: string, state: SigningKeyState): SigningKey {
  return {
    ...{ kid, state, algorithm: 'ES256', keyId: `mrk-${kid}`, generation: 'g' },
    ...{ jwk: { kty: 'EC', kid }, createdAt: NOW, since: NOW },
  };
}

function running(changes: Partial<Rotation> = {}): Rotation {
  const now = toEpochSeconds(Date.now());
  return {
    ...{ executionId: 'r1', mode: 'scheduled', startedAt: now, step: 'begin', stepAt: now },
    ...changes,
  };
}

describe('keys.list', () => {
  it('tells kid, algorithm and state of the keys that are there, and of all if asked', async () => {
    recorded = { keys: [key('a', 'active'), key('b', 'gone')], rotation: undefined };
    expect(await perform('keys.list')).toMatchObject({
      ok: true,
      result: { keys: [{ kid: 'a', alg: 'ES256', state: 'active', since_at: NOW }] },
    });
    const { length } = JSON.stringify(await perform('keys.list'));
    expect(JSON.stringify(await perform('keys.list', { all: true })).length).toBeGreaterThan(
      length,
    );
  });
});

describe('keys.rotate', () => {
  it.each([
    [{}, 'on-demand'],
    [{ emergency: true }, 'emergency'],
  ])('with %j starts an execution that says why it was started', async (input, mode) => {
    expect(await perform('keys.rotate', input)).toEqual({
      ok: true,
      result: {
        execution_id: `${mode}-random`,
        mode,
        execution: `arn:execution:${mode}-random`,
      },
    });
    expect(start).toHaveBeenCalledWith(`${mode}-random`, mode);
  });

  it.each<[string, Rotation, object, boolean]>([
    ['beside one that is running', running(), {}, false],
    ['beside an emergency', running({ mode: 'emergency' }), { emergency: true }, false],
    ['in an emergency, whatever is running', running(), { emergency: true }, true],
    ['after one has finished', running({ finishedAt: NOW }), {}, true],
    ['after one that never ended, long ago', running({ startedAt: toEpochSeconds(0) }), {}, true],
  ])('%s: %#', async (_when, rotation, input, isStarted) => {
    recorded = { keys: [], rotation };
    const answer = await perform('keys.rotate', { ...input });
    expect(answer.ok).toBe(isStarted);
    expect(start).toHaveBeenCalledTimes(isStarted ? 1 : 0);
    if (!answer.ok) expect(answer.error).toMatchObject({ code: 'conflict' });
  });

  it('refuses an emergency that is neither true nor false', async () => {
    expect(await perform('keys.rotate', { emergency: 'maybe' })).toMatchObject({
      error: { code: 'invalid_request' },
    });
    expect(start).not.toHaveBeenCalled();
  });
});

describe('keys.status', () => {
  it('says that nothing was ever rotated', async () => {
    expect(await perform('keys.status')).toEqual({ ok: true, result: { state: 'none' } });
  });

  it('tells what comes next and when, and how the execution stands', async () => {
    const nextAt = addSeconds(NOW, 3600);
    recorded = { keys: [], rotation: running({ step: 'publish-next', stepAt: NOW, nextAt }) };
    expect(await perform('keys.status')).toMatchObject({
      result: {
        state: 'running',
        last_step: 'publish-next',
        next_step: 'activate',
        next_step_at: nextAt,
        execution_status: 'RUNNING',
      },
    });
  });

  it('knows the last rotation, also the first one, which had no execution', async () => {
    recorded = { keys: [], rotation: running({ mode: 'first', finishedAt: NOW, step: 'release' }) };
    const answer = await perform('keys.status');
    expect(answer).toMatchObject({ result: { state: 'finished', finished_at: NOW } });
    expect(find).not.toHaveBeenCalled();
  });
});
