import { type ExportStage, isWithProcessors, stageOf } from '../core/exports/stage.ts';
import type { RunningExport } from '../core/ports/exports.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { PrivacyPortal } from './dependencies.ts';

/** One AWS call, and only of an export that is with its processors. */
export async function findStage(
  { processors, policy }: Pick<PrivacyPortal, 'processors' | 'policy'>,
  run: RunningExport,
  now: EpochSeconds,
): Promise<ExportStage> {
  const told = isWithProcessors(run) ? await processors.list(run.request.requestId) : [];
  const asked = policy.processors.filter(({ answersExports }) => answersExports).length;
  return stageOf(run, { told, asked, now });
}
