import type { Sub } from './ids.ts';
import type { EpochSeconds } from './time.ts';

/** Personal attributes: each is encrypted at rest under the person's own data key. */
export interface ProfileAttributes {
  readonly email: string;
  readonly locale: string;
}

/** Which terms of use somebody accepted, and when. */
export interface AcceptedTerms {
  readonly url: string;
  readonly acceptedAt: EpochSeconds;
}

export interface Account {
  readonly sub: Sub;
  readonly status: 'active' | 'disabled';
  readonly emailVerified: boolean;
  readonly attributes: ProfileAttributes;
  /** Absent where there were none to accept. */
  readonly terms?: AcceptedTerms;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}
