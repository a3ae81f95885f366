import type { EpochSeconds } from '../core/time.ts';
import type { Message } from '../pages/form-state.ts';

/** "Please wait 14 minutes": rounded up, so that waiting that long is enough. */
export function lockedMessage(until: EpochSeconds, now: EpochSeconds): Message {
  return { key: 'error.locked', values: { minutes: minutesUntil(until, now) } };
}

export function tooManyMailsMessage(until: EpochSeconds, now: EpochSeconds): Message {
  return { key: 'error.too-many-mails', values: { minutes: minutesUntil(until, now) } };
}

/** RFC 9110 §10.2.3. */
export function retryAfter(until: EpochSeconds, now: EpochSeconds): Record<string, string> {
  return { 'retry-after': String(Math.max(1, until - now)) };
}

function minutesUntil(until: EpochSeconds, now: EpochSeconds): number {
  return Math.max(1, Math.ceil((until - now) / 60));
}
