import type { Account, ProfileAttributes } from '../account.ts';
import type { IdentifierHash, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** What sign-in needs: one query of the person's collection. No attribute is decrypted. */
export interface SignInRecord {
  readonly sub: Sub;
  readonly status: 'active' | 'disabled';
  /** PHC string; absent for accounts without a password. */
  readonly passwordHash?: string;
}

export interface Directory {
  /** `HMAC(pepper, "email:" + normalised)`. */
  hash(kind: 'email', normalised: string): Promise<IdentifierHash>;
  findSub(identifier: IdentifierHash): Promise<Sub | undefined>;
}

export interface Accounts {
  /** Always one query, also for a `sub` that does not exist (uniform time). */
  findForSignIn(sub: Sub): Promise<SignInRecord | undefined>;
  /** Profile and data key in one BatchGetItem; undefined when either is gone (erased). */
  find(sub: Sub): Promise<Account | undefined>;
}

export interface NewAccount {
  readonly sub: Sub;
  readonly identifier: IdentifierHash;
  readonly attributes: ProfileAttributes;
  readonly passwordHash: string;
  readonly termsAcceptedAt: EpochSeconds;
  readonly now: EpochSeconds;
}
