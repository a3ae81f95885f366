/** Processors are told, and reminded until they acknowledge or their time is up (GDPR Art. 19). */
import { hashSecret } from '../adapters/crypto/hash.ts';
import type { ErasureOutput, ProcessorInput, TellInput } from '../core/erasure/steps.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { isOverdue } from '../core/privacy-requests/overdue.ts';
import { secondsUntilReminder, turnOf } from '../core/privacy-requests/processor-turns.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actOfErasure } from './proof.ts';
import type { ErasureDeps, State } from './state.ts';

/** Whom to tell, and how long to wait before the first reminder. */
export const listProcessors: State = async ({ proof: { settings } }) => ({
  outcome: 'done',
  processors: settings.processors.map(({ id }) => ({
    processorId: id,
    reminderSeconds: secondsUntilReminder(settings),
  })),
});

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
  // A hold, a turn or a processor may have taken the month: nobody waits for longer unseen.
  if (isOverdue(request, now)) proof.count('RequestOverdue');
  const turn = await turnOf(proof, request, { processorId, now });
  if (turn.outcome === 'again') return { outcome: 'more' };
  if (turn.outcome === 'overdue') {
    await recordOnce({ proof }, request, 'processor.overdue', { processorId, at: turn.at });
  }
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
