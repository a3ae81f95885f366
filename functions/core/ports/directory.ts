import type { CellName, Resident } from '../cells.ts';
import type { HashedIdentifier, IdentifierHash, LabelKey, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** Who has an identifier, or is getting it. */
export interface Claimant extends Resident {
  /** The home has not confirmed yet that the account exists. */
  readonly isPending: boolean;
}

/** Whom an identifier leads to at home, and what their sessions are labelled under. */
export interface PointedAt {
  readonly sub: Sub;
  readonly labelKey?: LabelKey;
}

/** An identifier that nobody can claim for a while: whoever had it was erased, and is not named. */
export interface Quarantined {
  /** Where they were at home: look-ups are answered as before. */
  readonly cell: CellName;
  readonly quarantinedUntil: EpochSeconds;
}

/** A claim whose time was up before its home confirmed it. */
export interface LapsedClaim extends Resident {
  readonly identifier: IdentifierHash;
  readonly pendingUntil: EpochSeconds;
}

/**
 * A claim is made in the primary region before the account is created at home, and confirmed after
 * it.
 */
export type Claiming =
  | { readonly outcome: 'claimed' }
  /** Somebody has the identifier, or is getting it right now. */
  | { readonly outcome: 'held'; readonly quarantinedUntil?: EpochSeconds }
  /** Whether that account exists, its home knows: it has to settle this before anybody else claims. */
  | { readonly outcome: 'lapsed'; readonly claim: LapsedClaim };

/**
 * Who has which identifier, and where they live. The identifier itself is not in it. With several
 * cells, look-ups of strangers are bounded by their callers, and answered alike.
 */
export interface Directory {
  /** `HMAC(pepper, "email:" + normalised)`, with every pepper that the keyring holds. */
  hash(kind: 'email', normalised: string): Promise<HashedIdentifier>;
  /**
   * Of this cell's own residents, from its own table: knows a sign-up at once. One call, but for
   * a resident whose claim was never confirmed: that is made good here.
   */
  findResident(identifier: HashedIdentifier): Promise<PointedAt | undefined>;
  /**
   * Wherever they live: local replica and primary side by side, so that a fresh sign-up is found
   * and nobody can tell by time. Without the primary, what the replica says; `strict` throws
   * UnavailableError instead.
   */
  findHome(
    identifier: HashedIdentifier,
    options?: { readonly strict?: boolean },
  ): Promise<Claimant | Quarantined | undefined>;
  /** What the local replica says: one call, no other region. */
  findHomeNearby(identifier: HashedIdentifier): Promise<Claimant | Quarantined | undefined>;
  /**
   * What the local replica says of a person whom an ID token names: one call, no other region. For
   * somebody it has not heard of yet, the browser's own hint of its home leads as far.
   */
  findHomeOfSub(sub: Sub): Promise<CellName | undefined>;
  /**
   * Claims an identifier in the primary region by one conditional transaction; repeating it for
   * the same `sub` succeeds. Throws UnavailableError when the primary is away.
   */
  claim(claim: {
    readonly identifier: HashedIdentifier;
    readonly sub: Sub;
    readonly now: EpochSeconds;
  }): Promise<Claiming>;
  /** The account exists: the claim stands for good. Idempotent. */
  confirm(identifier: IdentifierHash, sub: Sub): Promise<void>;
  /** At the claim's home, once its time is up: confirms it when the account exists, else gives it back. */
  settle(claim: Pick<LapsedClaim, 'identifier' | 'sub' | 'pendingUntil'>): Promise<void>;
}
