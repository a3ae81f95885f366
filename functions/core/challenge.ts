import type { AcceptedTerms } from './account.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { CellName } from './cells.ts';
import type { IdentifierHash, LabelKey, SecretHash, Sub } from './ids.ts';
import type { PrivacyChange } from './ports/privacy-choices.ts';
import type { EpochSeconds } from './time.ts';

/** What all challenges have in common. */
export interface Addressed {
  /** Normalised; where the mail goes. */
  readonly email: string;
  readonly identifier: IdentifierHash;
  /** BCP 47 tag of the language that the person who asked is spoken to in, for the mail. */
  readonly locales: ReadonlyArray<string>;
  /** Hash of the asking browser's cookie: the mail's link trusts no other browser. */
  readonly browser: SecretHash;
  /** What the person was about to do; without `login_hint`, which may be somebody else's address. */
  readonly request?: AuthorizationRequest;
}

/** An address to be confirmed, and the account that is created then. */
export interface SignUpChallenge extends Addressed {
  readonly kind: 'sign-up';
  readonly sub: Sub;
  readonly passwordHash: string;
  readonly terms?: AcceptedTerms;
  /** What was chosen on the form, with proof of the words. */
  readonly choices?: SignUpChoices;
}

/** As it travels sealed: no topics are asked for on the form. */
export type SignUpChoices = Omit<PrivacyChange, 'topics'>;

export interface RecoveryChallenge extends Addressed {
  readonly kind: 'recovery';
  readonly sub: Sub;
  /** For the session that it ends with: nothing reads the account then. */
  readonly labelKey?: LabelKey;
}

/** Outwardly like the others, but no code fits: only the mailbox learns why. */
export interface DecoyChallenge extends Addressed {
  readonly kind: 'address-known' | 'no-account';
}

/** A decoy for an address that cannot be used for a while, because whoever had it was erased. */
export interface RestingChallenge extends Addressed {
  readonly kind: 'address-resting';
  readonly until: EpochSeconds;
}

/**
 * A decoy for the address of somebody who is at home in another cell: nothing of it may rest here.
 * The browser alone carries it, sealed.
 */
export interface ElsewhereChallenge extends Pick<Addressed, 'browser' | 'locales'> {
  readonly kind: 'known-elsewhere';
  readonly cell: CellName;
}

/** What a mail with a code is for; decoys count for what they pretend to be. */
export type MailPurpose = 'sign-up' | 'recovery';

export function purposeOf(kind: ChallengeContent['kind']): MailPurpose {
  return kind === 'recovery' || kind === 'no-account' ? 'recovery' : 'sign-up';
}

/** Sealed into the challenge item: nothing of it can be read from the table. */
export type ChallengeContent =
  | SignUpChallenge
  | RecoveryChallenge
  | DecoyChallenge
  | RestingChallenge
  | ElsewhereChallenge;
