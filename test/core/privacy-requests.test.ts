import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oneMonthAfter } from '../../functions/core/privacy-requests/deadline.ts';
import { isOverdue } from '../../functions/core/privacy-requests/overdue.ts';
import { PRIVACY_REQUEST_STATES } from '../../functions/core/privacy-requests/states.ts';
import { addSeconds, type EpochSeconds, toEpochSeconds } from '../../functions/core/time.ts';

const at = (text: string) => toEpochSeconds(Date.parse(text));

describe('the deadline of a request (GDPR Art. 12(3))', () => {
  test.each([
    ['2026-11-22T11:39:11Z', '2026-12-22T11:39:11Z'],
    ['2026-01-31T10:00:00Z', '2026-02-28T10:00:00Z'],
    ['2028-01-31T10:00:00Z', '2028-02-29T10:00:00Z'],
    ['2026-12-31T23:59:59Z', '2027-01-31T23:59:59Z'],
    ['2026-10-31T00:00:00Z', '2026-11-30T00:00:00Z'],
  ])('of %s is %s', (from, to) => {
    expect(oneMonthAfter(at(from))).toBe(at(to));
  });

  test('is 28 to 31 days away, at the same time of the day, in the month that follows', () => {
    const moments = fc.integer({
      min: at('2000-01-01T00:00:00Z'),
      max: at('2100-01-01T00:00:00Z'),
    });
    fc.assert(
      fc.property(moments, (moment) => {
        const due = oneMonthAfter(moment as EpochSeconds);
        const seconds = due - moment;
        expect(seconds % 86_400).toBe(0);
        expect(seconds / 86_400).toBeGreaterThanOrEqual(28);
        expect(seconds / 86_400).toBeLessThanOrEqual(31);
        const [before, after] = [moment, due].map((time) => new Date(time * 1000).getUTCMonth());
        expect(after).toBe(((before ?? 0) + 1) % 12);
      }),
    );
  });
});

describe('a request is overdue', () => {
  const dueAt = at('2026-12-22T11:39:11Z');

  test.each(PRIVACY_REQUEST_STATES)('in the state %s only while somebody still waits', (state) => {
    const isWaiting = ['collecting', 'grace', 'held', 'erasing', 'awaiting-processors'].includes(
      state,
    );
    expect(isOverdue({ state, dueAt }, addSeconds(dueAt, 1))).toBe(isWaiting);
    expect(isOverdue({ state, dueAt }, dueAt)).toBe(false);
  });
});
