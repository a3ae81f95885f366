import type { Sub } from './ids.ts';
import type { EpochSeconds } from './time.ts';

/** Personal attributes: each is encrypted at rest under the person's own data key. */
export interface ProfileAttributes {
  readonly email: string;
  readonly locale: string;
}

export interface Account {
  readonly sub: Sub;
  readonly status: 'active' | 'disabled';
  readonly emailVerified: boolean;
  readonly attributes: ProfileAttributes;
  readonly termsAcceptedAt: EpochSeconds;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}
