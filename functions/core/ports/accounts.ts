import type { AccountStatus } from '../account.ts';
import type { LabelKey, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';
import type { PrivacyChoices } from './privacy-choices.ts';
import type { PrivacyRequestId } from './privacy-requests.ts';

/** What sign-in needs: one query of the person's collection. No attribute is decrypted. */
export interface SignInRecord {
  readonly sub: Sub;
  readonly status: AccountStatus;
  /** While the account is `erasing`: by which request, and when. */
  readonly erasure?: { readonly requestId: PrivacyRequestId; readonly erasesAt: EpochSeconds };
  /** A legal hold stands: the account is not erased before it is lifted. */
  readonly isHeld?: boolean;
  /** PHC string; absent for accounts without a password. */
  readonly passwordHash?: string;
  /** When the person chose it; present with `passwordHash`. */
  readonly passwordChangedAt?: EpochSeconds;
  readonly choices: PrivacyChoices;
  /** What sessions of theirs are labelled under; without it they stay without a label. */
  readonly labelKey?: LabelKey;
}

export interface Accounts {
  /** Always one query, also for a `sub` that does not exist (uniform time). */
  findForSignIn(sub: Sub): Promise<SignInRecord | undefined>;
}
