import type { PrivacyRequest } from '../ports/privacy-requests.ts';
import type { EpochSeconds } from '../time.ts';

/** States in which the person has what they asked for, or wants it no longer. */
const ANSWERED: ReadonlyArray<PrivacyRequest['state']> = [
  'ready',
  'expired',
  'undone',
  'quarantine',
  'completed',
];

/** Whether the month that the law gives (GDPR Art. 12(3)) has passed without an answer. */
export function isOverdue(
  { state, dueAt }: Pick<PrivacyRequest, 'state' | 'dueAt'>,
  now: EpochSeconds,
): boolean {
  return now > dueAt && !ANSWERED.includes(state);
}
