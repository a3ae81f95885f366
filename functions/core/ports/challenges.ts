import type { ChallengeContent, MailPurpose } from '../challenge.ts';
import type { ChallengeId, IdentifierHash, MailId } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** What one network may cause and one address may receive in mails, per hour. */
interface Mailing {
  /** Network that the request came from. */
  readonly source: string;
  readonly now: EpochSeconds;
}

export interface NewChallenge extends Mailing {
  readonly challengeId: ChallengeId;
  /** Where the mail goes: counted, and stored in the content alone. */
  readonly email: string;
  readonly content: ChallengeContent;
  readonly mailId: MailId;
  /** Absent for decoys: no code will fit. */
  readonly code: string | undefined;
}

export interface Renewal extends Mailing {
  readonly challengeId: ChallengeId;
  readonly email: string;
  readonly purpose: MailPurpose;
  /** Of the mail whose link works from now on. */
  readonly mailId: MailId;
  readonly code: string | undefined;
}

export interface FoundChallenge {
  readonly content: ChallengeContent;
  /** Of the newest mail. */
  readonly mailId: MailId;
}

export type Opening =
  | { readonly outcome: 'opened' }
  | { readonly outcome: 'too-many-mails'; readonly until: EpochSeconds };

export type Renewing =
  | Opening
  | { readonly outcome: 'too-soon'; readonly until: EpochSeconds }
  | { readonly outcome: 'gone' };

export type Trial =
  | { readonly outcome: 'matched'; readonly content: ChallengeContent }
  | { readonly outcome: 'wrong'; readonly left: number }
  | { readonly outcome: 'expired' }
  /** All tries are used up. */
  | { readonly outcome: 'spent' }
  /** Too many wrong codes were tried for this address over all challenges: its mails' links still work. */
  | { readonly outcome: 'exhausted' }
  /** Confirmed before, or never there. */
  | { readonly outcome: 'gone' };

/** One-time codes and links, mailed to an address that somebody claims to be theirs. */
export interface Challenges {
  /** Stores it and counts its mail, in one transaction. */
  open(challenge: NewChallenge): Promise<Opening>;
  /** Replaces code and link, gives new tries and counts the mail, in one transaction. */
  renew(renewal: Renewal): Promise<Renewing>;
  /**
   * Undoes opening or renewing when the mail could not be sent: asking again works at once, and the
   * code of the mail before it is good again.
   */
  refund(mailing: Omit<Renewal, 'code'>): Promise<void>;
  /**
   * Counts a mail to a resident that another cell asks for; there its network was counted. Apart
   * from the mails that are asked for here, so that how many of these are left shows nothing.
   */
  countNotice(notice: Pick<Renewal, 'email' | 'now'>): Promise<Opening>;
  /** Whatever its code's state; undefined when it is gone. */
  find(challengeId: ChallengeId, now: EpochSeconds): Promise<FoundChallenge | undefined>;
  /**
   * Counts a try, of the challenge and of the address that it was opened for, then compares:
   * parallel guesses cannot pass. Whoever proves the address has both counts forgotten.
   */
  tryCode(
    of: { readonly challengeId: ChallengeId; readonly identifier: IdentifierHash },
    code: string,
    now: EpochSeconds,
  ): Promise<Trial>;
  /**
   * Gives back a try that matched, when what it was made for cannot be done just now. The
   * identifier of what `tryCode` counted; `tryOwner` counts none. Whatever fails is swallowed.
   */
  giveBack(of: {
    readonly challengeId: ChallengeId;
    readonly identifier?: IdentifierHash;
  }): Promise<void>;
  /** Counts a try; `isRight` decides by what was stored (the password chosen at sign-up). */
  tryOwner(
    challengeId: ChallengeId,
    isRight: (content: ChallengeContent) => Promise<boolean>,
    now: EpochSeconds,
  ): Promise<Trial>;
}
