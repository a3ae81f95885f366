import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Sub } from '../../core/ids.ts';
import type {
  NewPrivacyRequest,
  PrivacyRequest,
  PrivacyRequestId,
  PrivacyRequestKind,
} from '../../core/ports/privacy-requests.ts';
import { oneMonthAfter } from '../../core/privacy-requests/deadline.ts';
import { type EpochSeconds, toIsoTime } from '../../core/time.ts';
import { type Item, userPartition } from './account-items.ts';

/** Of the records table: the request itself. */
export function requestKey(requestId: PrivacyRequestId): Item {
  return { pk: { S: `REQUEST#${requestId}` }, sk: { S: 'REQUEST' } };
}

/** Of the data table: which request of a kind is under way for a person. */
export function runningRequestKey(sub: Sub, kind: PrivacyRequestKind): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: `PRIVACY-REQUEST#${kind}` } };
}

/** Of the records table: a cell's requests by the month that they are due in. */
export function dueMonthPartition(month: string): string {
  return `REQUESTS#${month}`;
}

/** Of the records table: a person's requests, by when they were made. */
export function requestsOfPartition(sub: Sub): string {
  return `REQUESTS-OF#${sub}`;
}

/** `2026-11`, of UTC. */
export function monthOf(time: EpochSeconds): string {
  return toIsoTime(time).slice(0, 7);
}

/** What the store knows when a request begins. */
export function beginRequest(wanted: NewPrivacyRequest): PrivacyRequest {
  const { state, requestedAt } = wanted;
  return {
    ...wanted,
    dueAt: oneMonthAfter(requestedAt),
    stateSince: requestedAt,
    history: [{ state, at: requestedAt }],
    // States note single facts, which takes a map to note them in.
    ...(wanted.kind === 'erasure' && { facts: {} }),
  };
}

export function encodeRequest(request: PrivacyRequest): Item {
  const { requestId, ...rest } = request;
  return {
    ...requestKey(requestId),
    ...marshall({ v: 1, ...rest }, { removeUndefinedValues: true }),
  };
}

/** The items by which a request is found: in its month, and among the person's. */
export function requestListItems(request: PrivacyRequest): ReadonlyArray<Item> {
  const { requestId, kind, sub, dueAt, requestedAt } = request;
  const listed = marshall({ v: 1, requestId, kind, sub });
  return [
    {
      pk: { S: dueMonthPartition(monthOf(dueAt)) },
      sk: { S: `${toIsoTime(dueAt)}#${requestId}` },
      ...listed,
    },
    {
      pk: { S: requestsOfPartition(sub) },
      sk: { S: `${toIsoTime(requestedAt)}#${requestId}` },
      ...listed,
    },
  ];
}

/** What `encodeRequest` wrote; states note more beside it, which is theirs alone. */
type RequestItem = Omit<PrivacyRequest, 'expiresAt'> & {
  readonly pk: string;
  /** `expiresAt` of an export: by that name TTL would delete the request itself. */
  readonly availableUntil?: EpochSeconds;
};

export function decodeRequest(item: Item): PrivacyRequest {
  const stored = unmarshall(item) as RequestItem;
  const { kind, sub, state, requestedAt, dueAt, stateSince, actor, history } = stored;
  const { reason, erasesAt, certificateId, availableUntil, withCredentials, facts } = stored;
  return {
    requestId: stored.pk.slice('REQUEST#'.length) as PrivacyRequestId,
    ...{ kind, sub, state, requestedAt, dueAt, stateSince, actor, history },
    ...(reason !== undefined && { reason }),
    ...(erasesAt !== undefined && { erasesAt }),
    ...(certificateId !== undefined && { certificateId }),
    ...(availableUntil !== undefined && { expiresAt: availableUntil }),
    ...(withCredentials !== undefined && { withCredentials }),
    ...(facts !== undefined && { facts }),
  };
}

export interface ListedRequest {
  readonly requestId: PrivacyRequestId;
  readonly kind: PrivacyRequestKind;
}

export function decodeListed(item: Item): ListedRequest {
  const { requestId, kind } = unmarshall(item) as ListedRequest;
  return { requestId, kind };
}
