/** Processors that answer exports are asked what they hold, and reminded until their time is up. */
import { derivedId } from '../adapters/crypto/hash.ts';
import type { ActKind } from '../core/audit/act.ts';
import type { ExportOutput } from '../core/exports/steps.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { RemindInput, TellInput } from '../core/privacy-requests/processor-steps.ts';
import {
  processorsToTell,
  remindProcessor,
  tellProcessor,
} from '../core/privacy-requests/telling-processors.ts';
import type { EpochSeconds } from '../core/time.ts';
import { DONE, type ExportDeps, type ExportState, MORE } from './state.ts';

export const listProcessors: ExportState = async ({ policy, settings }) => {
  const asked = policy.processors.filter(({ answersExports }) => answersExports);
  return { outcome: 'done', processors: processorsToTell(asked, settings) };
};

export async function ask(
  deps: ExportDeps,
  { requestId, processorId, taskToken }: TellInput,
  now: EpochSeconds,
): Promise<ExportOutput> {
  const { request } = await deps.runs.load(requestId as PrivacyRequestId);
  if (!(await deps.runs.isThere(request))) {
    await deps.tasks.succeed(taskToken);
    return DONE;
  }
  const event = { kind: 'ExportRequested', processorId, taskToken, now } as const;
  await tellProcessor(deps, request, event, recordOf(deps, request));
  return DONE;
}

/** After a timeout; once it is given up, the export says that there was no answer. */
export async function remind(
  deps: ExportDeps,
  { requestId, processorId }: RemindInput,
  now: EpochSeconds,
): Promise<ExportOutput> {
  const { request } = await deps.runs.load(requestId as PrivacyRequestId);
  const silent = { processorId, now };
  const outcome = await remindProcessor(deps, request, silent, recordOf(deps, request));
  return outcome === 'again' ? MORE : DONE;
}

/** By an id that follows from what it tells, of one moment: a repeated state tells it no second time. */
function recordOf({ runs, createAct }: ExportDeps, request: PrivacyRequest) {
  return (kind: ActKind, processorId: string, at: EpochSeconds) =>
    runs.recordAct({
      ...createAct(kind, request, at),
      id: derivedId(request.requestId, kind, processorId),
      sub: request.sub,
      reason: processorId,
    });
}
