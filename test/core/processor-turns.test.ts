import { describe, expect, test } from 'vitest';
import type {
  PrivacyRequest,
  PrivacyRequestId,
} from '../../functions/core/ports/privacy-requests.ts';
import { oneMonthAfter } from '../../functions/core/privacy-requests/deadline.ts';
import {
  endOfProcessorTime,
  secondsUntilReminder,
  turnOf,
} from '../../functions/core/privacy-requests/processor-turns.ts';
import {
  addSeconds,
  DAY_SECONDS,
  type EpochSeconds,
  HOUR_SECONDS,
} from '../../functions/core/time.ts';

const ASKED = (Date.parse('2027-02-01T12:00:00Z') / 1000) as EpochSeconds;
const DUE = oneMonthAfter(ASKED);
const inDays = (days: number) => addSeconds(ASKED, days * DAY_SECONDS);
const times = (processorDeadlineDays: number, processorReminderHours = 24) => ({
  ...{ processorDeadlineDays, processorReminderHours },
});
const endOf = (toldAt: EpochSeconds, ...of: Parameters<typeof times>) =>
  endOfProcessorTime({ toldAt }, { dueAt: DUE }, times(...of));

describe('the time that a processor has', () => {
  test('is what operators give it', () => {
    expect(endOf(inDays(2), 14)).toBe(inDays(16));
  });

  test.each([
    ['the grace of 14 days and a silence of 14, in a February', 14 * 24 + 3, 14, 24],
    ['the longest deadline', 5 * 24, 25, 24],
    ['a week between two looks', 14 * 24 + 3, 14, 168],
  ])('ends so that the last look is within the month: %s', (_, hours, days, reminder) => {
    const toldAt = addSeconds(ASKED, hours * HOUR_SECONDS);
    const between = secondsUntilReminder(times(days, reminder));
    const end = endOf(toldAt, days, reminder);
    const looks = Math.ceil((end - toldAt) / between);
    expect(toldAt + looks * between).toBeLessThanOrEqual(DUE);
    expect(looks).toBeGreaterThanOrEqual(1);
  });

  test('is one reminder’s where the grace has left nothing', () => {
    expect(endOf(inDays(30), 14)).toBe(inDays(31));
    expect(endOf(inDays(27.5), 14, 168)).toBe(inDays(34.5));
  });
});

test('a processor that was silent for its time is overdue, of the moment that was noted first', async () => {
  const request: PrivacyRequest = {
    ...{ requestId: 'r' as PrivacyRequestId, kind: 'erasure', sub: 's' as PrivacyRequest['sub'] },
    ...{ state: 'awaiting-processors', requestedAt: ASKED, dueAt: DUE, stateSince: ASKED },
    ...{ actor: { type: 'system', name: 'test' }, history: [] },
  };
  const counted: Array<string> = [];
  let overdueAt: EpochSeconds | undefined;
  const deps = {
    processors: {
      list: async () => [
        {
          ...{ processorId: 'mail-house', toldAt: inDays(15), until: inDays(28), reminders: 0 },
          ...(overdueAt !== undefined && { overdueAt }),
        },
      ],
      markOverdue: async (_: PrivacyRequestId, _id: string, now: EpochSeconds) => {
        if (overdueAt !== undefined) return false;
        overdueAt = now;
        return true;
      },
    },
    settings: times(14),
    count: (event: string) => counted.push(event),
  };
  const turnAt = (now: EpochSeconds) => turnOf(deps, request, { processorId: 'mail-house', now });
  expect(await turnAt(inDays(26))).toEqual({ outcome: 'again' });
  // Two days before the 14 are over: the month is.
  expect(await turnAt(inDays(27))).toEqual({ outcome: 'overdue', at: inDays(27) });
  expect(await turnAt(inDays(28))).toEqual({ outcome: 'overdue', at: inDays(27) });
  expect(counted).toEqual(['ProcessorOverdue']);
});
