/** What the audit trail tells of: who did what to whom, why and from where. */
import type { ClientId, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/**
 * Every security- and privacy-relevant act, `<entity>.<what became of it>`. Operators search by it,
 * so that a kind is never renamed.
 */
export const ACT_KINDS = [
  'account.created',
  'account.erasing',
  'account.kept',
  'account.closed',
  'session.begun',
  'session.ended',
  /** A password was tried; it was right if a session began by the same request. */
  'sign-in.tried',
  /** As that, and it was the last that is allowed for a while. */
  'sign-in.locked',
  'password.changed',
  'password.recovered',
  'grant.issued',
  'grant.revoked',
  'grant.reused',
  'scopes.allowed',
  'scopes.withdrawn',
  'consent.given',
  'consent.withdrawn',
  'consent.objected',
  'consent.parent-asked',
  'consent.parent-answered',
  'preferences.changed',
  'export.requested',
  'export.ready',
  'export.downloaded',
  'export.expired',
  'erasure.requested',
  'erasure.undone',
  'erasure.begun',
  'erasure.completed',
  'erasure.replayed',
  'person.looked-up',
  'processor.told',
  'processor.acknowledged',
  'processor.overdue',
  /** An operator read the evidence of one request. */
  'request.read',
  /** An operator read a list of requests; its object says which. */
  'request.listed',
  'hold.placed',
  'hold.released',
  /** An operator read somebody's holds, and their reasons. */
  'hold.read',
  'client.created',
  'client.changed',
  'client.deleted',
  'keys.moved',
] as const;

export type ActKind = (typeof ACT_KINDS)[number];

/** Who acted. Ids alone: no name, no address. */
export type Actor =
  | {
      readonly type: 'person';
      readonly sub: Sub;
      /** The app that asked in their name, by an access token of theirs. */
      readonly clientId?: ClientId;
    }
  /** An app, or an administrator's client, in its own name. */
  | { readonly type: 'client'; readonly clientId: ClientId }
  /** A workflow or the deployment itself. */
  | { readonly type: 'system'; readonly name: string }
  /** Somebody who proved nothing. */
  | { readonly type: 'anonymous' };

/** What the acts of one request, or of one step of a workflow, have in common. */
export interface Acting {
  readonly actor: Actor;
  /** Why, in a word or an operator's own: 256 characters at most. */
  readonly reason?: string;
  /** Network of the request: IPv4 /24, IPv6 /48. */
  readonly from?: string;
  /** Of the HTTP request, or of the execution of a workflow. */
  readonly requestId?: string;
  readonly at: EpochSeconds;
}

/**
 * Rides, as the attribute `act`, on the item whose write it is; the stream's consumer makes an audit
 * record of every item whose `act.id` is new. So no request waits for the audit trail, and no act
 * is recorded that did not happen.
 */
export interface Act extends Acting {
  /** Random, 128 bits, base64url. */
  readonly id: string;
  readonly kind: ActKind;
  /** Whom it concerns; absent where it is nobody, or unknown. */
  readonly sub?: Sub;
  /** Ids of what it was done to: a client, a purpose, a request; of a list, what narrowed it. */
  readonly object?: string;
}
