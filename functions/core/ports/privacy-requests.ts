import type { Act } from '../audit/act.ts';
import type { Sub } from '../ids.ts';
import type { ErasureFacts } from '../privacy-requests/erasure-facts.ts';
import type { EpochSeconds } from '../time.ts';

export type PrivacyRequestKind = 'export' | 'erasure';

/** Opaque, random, 128 bits; the execution of its workflow is called the same. */
export type PrivacyRequestId = string & { readonly __brand: 'PrivacyRequestId' };

/**
 * Where a request stands. An export is `collecting` → `ready` → `expired`; an erasure `grace` →
 * `undone`, or → `held` while a legal hold stands → `erasing` → `awaiting-processors` →
 * `quarantine` → `completed`.
 */
export type PrivacyRequestState =
  | 'collecting'
  | 'ready'
  | 'expired'
  | 'grace'
  | 'undone'
  | 'held'
  | 'erasing'
  | 'awaiting-processors'
  | 'quarantine'
  | 'completed';

/** In the records table, which erasure leaves alone: ids and times, no attribute of the person. */
export interface PrivacyRequest {
  readonly requestId: PrivacyRequestId;
  readonly kind: PrivacyRequestKind;
  readonly sub: Sub;
  readonly state: PrivacyRequestState;
  readonly requestedAt: EpochSeconds;
  /** One month after the request (GDPR Art. 12(3)). */
  readonly dueAt: EpochSeconds;
  /** Of the last change of `state`. */
  readonly stateSince: EpochSeconds;
  /** Who asked: the person, or an administrator's client on their behalf. */
  readonly actor: Act['actor'];
  /** Of an administrator: why, 256 characters at most. */
  readonly reason?: string;
  /** Erasure: when grace ends, before any jitter. */
  readonly erasesAt?: EpochSeconds;
  /** Erasure: of the certificate. */
  readonly certificateId?: string;
  /** Export: when the files go. */
  readonly expiresAt?: EpochSeconds;
  /** Export: whether portable forms of credentials are inside. */
  readonly withCredentials?: boolean;
  /** Every state so far and when it began, oldest first; the last one is `state`. */
  readonly history: ReadonlyArray<{
    readonly state: PrivacyRequestState;
    readonly at: EpochSeconds;
  }>;
  /** Erasure: what it has done. */
  readonly facts?: ErasureFacts;
}

/** Reading side, for pages and REST. */
export interface PrivacyRequests {
  find(requestId: PrivacyRequestId): Promise<PrivacyRequest | undefined>;
  /** The newest of each kind, of one person. */
  ofPerson(sub: Sub): Promise<ReadonlyArray<PrivacyRequest>>;
}

/** What a request starts with; the rest follows from it. */
export type NewPrivacyRequest = Omit<
  PrivacyRequest,
  'dueAt' | 'stateSince' | 'history' | 'facts' | 'certificateId'
>;

export type Created =
  | { readonly outcome: 'created'; readonly request: PrivacyRequest }
  /** One of the kind is under way for this person. */
  | { readonly outcome: 'running'; readonly requestId: PrivacyRequestId }
  /** The account is gone, disabled or about to be erased. */
  | { readonly outcome: 'refused' };

/** Which requests an operator asks for. */
export interface RequestsWanted {
  readonly kind?: PrivacyRequestKind;
  readonly state?: PrivacyRequestState;
  /** Those due before this moment alone. */
  readonly dueBefore?: EpochSeconds;
  /** As answered with the page before. */
  readonly cursor?: string;
  readonly now: EpochSeconds;
}

export interface RequestsPage {
  /** The one that is due last comes first. */
  readonly requests: ReadonlyArray<PrivacyRequest>;
  readonly cursor?: string;
}

/** Every request of a cell, for operators. */
export interface PrivacyRequestLists {
  list(wanted: RequestsWanted): Promise<RequestsPage>;
}
