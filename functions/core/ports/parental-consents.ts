import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** A consent that a parent has to give (GDPR Art. 8(1)). */
export interface ParentalConsent {
  /** `eventId` of the choice that waits: the answer has to name it. */
  readonly requestId: string;
  readonly sub: Sub;
  readonly purposeId: string;
}

/** How a parent is found and asked is the operator's: they are told by the event bus. */
export interface ParentalConsents {
  /**
   * Puts `ParentalConsentRequested` on the bus, once an hour per request at most. May be told more
   * than once of one request.
   */
  ask(consent: ParentalConsent, now: EpochSeconds): Promise<void>;
}
