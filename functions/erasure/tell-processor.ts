/** Processors are told, and reminded until they acknowledge or their time is up (GDPR Art. 19). */
import { hashSecret } from '../adapters/crypto/hash.ts';
import type { ErasureOutput, ProcessorInput, TellInput } from '../core/erasure/steps.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { isOverdue } from '../core/privacy-requests/overdue.ts';
import { addSeconds, type EpochSeconds } from '../core/time.ts';
import { actOfErasure } from './proof.ts';
import type { ErasureDeps, State } from './state.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** Whom to tell, and how long to wait before the first reminder. */
export const listProcessors: State = async ({ proof: { settings } }) => ({
  outcome: 'done',
  processors: settings.processors.map(({ id }) => ({
    processorId: id,
    reminderSeconds: reminderSeconds(settings),
  })),
});

/** A deadline that comes before the reminder is waited for instead. */
function reminderSeconds(settings: ErasureDeps['proof']['settings']): number {
  const { processorReminderHours, processorDeadlineDays } = settings;
  return Math.min(processorReminderHours * HOUR_SECONDS, processorDeadlineDays * DAY_SECONDS);
}

/** Puts the event on the bus. The task ends when the processor acknowledges, or by its timeout. */
export async function tellProcessor(
  { erasures, proof }: ErasureDeps,
  { requestId: id, processorId, taskToken }: TellInput,
  now: EpochSeconds,
): Promise<ErasureOutput> {
  const request = await erasures.load(id as PrivacyRequestId);
  const { requestId, sub } = request;
  const waiting = { taskToken, now };
  const prepared = await proof.processors.prepare(requestId, processorId, waiting);
  if (prepared.isAcknowledged) {
    await proof.tasks.succeed(taskToken);
    return { outcome: 'done' };
  }
  const { acknowledgement, toldAt } = prepared;
  const kind = 'ErasureRequested';
  await proof.events.tell({ kind, requestId, sub, processorId, acknowledgement });
  await recordOnce({ proof }, request, 'processor.told', { processorId, at: toldAt });
  return { outcome: 'waiting' };
}

/** After a timeout: told again, or overdue, which an alarm and the certificate tell. */
export async function remind(
  { erasures, proof }: ErasureDeps,
  { requestId: id, processorId }: ProcessorInput,
  now: EpochSeconds,
): Promise<ErasureOutput> {
  const request = await erasures.load(id as PrivacyRequestId);
  const told = await proof.processors.list(request.requestId);
  const found = told.find((one) => one.processorId === processorId);
  if (isOverdue(request, now)) proof.count('RequestOverdue');
  if (found === undefined || found.acknowledgedAt !== undefined) return { outcome: 'done' };
  const deadlineSeconds = proof.settings.processorDeadlineDays * DAY_SECONDS;
  if (now < addSeconds(found.toldAt, deadlineSeconds)) return { outcome: 'more' };
  // Before it is marked: cut off in between it is counted twice, rather than never.
  if (found.overdueAt === undefined) proof.count('ProcessorOverdue');
  const isNew = await proof.processors.markOverdue(request.requestId, processorId, now);
  // It has acknowledged at this very moment.
  if (!isNew && found.overdueAt === undefined) return { outcome: 'done' };
  const at = found.overdueAt ?? now;
  await recordOnce({ proof }, request, 'processor.overdue', { processorId, at });
  return { outcome: 'done' };
}

/** Repeated, it is the same act of the same moment: the audit trail has it once. */
async function recordOnce(
  { proof }: Pick<ErasureDeps, 'proof'>,
  request: Parameters<typeof actOfErasure>[0],
  kind: Parameters<typeof actOfErasure>[1],
  { processorId, at }: { readonly processorId: string; readonly at: EpochSeconds },
): Promise<void> {
  const id = hashSecret(`${request.requestId}:${kind}:${processorId}`).slice(0, 22);
  await proof.recordAct({ ...actOfErasure(request, kind, { id, now: at }), reason: processorId });
}
