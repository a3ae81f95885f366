import type { Grant } from '../grant.ts';
import type { ClientId, SessionId, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

export interface GrantPointer {
  readonly sub: Sub;
  readonly grantId: string;
}

/** A code or refresh token once opened. It was sealed: a forged one costs no AWS call. */
export interface OpenedGrant extends GrantPointer {
  /** 128 bits; the grant stores its hash. */
  readonly secret: string;
  /** End of the family; refresh tokens carry it, codes do not. */
  readonly familyEndsAt?: EpochSeconds;
}

export type Redemption =
  | { readonly outcome: 'redeemed'; readonly grant: Grant; readonly refreshToken?: string }
  /** Unknown, expired, revoked, or issued to another client or redirect URI. */
  | { readonly outcome: 'refused'; readonly detail: string }
  /** Presented a second time: the family is revoked by now (RFC 6749 §4.1.2). */
  | { readonly outcome: 'replayed'; readonly detail: string };

export type Rotation =
  | { readonly outcome: 'rotated'; readonly grant: Grant; readonly refreshToken: string }
  | { readonly outcome: 'refused'; readonly detail: string }
  /** A superseded token after its grace: the family is revoked by now (RFC 9700 §4.14.2). */
  | { readonly outcome: 'reused'; readonly detail: string };

/** What pages do with grants: issue them, and end them with sessions and passwords. */
export interface GrantIssuer {
  /** One write; returns the authorization code. */
  issue(grant: Grant, now: EpochSeconds): Promise<string>;
  /** Sign-out: ends the grants of these sessions, but for those with `offline_access`. */
  revokeOfSessions(sub: Sub, sessionIds: ReadonlyArray<SessionId>): Promise<void>;
  /** Password change: ends every grant, `offline_access` or not, but for those of one session. */
  revokeAll(sub: Sub, options?: { exceptSession?: SessionId }): Promise<void>;
}

/** What the token endpoint does with grants. */
export interface Grants {
  /** Opens a presented code or refresh token locally; undefined when it is not one of ours. */
  open(presented: string, now: EpochSeconds): Promise<OpenedGrant | undefined>;
  /**
   * One conditional write that marks the code spent and opens the token family.
   * `redirectUri` and the PKCE verifier are checked by the caller against the returned grant's
   * values before any token leaves; a mismatch leaves the code spent.
   */
  redeem(
    code: OpenedGrant,
    options: { clientId: ClientId; refreshable: boolean; now: EpochSeconds },
  ): Promise<Redemption>;
  /** Undoes `redeem` when signing failed, so that the client can try again; no-op after a replay. */
  reopen(code: OpenedGrant): Promise<void>;
  /**
   * One conditional write. Its successor is derived from the token, so that every caller who
   * presents one token within its grace receives the same successor: there is one family state.
   */
  rotate(
    refreshToken: OpenedGrant,
    options: { clientId: ClientId; now: EpochSeconds },
  ): Promise<Rotation>;
  /** When signing failed after `rotate`: the token stays good until its successor is used. */
  prolongGrace(refreshToken: OpenedGrant): Promise<void>;
  /** Idempotent. False when the grant is another client's, which it leaves alone. */
  revoke(pointer: GrantPointer, clientId: ClientId): Promise<boolean>;
}
