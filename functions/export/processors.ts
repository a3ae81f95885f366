/** Processors that answer exports are asked what they hold, and reminded until their time is up. */
import { hashSecret } from '../adapters/crypto/hash.ts';
import type { ActKind } from '../core/audit/act.ts';
import type { AskInput, ExportOutput, ProcessorInput } from '../core/exports/steps.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { isOverdue } from '../core/privacy-requests/overdue.ts';
import { secondsUntilReminder, turnOf } from '../core/privacy-requests/processor-turns.ts';
import type { EpochSeconds } from '../core/time.ts';
import { DONE, type ExportDeps, type ExportState, MORE } from './state.ts';

/** Whom to ask, and how long to wait before the first reminder. */
export const listProcessors: ExportState = async ({ policy, settings }) => {
  const reminderSeconds = secondsUntilReminder(settings);
  const asked = policy.processors.filter(({ answersExports }) => answersExports);
  return {
    outcome: 'done',
    processors: asked.map(({ id }) => ({ processorId: id, reminderSeconds })),
  };
};

/** Puts the event on the bus. The task ends when the processor answers, or by its timeout. */
export async function askProcessor(
  deps: ExportDeps,
  { requestId: id, processorId, taskToken }: AskInput,
  now: EpochSeconds,
): Promise<ExportOutput> {
  const { request } = await deps.runs.load(id as PrivacyRequestId);
  const { requestId, sub } = request;
  const isThere = await deps.runs.isThere(request);
  const prepared = isThere
    ? await deps.processors.prepare(requestId, processorId, { taskToken, now })
    : undefined;
  if (prepared === undefined || prepared.isAcknowledged) {
    await deps.tasks.succeed(taskToken);
    return DONE;
  }
  const { acknowledgement, toldAt } = prepared;
  await deps.events.tell({ kind: 'ExportRequested', requestId, sub, processorId, acknowledgement });
  await recordOnce(deps, request, 'processor.told', { processorId, at: toldAt });
  return DONE;
}

/** After a timeout: asked again, or given up; the export says then that there was no answer. */
export async function remindProcessor(
  deps: ExportDeps,
  { requestId: id, processorId }: ProcessorInput,
  now: EpochSeconds,
): Promise<ExportOutput> {
  const { request } = await deps.runs.load(id as PrivacyRequestId);
  if (isOverdue(request, now)) deps.count('RequestOverdue');
  const turn = await turnOf(deps, request, { processorId, now });
  if (turn.outcome === 'again') return MORE;
  if (turn.outcome === 'overdue') {
    await recordOnce(deps, request, 'processor.overdue', { processorId, at: turn.at });
  }
  return DONE;
}

/** By an id that follows from what it tells, of one moment: a repeated state tells it no second time. */
async function recordOnce(
  { runs, createAct }: ExportDeps,
  request: PrivacyRequest,
  kind: ActKind,
  { processorId, at }: { readonly processorId: string; readonly at: EpochSeconds },
): Promise<void> {
  const id = hashSecret(`${request.requestId}:${kind}:${processorId}`).slice(0, 22);
  const act = createAct(kind, request, at);
  await runs.recordAct({ ...act, id, sub: request.sub, reason: processorId });
}
