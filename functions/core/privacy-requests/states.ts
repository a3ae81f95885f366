import type { PrivacyRequestState } from '../ports/privacy-requests.ts';

/** Every state that a request can be in. */
export const PRIVACY_REQUEST_STATES = [
  'collecting',
  'ready',
  'expired',
  'grace',
  'undone',
  'held',
  'erasing',
  'awaiting-processors',
  'quarantine',
  'completed',
] as const satisfies ReadonlyArray<PrivacyRequestState>;
