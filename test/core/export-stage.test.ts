import { describe, expect, test } from 'vitest';
import { BEGINNING, type ExportProgress } from '../../functions/core/exports/progress.ts';
import { isWithProcessors, stageOf } from '../../functions/core/exports/stage.ts';
import type {
  PrivacyRequest,
  PrivacyRequestState,
} from '../../functions/core/ports/privacy-requests.ts';
import type { ToldProcessor } from '../../functions/core/ports/processors.ts';
import { addSeconds, type EpochSeconds } from '../../functions/core/time.ts';
import { NOW } from './client-fixtures.ts';

const LATER = addSeconds(NOW, 3600);

/** Only what the rule looks at. */
function run(
  progress: Partial<ExportProgress> = {},
  state: PrivacyRequestState = 'collecting',
  expiresAt?: EpochSeconds,
) {
  const request: Partial<PrivacyRequest> = { state, ...(expiresAt !== undefined && { expiresAt }) };
  return { request: request as PrivacyRequest, progress: { ...BEGINNING, ...progress } };
}

function told(processorId: string, more: Partial<ToldProcessor> = {}): ToldProcessor {
  return { processorId, toldAt: NOW, until: LATER, reminders: 0, ...more };
}

const of = (
  one: ReturnType<typeof run>,
  processors: ReadonlyArray<ToldProcessor> = [],
  asked = processors.length,
) => stageOf(one, { told: processors, asked, now: NOW });

describe('an export', () => {
  test.each(['collection', 'directory', 'requests', 'activity'] as const)(
    'is being collected while it reads the %s, and asks nobody how processors stand',
    (source) => {
      expect(of(run({ source }))).toEqual({ stage: 'collecting' });
      expect(isWithProcessors(run({ source }))).toBe(false);
    },
  );

  test('is collected until the last processor has been asked', () => {
    const one = run({ source: 'answers' });
    expect(isWithProcessors(one)).toBe(true);
    expect(of(one, [told('a')], 2)).toEqual({ stage: 'collecting' });
  });

  test('waits for those that have not answered, until the last of them has had its time', () => {
    const silent = [told('b'), told('c', { until: addSeconds(LATER, 60) })];
    const rest = [
      told('a', { acknowledgedAt: NOW, until: addSeconds(LATER, 999) }),
      told('d', { overdueAt: NOW, until: addSeconds(LATER, 999) }),
    ];
    expect(of(run({ source: 'answers' }), [...rest, ...silent])).toEqual({
      stage: 'waiting',
      processors: ['b', 'c'],
      until: addSeconds(LATER, 60),
    });
  });

  test('is written once all have answered, or their time is up, or there is nobody to ask', () => {
    const answered = [told('a', { acknowledgedAt: NOW }), told('b', { overdueAt: NOW })];
    expect(of(run({ source: 'answers' }), answered)).toEqual({ stage: 'writing' });
    expect(of(run({ source: 'answers' }))).toEqual({ stage: 'writing' });
    const { source: _, ...done } = BEGINNING;
    const request = run().request;
    const collected = { request, progress: { ...done, collectedAt: NOW } };
    expect(of(collected)).toEqual({ stage: 'writing' });
  });

  test('is ready until its time is up, whoever has deleted it or not', () => {
    expect(of(run({}, 'ready', LATER))).toEqual({ stage: 'ready', expiresAt: LATER });
    expect(of(run({}, 'ready', NOW))).toEqual({ stage: 'expired' });
    expect(of(run({}, 'expired', LATER))).toEqual({ stage: 'expired' });
  });
});
