/** Requests as REST tells of them: camel-case names, times as ISO 8601. */
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import type { ToldProcessor } from '../core/ports/processors.ts';
import type { ErasureFacts } from '../core/privacy-requests/erasure-facts.ts';
import { isOverdue } from '../core/privacy-requests/overdue.ts';
import { type EpochSeconds, toIsoTime } from '../core/time.ts';

export function toRequestJson(request: PrivacyRequest, now: EpochSeconds) {
  const { requestId, kind, sub, state, actor, reason, certificateId, withCredentials } = request;
  const { erasesAt, expiresAt } = request;
  return {
    ...{ requestId, kind, sub, state, actor },
    requestedAt: toIsoTime(request.requestedAt),
    dueAt: toIsoTime(request.dueAt),
    stateSince: toIsoTime(request.stateSince),
    isOverdue: isOverdue(request, now),
    ...(reason !== undefined && { reason }),
    ...(erasesAt !== undefined && { erasesAt: toIsoTime(erasesAt) }),
    ...(expiresAt !== undefined && { expiresAt: toIsoTime(expiresAt) }),
    ...(certificateId !== undefined && { certificateId }),
    ...(withCredentials !== undefined && { withCredentials }),
  };
}

/** What proves how a request was answered. */
export function toEvidenceJson(request: PrivacyRequest, now: EpochSeconds) {
  const { history, facts } = request;
  return {
    ...toRequestJson(request, now),
    history: history.map(({ state, at }) => ({ state, at: toIsoTime(at) })),
    ...(facts !== undefined && { facts: toFactsJson(facts) }),
  };
}

function toFactsJson(facts: ErasureFacts): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'number' ? toIsoTime(value as EpochSeconds) : value,
    ]),
  );
}

export function toProcessorJson(told: ToldProcessor) {
  const { processorId, reminders, toldAt, acknowledgedAt, overdueAt } = told;
  return {
    ...{ processorId, reminders, toldAt: toIsoTime(toldAt) },
    ...(acknowledgedAt !== undefined && { acknowledgedAt: toIsoTime(acknowledgedAt) }),
    ...(overdueAt !== undefined && { overdueAt: toIsoTime(overdueAt) }),
  };
}
