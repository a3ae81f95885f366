import { HttpError } from '../errors.ts';
import type { PrivacyChange, PrivacyChoices } from '../ports/privacy-choices.ts';

export interface ParentalAnswer {
  readonly purposeId: string;
  /** Of the event by which the operator was told. */
  readonly requestId: string;
  readonly isGranted: boolean;
}

/**
 * What a parent decided, of the words that the child was shown (GDPR Art. 8(2): that it was a parent
 * is for the operator to see). Throws HttpError 409 when this very request waits no longer.
 */
export function decideParentalAnswer(
  { purposeId, requestId, isGranted }: ParentalAnswer,
  { choices }: PrivacyChoices,
): PrivacyChange {
  const asked = choices.get(purposeId);
  if (asked?.state !== 'awaiting-parent' || asked.eventId !== requestId) {
    throw new HttpError(409, 'no parent is asked for this, or not by this request');
  }
  const { at: _at, eventId: _eventId, ...shown } = asked;
  const state = isGranted ? 'granted' : 'withdrawn';
  return { choices: [{ ...shown, state, method: 'parent' }] };
}
