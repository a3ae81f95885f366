import type { CellName, Resident } from '../cells.ts';
import type { HashedIdentifier, IdentifierHash, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/**
 * A claim is made in the primary region before the account is created at home, and confirmed after
 * it. `held`: somebody has the identifier, or is getting it right now.
 */
export type Claiming = { readonly outcome: 'claimed' } | { readonly outcome: 'held' };

/**
 * Who has which identifier, and where they live. The identifier itself is not in it. With several
 * cells, look-ups of strangers are bounded by their callers, and answered alike.
 */
export interface Directory {
  /** `HMAC(pepper, "email:" + normalised)`, with every pepper that the keyring holds. */
  hash(kind: 'email', normalised: string): Promise<HashedIdentifier>;
  /** Of this cell's own residents, from its own table: knows a sign-up at once. One call. */
  findResident(identifier: HashedIdentifier): Promise<Sub | undefined>;
  /**
   * Wherever they live: local replica and primary side by side, so that a fresh sign-up is found
   * and nobody can tell by time. Without the primary, what the replica says; `strict` throws
   * UnavailableError instead.
   */
  findHome(
    identifier: HashedIdentifier,
    options?: { readonly strict?: boolean },
  ): Promise<Resident | undefined>;
  /** What the local replica says: one call, no other region. */
  findHomeNearby(identifier: HashedIdentifier): Promise<Resident | undefined>;
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
}
