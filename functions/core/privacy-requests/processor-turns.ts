/** Processors are told, and told again, until they have answered or their time is up (GDPR Art. 19). */
import type { PrivacyRequest } from '../ports/privacy-requests.ts';
import type { Processors, ToldProcessor } from '../ports/processors.ts';
import { addSeconds, DAY_SECONDS, type EpochSeconds, HOUR_SECONDS } from '../time.ts';

/** As operators tune them. */
export interface ProcessorTimes {
  readonly processorDeadlineDays: number;
  readonly processorReminderHours: number;
}

/** A deadline that comes before the reminder is waited for instead. */
export function secondsUntilReminder(times: ProcessorTimes): number {
  const { processorReminderHours, processorDeadlineDays } = times;
  return Math.min(processorReminderHours * HOUR_SECONDS, processorDeadlineDays * DAY_SECONDS);
}

/**
 * When a processor's time is up: after its days, or as long before the request's month is over
 * (GDPR Art. 12(3)) as passes between two looks at it; one reminder's time it has in any case.
 */
export function endOfProcessorTime(
  { toldAt }: Pick<ToldProcessor, 'toldAt'>,
  { dueAt }: Pick<PrivacyRequest, 'dueAt'>,
  times: ProcessorTimes,
): EpochSeconds {
  const between = secondsUntilReminder(times);
  const days = times.processorDeadlineDays * DAY_SECONDS;
  const inTime = Math.min(toldAt + days, dueAt - between);
  return Math.max(inTime, addSeconds(toldAt, between)) as EpochSeconds;
}

interface TurnDeps {
  readonly processors: Pick<Processors, 'list' | 'markOverdue'>;
  readonly settings: ProcessorTimes;
  readonly count: (event: 'ProcessorOverdue') => void;
}

/** What a processor's silence comes to: it is told again, or overdue, or it has answered meanwhile. */
export type Turn =
  | { readonly outcome: 'answered' }
  | { readonly outcome: 'again' }
  | { readonly outcome: 'overdue'; readonly at: EpochSeconds };

const ANSWERED: Turn = { outcome: 'answered' };

/** After a timeout. Repeated, it finds the same moment. */
export async function turnOf(
  { processors, settings, count }: TurnDeps,
  request: PrivacyRequest,
  { processorId, now }: { readonly processorId: string; readonly now: EpochSeconds },
): Promise<Turn> {
  const told = await processors.list(request.requestId);
  const found = told.find((one) => one.processorId === processorId);
  if (found === undefined || found.acknowledgedAt !== undefined) return ANSWERED;
  if (now < endOfProcessorTime(found, request, settings)) return { outcome: 'again' };
  // Before it is marked: cut off in between it is counted twice, rather than never.
  if (found.overdueAt === undefined) count('ProcessorOverdue');
  const isNew = await processors.markOverdue(request.requestId, processorId, now);
  // It has answered at this very moment.
  if (!isNew && found.overdueAt === undefined) return ANSWERED;
  return { outcome: 'overdue', at: found.overdueAt ?? now };
}
