import type { ParentalConsents } from '../../core/ports/parental-consents.ts';
import { createPrivacyBus } from './privacy-bus.ts';

/** Tells the operator whose parent has to be asked: ids alone. */
export function createParentalConsents(busName: string): ParentalConsents {
  const put = createPrivacyBus(busName);
  return {
    ask: ({ requestId, sub, purposeId }) =>
      put('ParentalConsentRequested', { requestId, sub, purposeId }),
  };
}
