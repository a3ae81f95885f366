import type { AcceptedTerms } from './account.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { IdentifierHash, SecretHash, Sub } from './ids.ts';

/** What all challenges have in common. */
export interface Addressed {
  /** Normalised; where the mail goes. */
  readonly email: string;
  readonly identifier: IdentifierHash;
  /** BCP 47 tags of the person who asked, for the mail. */
  readonly locales: ReadonlyArray<string>;
  /** Hash of the asking browser's cookie: the mail's link trusts no other browser. */
  readonly browser: SecretHash;
  /** What the person was about to do. */
  readonly request?: AuthorizationRequest;
}

/** An address to be confirmed, and the account that is created then. */
export interface SignUpChallenge extends Addressed {
  readonly kind: 'sign-up';
  readonly sub: Sub;
  readonly passwordHash: string;
  readonly terms?: AcceptedTerms;
}

export interface RecoveryChallenge extends Addressed {
  readonly kind: 'recovery';
  readonly sub: Sub;
}

/** Outwardly like the others, but no code fits: only the mailbox learns why. */
export interface DecoyChallenge extends Addressed {
  readonly kind: 'address-known' | 'no-account';
}

/** What a mail with a code is for; decoys count for what they pretend to be. */
export type MailPurpose = 'sign-up' | 'recovery';

export function purposeOf(kind: ChallengeContent['kind']): MailPurpose {
  return kind === 'sign-up' || kind === 'address-known' ? 'sign-up' : 'recovery';
}

/** Sealed into the challenge item: nothing of it can be read from the table. */
export type ChallengeContent = SignUpChallenge | RecoveryChallenge | DecoyChallenge;
