/** `/v1/admin/privacy/requests`: every export and erasure of this cell (GDPR Art. 12, 30). */
import * as z from 'zod/mini';
import { askForErasure, undoErasure } from '../browser/erasure-asking.ts';
import { HttpError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { PRIVACY_REQUEST_STATES } from '../core/privacy-requests/states.ts';
import { type EpochSeconds, toEpochSeconds, toIsoTime } from '../core/time.ts';
import { actingOf, createAct } from '../http/acting.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { certificateUrl } from './certificate.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import { exportOnBehalf } from './export-requests.ts';
import { newId } from './idempotency.ts';
import { BECAUSE, REASON, readReasoned, SUB } from './input.ts';
import { atHome, type Operator, type OperatorEndpoint, readId } from './operator.ts';
import { toEvidenceJson, toProcessorJson, toRequestJson } from './request-json.ts';

const FILTER = z.strictObject({
  kind: z.optional(z.enum(['export', 'erasure'])),
  state: z.optional(z.enum(PRIVACY_REQUEST_STATES)),
  dueBefore: z.optional(z.iso.datetime({ offset: true })),
  cursor: z.optional(z.string().check(z.maxLength(2048))),
});

type Filter = ReturnType<typeof readFilter>;

/**
 * `GET`: by what they are due, the last first; a page may be short and still go on. The audit trail
 * tells who read which of them; its write goes out beside the reading.
 */
export function createRequestList(deps: PrivacyAdmin): OperatorEndpoint {
  const { requestLists, sealer } = deps;
  return async (http, { actor }) => {
    const filter = readFilter(http);
    const { kind, state, dueBefore, cursor } = filter;
    const opened = cursor === undefined ? undefined : await sealer.open('cursor', cursor, http.now);
    if (cursor !== undefined && typeof opened !== 'string') {
      throw new HttpError(400, 'the cursor is none of ours');
    }
    const [page] = await Promise.all([
      requestLists.list({
        now: http.now,
        ...(kind !== undefined && { kind }),
        ...(state !== undefined && { state }),
        ...(dueBefore !== undefined && { dueBefore }),
        ...(typeof opened === 'string' && { cursor: opened }),
      }),
      deps.recordAct(createAct(http, { kind: 'request.listed', actor, object: nameList(filter) })),
    ]);
    return privateJson({
      requests: page.requests.map((request) => toRequestJson(request, http.now)),
      ...(page.cursor !== undefined && { cursor: await sealer.seal('cursor', page.cursor) }),
    });
  };
}

/** `kind=erasure&state=held`: what it was narrowed by, and whether it is a further page. */
function nameList({ kind, state, dueBefore, cursor }: Filter): string {
  const narrowed = new URLSearchParams({
    ...(kind !== undefined && { kind }),
    ...(state !== undefined && { state }),
    ...(dueBefore !== undefined && { dueBefore: toIsoTime(dueBefore) }),
    ...(cursor !== undefined && { page: 'further' }),
  });
  return decodeURIComponent(narrowed.toString()) || 'all';
}

function readFilter(http: HttpRequest) {
  const parsed = FILTER.safeParse({
    kind: http.query.find('kind'),
    state: http.query.find('state'),
    dueBefore: http.query.find('dueBefore'),
    cursor: http.query.find('cursor'),
  });
  if (!parsed.success) {
    const where = parsed.error.issues.flatMap(({ path }) => path.join('.') || 'the query');
    throw new HttpError(400, `not as it should be: ${[...new Set(where)].join(', ')}`);
  }
  const { dueBefore, ...rest } = parsed.data;
  return { ...rest, dueBefore: dueBefore === undefined ? undefined : toTime(dueBefore) };
}

function toTime(text: string): EpochSeconds {
  return toEpochSeconds(Date.parse(text));
}

/**
 * `GET …/{requestId}`: its states with their times, what was done, who was told, the certificate. The
 * audit trail tells who read it.
 */
export function createRequestEvidence(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const request = await requireRequest(deps, http);
    const { requestId, sub } = request;
    const [processors, holds] = await Promise.all([
      deps.processors.list(requestId),
      deps.holds.list(sub),
      deps.recordAct(createAct(http, { kind: 'request.read', actor, sub, object: requestId })),
    ]);
    const { certificateId } = request;
    return privateJson({
      ...toEvidenceJson(request, http.now),
      processors: processors.map(toProcessorJson),
      holds: holds?.length ?? 0,
      ...(certificateId !== undefined && {
        certificateUrl: certificateUrl(deps.settings.issuer, certificateId),
      }),
    });
  };
}

const ASKING = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('erasure'), sub: SUB, reason: REASON }),
  // Without credentials: those are the person's alone.
  z.strictObject({ kind: z.literal('export'), sub: SUB, reason: REASON }),
]);

/** `POST`: on somebody's behalf, who is told as if they had asked themselves. 202. */
export function createRequestOnBehalf(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, operator) => {
    const wanted = readReasoned(http, ASKING);
    const sub = wanted.sub as Sub;
    return atHome(deps, http, sub, () => askOnBehalf(deps, http, operator, { ...wanted, sub }));
  };
}

async function askOnBehalf(
  deps: PrivacyAdmin,
  http: HttpRequest,
  operator: Operator,
  { kind, sub, reason }: z.infer<typeof ASKING> & { readonly sub: Sub },
): Promise<HttpResponse> {
  const requestId = newId(http, operator, 'request') as PrivacyRequestId;
  const made = await deps.privacyRequests.find(requestId);
  if (made !== undefined) {
    if (made.sub === sub && made.kind === kind) return accepted(made, http.now);
    throw new HttpError(409, 'the Idempotency-Key was used for another request');
  }
  if (kind === 'export') {
    const asked = { requestId, sub, reason };
    return accepted(await exportOnBehalf(deps, http, operator, asked), http.now);
  }
  const acting = actingOf(http, operator.actor, reason);
  const asked = await askForErasure(deps, { sub, acting, requestId });
  if (asked === undefined) throw new HttpError(409, 'there is no active account of this sub');
  return { ...accepted(asked.request, http.now), counts: asked.counts };
}

/** `DELETE …/{requestId}` with the reason: the account stays, if it is not too late. */
export function createRequestUndoing(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const { reason } = readReasoned(http, BECAUSE);
    const { requestId, kind } = await requireRequest(deps, http);
    if (kind !== 'erasure') throw new HttpError(409, 'an export cannot be undone');
    const undone = await undoErasure(deps, requestId, actingOf(http, actor, reason));
    if (undone.outcome !== 'undone') throw new HttpError(409, 'the account is erased already');
    return { ...privateJson(toRequestJson(undone.request, http.now)), counts: undone.counts };
  };
}

async function requireRequest(deps: PrivacyAdmin, http: HttpRequest): Promise<PrivacyRequest> {
  const requestId = readId(http, 'requestId') as PrivacyRequestId;
  const request = await deps.privacyRequests.find(requestId);
  if (request === undefined) throw new HttpError(404, 'there is no such request in this cell');
  noteSubject(http, { sub: request.sub });
  return request;
}

function accepted(request: PrivacyRequest, now: EpochSeconds): HttpResponse {
  return privateJson(toRequestJson(request, now), 202);
}
