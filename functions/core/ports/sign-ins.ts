import type { AcceptedTerms, ProfileAttributes } from '../account.ts';
import type { Acting } from '../audit/act.ts';
import type { Grant } from '../grant.ts';
import type {
  ChallengeId,
  ClientId,
  HashedIdentifier,
  IdentifierHash,
  LabelKey,
  Sub,
} from '../ids.ts';
import type { NewSession, Session } from '../session.ts';
import type { EpochSeconds } from '../time.ts';
import type { AttemptsOf } from './attempts.ts';
import type { LapsedClaim } from './directory.ts';
import type { PrivacyChange } from './privacy-choices.ts';

/** A session that begins, and the grant that it begins with, if a client is waiting. */
export interface Beginning {
  readonly session: NewSession;
  /** What it is labelled under; without it the session has no label. */
  readonly labelKey: LabelKey | undefined;
  readonly grant: Grant | undefined;
  readonly now: EpochSeconds;
  readonly acting: Acting;
}

/** What the browser receives. */
export interface Begun {
  readonly outcome: 'begun';
  readonly sessionCookie: string;
  readonly code?: string;
  /** Of a new account: its address is claimed, and the primary region does not know yet for good. */
  readonly isClaimPending?: true;
}

export interface PasswordSignIn extends Beginning {
  /** The hash that was verified: a password changed meanwhile refuses the sign-in. */
  readonly verifiedHash: string;
  /** Stored instead, when cost or pepper have changed. */
  readonly renewedHash?: string;
  readonly attempts: AttemptsOf;
}

/** The key for labels is made with the account. */
export interface Registration extends Omit<Beginning, 'labelKey'> {
  readonly challengeId: ChallengeId;
  readonly sub: Sub;
  readonly identifier: HashedIdentifier;
  readonly attributes: ProfileAttributes;
  readonly passwordHash: string;
  readonly terms?: AcceptedTerms;
  /** Written with the account; absent where nothing was chosen. */
  readonly privacy?: PrivacyChange;
}

export type Registered =
  | Begun
  /** Somebody else has the address, or is getting it right now. */
  | {
      readonly outcome: 'taken';
      /** Nobody has it: until then it rests, because whoever had it was erased. */
      readonly quarantinedUntil?: EpochSeconds;
    }
  /** The challenge was used before. */
  | { readonly outcome: 'gone' }
  /** Somebody else's claim has to be settled at its home; then this can be tried again. */
  | { readonly outcome: 'lapsed'; readonly claim: LapsedClaim };

export interface Recovery extends Beginning {
  readonly challengeId: ChallengeId;
  readonly sub: Sub;
  readonly identifier: IdentifierHash;
  readonly passwordHash: string;
}

/** What remains of a browser's session when the password changes: a new one with a new cookie. */
export interface Changed {
  readonly outcome: 'changed';
  readonly session: Session;
  readonly sessionCookie: string;
}

/**
 * Everything that begins a session or changes a password: one transaction each, but for
 * registration outside the primary region.
 */
export interface SignIns {
  /** `outdated` when the password was changed after it was verified, or the account disabled. */
  begin(signIn: PasswordSignIn): Promise<Begun | { readonly outcome: 'outdated' }>;
  /** Creates the account. Throws UnavailableError when addresses cannot be claimed right now. */
  register(registration: Registration): Promise<Registered>;
  /**
   * Sets the password and ends the other sessions that it finds; `endOthers` has to follow, for
   * those that began meanwhile. `gone`: the challenge was used.
   */
  recover(recovery: Recovery): Promise<Begun | { readonly outcome: 'gone' }>;
  /** A code for a live session; notes now and then that the session is in use. */
  issue(session: Session, grant: Grant, acting: Acting): Promise<string>;
  /** As `issue`, and remembers the scopes that the person has just allowed. */
  issueWithConsent(
    session: Session,
    grant: Grant,
    consent: { readonly clientId: ClientId; readonly scope: string },
    acting: Acting,
  ): Promise<string>;
  /**
   * As `recover`, for somebody who is signed in. Their session goes on under another id and cookie:
   * a copy of the old cookie is worth nothing. `outdated`: the password was changed meanwhile.
   */
  changePassword(change: {
    readonly session: NewSession;
    readonly labelKey: LabelKey | undefined;
    readonly verifiedHash: string;
    readonly newHash: string;
    readonly acting: Acting;
  }): Promise<Changed | { readonly outcome: 'outdated' }>;
  /**
   * Ends every session but this one, and every grant that did not begin in it, `offline_access` or
   * not. After a password change it is complete: whoever knew the old one cannot begin another
   * session. Can be repeated.
   */
  endOthers(keep: Pick<Session, 'sub' | 'sessionId'>, acting: Acting): Promise<void>;
}
