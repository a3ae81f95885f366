/** Both workflows tell processors in the same way; only what they ask of them differs. */
import type { PrivacyRequest } from '../ports/privacy-requests.ts';
import type { ProcessorEvents, Processors, WaitingTasks } from '../ports/processors.ts';
import type { EpochSeconds } from '../time.ts';
import { isOverdue } from './overdue.ts';
import type { ProcessorToTell } from './processor-steps.ts';
import {
  endOfProcessorTime,
  type ProcessorTimes,
  secondsUntilReminder,
  turnOf,
} from './processor-turns.ts';

interface TellingDeps {
  readonly processors: Pick<Processors, 'list' | 'prepare' | 'markOverdue'>;
  readonly events: ProcessorEvents;
  readonly tasks: WaitingTasks;
  readonly count: (event: 'RequestOverdue' | 'ProcessorOverdue') => void;
  readonly settings: ProcessorTimes;
}

/** Notes for the audit trail; of one moment it is noted once, however often it is told. */
type RecordTurn = (
  kind: 'processor.told' | 'processor.overdue',
  processorId: string,
  at: EpochSeconds,
) => Promise<void>;

/** Whom to tell, and how long to wait before the first reminder. */
export function processorsToTell(
  processors: ReadonlyArray<{ readonly id: string }>,
  settings: ProcessorTimes,
): ReadonlyArray<ProcessorToTell> {
  const reminderSeconds = secondsUntilReminder(settings);
  return processors.map(({ id }) => ({ processorId: id, reminderSeconds }));
}

/** Puts the event on the bus. The task ends when the processor answers, or by its timeout. */
export async function tellProcessor(
  { processors, events, tasks, settings }: TellingDeps,
  request: PrivacyRequest,
  {
    kind,
    processorId,
    taskToken,
    now,
  }: {
    readonly kind: 'ErasureRequested' | 'ExportRequested';
    readonly processorId: string;
    readonly taskToken: string;
    readonly now: EpochSeconds;
  },
  record: RecordTurn,
): Promise<'told' | 'answered'> {
  const { requestId, sub } = request;
  const until = endOfProcessorTime({ toldAt: now }, request, settings);
  const prepared = await processors.prepare(requestId, processorId, { taskToken, now, until });
  if (prepared.isAcknowledged) {
    await tasks.succeed(taskToken);
    return 'answered';
  }
  const { acknowledgement, toldAt } = prepared;
  await events.tell({ kind, requestId, sub, processorId, acknowledgement });
  await record('processor.told', processorId, toldAt);
  return 'told';
}

/** After a timeout: it is told again, or given up as overdue. */
export async function remindProcessor(
  deps: TellingDeps,
  request: PrivacyRequest,
  { processorId, now }: { readonly processorId: string; readonly now: EpochSeconds },
  record: RecordTurn,
): Promise<'again' | 'done'> {
  // A hold, a turn or a processor may have taken the month: nobody waits for longer unseen.
  if (isOverdue(request, now)) deps.count('RequestOverdue');
  const turn = await turnOf(deps, request, { processorId, now });
  if (turn.outcome === 'again') return 'again';
  if (turn.outcome === 'overdue') await record('processor.overdue', processorId, turn.at);
  return 'done';
}
