import type { Sub } from './ids.ts';
import type { EpochSeconds } from './time.ts';

/** Personal attributes: each is encrypted at rest under the person's own data key. */
export interface ProfileAttributes {
  readonly email: string;
  readonly locale: string;
  /** `YYYY-MM-DD`; asked for only where a purpose needs it (GDPR Art. 8). */
  readonly birthdate?: string;
  /** ISO 3166-1 alpha-2; comes with `birthdate`. */
  readonly country?: string;
}

/** Which terms of use somebody accepted, and when. */
export interface AcceptedTerms {
  readonly url: string;
  readonly acceptedAt: EpochSeconds;
}

/**
 * `erasing`: to be erased once the grace period is over, until then the person can still keep it.
 * `closed`: being erased, beyond return. Only `active` accounts get tokens.
 */
export type AccountStatus = 'active' | 'disabled' | 'erasing' | 'closed';

export interface Account {
  readonly sub: Sub;
  readonly status: AccountStatus;
  readonly emailVerified: boolean;
  readonly attributes: ProfileAttributes;
  /** Absent where there were none to accept. */
  readonly terms?: AcceptedTerms;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}
