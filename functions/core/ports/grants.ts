import type { Acting } from '../audit/act.ts';
import type { Grant } from '../grant.ts';
import type { ClientId, SessionId, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

export interface GrantPointer {
  readonly sub: Sub;
  readonly grantId: string;
}

interface PresentedGrant extends GrantPointer {
  /** 128 bits; the grant stores its hash. */
  readonly secret: string;
}

/** An authorization code: it names its session, whose end refuses it. */
export interface OpenedCode extends PresentedGrant {
  readonly kind: 'code';
  readonly sessionId: SessionId;
}

/** A refresh token: it says what can be refused before the family is touched. */
export interface OpenedRefreshToken extends PresentedGrant {
  readonly kind: 'refresh-token';
  /** What the person granted, space-separated. */
  readonly scope: string;
  /** What it is for; absent when the request named nothing. */
  readonly resources?: ReadonlyArray<string>;
  readonly familyEndsAt: EpochSeconds;
  /**
   * Of the keyring, when the family began: its secrets follow from one another by that key. Absent
   * in a family's first token until it is sealed.
   */
  readonly keyVersion?: number;
}

/** A code or refresh token once opened. It was sealed: a forged one costs no AWS call. */
export type OpenedGrant = OpenedCode | OpenedRefreshToken;

/** What a code was redeemed for, or a refresh token rotated to. */
interface OpenGrant {
  readonly grant: Grant;
  /** When the grant ends unless it is used again; no access token outlives it. */
  readonly endsAt: EpochSeconds;
}

export type Redemption =
  | (OpenGrant & { readonly outcome: 'redeemed'; readonly refreshToken?: string })
  /** Unknown, expired, revoked, or issued to another client or redirect URI. */
  | { readonly outcome: 'refused'; readonly detail: string }
  /** Presented a second time: the family is revoked by now (RFC 6749 §4.1.2). */
  | { readonly outcome: 'replayed'; readonly detail: string };

export type Rotation =
  | (OpenGrant & { readonly outcome: 'rotated'; readonly refreshToken: string })
  | { readonly outcome: 'refused'; readonly detail: string }
  /** A superseded token after its grace: the family is revoked by now (RFC 9700 §4.14.2). */
  | { readonly outcome: 'reused'; readonly detail: string };

/** `unknown`: there is no such grant in this cell. */
export type Revocation = 'revoked' | 'unknown' | 'another-clients';

/** What pages do with grants: issue them, and end them with their sessions. */
export interface GrantIssuer {
  /** One write; returns the authorization code. */
  issue(grant: Grant, acting: Acting): Promise<string>;
  /**
   * Ends the grants of sessions that have ended: in this order, no code can slip through, since
   * its redemption looks for the session. Those with `offline_access` outlive a sign-out (OIDC
   * Core §11) unless they are `included`. Can be repeated.
   */
  revokeOfSessions(
    sub: Sub,
    sessionIds: ReadonlyArray<SessionId>,
    options: { readonly acting: Acting; readonly offlineAccess: 'spared' | 'included' },
  ): Promise<void>;
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
    code: OpenedCode,
    options: { clientId: ClientId; refreshable: boolean; acting: Acting },
  ): Promise<Redemption>;
  /** Undoes `redeem` when signing failed, so that the client can try again; no-op after a replay. */
  reopen(code: OpenedCode): Promise<void>;
  /**
   * One conditional write. Its successor is derived from the token, so that every caller who
   * presents one token within its grace receives the same successor: there is one family state.
   */
  rotate(
    refreshToken: OpenedRefreshToken,
    options: { clientId: ClientId; acting: Acting },
  ): Promise<Rotation>;
  /**
   * When signing failed after `rotate`: the token stays good for some minutes, until its successor
   * is used. Never for a refusal, which a thief could provoke to be spared the detection of reuse.
   */
  prolongGrace(refreshToken: OpenedRefreshToken, now: EpochSeconds): Promise<void>;
  /** Idempotent. Leaves another client's grant alone. */
  revoke(pointer: GrantPointer, clientId: ClientId, acting: Acting): Promise<Revocation>;
}
