/** How far an export is, for whoever waits for it. */
import type { RunningExport } from '../ports/exports.ts';
import type { ToldProcessor } from '../ports/processors.ts';
import type { EpochSeconds } from '../time.ts';
import type { SectionCounts } from './sections.ts';

export type ExportStage =
  | { readonly stage: 'collecting' }
  /** For processors that were asked what they hold, until the last of them has had its time. */
  | {
      readonly stage: 'waiting';
      /** Ids of those that have not answered. */
      readonly processors: ReadonlyArray<string>;
      readonly until: EpochSeconds;
    }
  /** All is there; the files are being written. */
  | { readonly stage: 'writing' }
  | { readonly stage: 'ready'; readonly expiresAt: EpochSeconds }
  | { readonly stage: 'expired' };

/** Whether it takes a look at the processors to say how far it is. */
export function isWithProcessors({ request, progress }: RunningExport): boolean {
  return request.state === 'collecting' && progress.source === 'answers';
}

/** `told`: of an export that is with its processors, of which so many are asked in all. */
export function stageOf(
  { request: { state, expiresAt }, progress }: RunningExport,
  {
    told,
    asked,
    now,
  }: {
    readonly told: ReadonlyArray<ToldProcessor>;
    readonly asked: number;
    readonly now: EpochSeconds;
  },
): ExportStage {
  if (state === 'collecting') {
    if (progress.collectedAt !== undefined) return { stage: 'writing' };
    if (progress.source !== 'answers' || told.length < asked) return { stage: 'collecting' };
    return waitingFor(told) ?? { stage: 'writing' };
  }
  const isThere = state === 'ready' && expiresAt !== undefined && expiresAt > now;
  return isThere ? { stage: 'ready', expiresAt } : { stage: 'expired' };
}

function waitingFor(told: ReadonlyArray<ToldProcessor>): ExportStage | undefined {
  const silent = told.filter(
    ({ acknowledgedAt, overdueAt }) => acknowledgedAt === undefined && overdueAt === undefined,
  );
  if (silent.length === 0) return undefined;
  return {
    stage: 'waiting',
    processors: silent.map(({ processorId }) => processorId),
    until: Math.max(...silent.map(({ until }) => until)) as EpochSeconds,
  };
}

/** Entries of all sections so far. */
export function countCollected(counts: SectionCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
