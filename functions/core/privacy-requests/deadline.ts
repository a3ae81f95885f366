import type { EpochSeconds } from '../time.ts';

/**
 * GDPR Art. 12(3): one month after receipt. The same day of the next month at the same time, or the
 * last day of a month that has no such day (Regulation 1182/71 Art. 3(2)(c)).
 */
export function oneMonthAfter(time: EpochSeconds): EpochSeconds {
  const from = new Date(time * 1000);
  const to = new Date(from);
  to.setUTCMonth(from.getUTCMonth() + 1);
  // A 31st that the month lacks has run over into the one after it.
  if (to.getUTCDate() !== from.getUTCDate()) to.setUTCDate(0);
  return (to.getTime() / 1000) as EpochSeconds;
}
