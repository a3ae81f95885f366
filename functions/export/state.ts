import type { Act, ActKind } from '../core/audit/act.ts';
import type { ExportSourceName } from '../core/exports/progress.ts';
import type { ExportOutput } from '../core/exports/steps.ts';
import type { ExportFiles, ExportRuns, ReadExportPage } from '../core/ports/exports.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { ProcessorEvents, Processors, WaitingTasks } from '../core/ports/processors.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import type { Slots } from '../core/ports/slots.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { CountedEvent } from '../environment.ts';

/** What the states of `domicile-export` work with; built once per container. */
export interface ExportDeps {
  readonly runs: ExportRuns;
  readonly files: ExportFiles;
  readonly slots: Slots;
  readonly readers: Readonly<Record<ExportSourceName, ReadExportPage>>;
  readonly processors: Processors;
  readonly events: ProcessorEvents;
  readonly tasks: WaitingTasks;
  readonly count: (event: CountedEvent) => void;
  readonly profiles: Pick<Profiles, 'find'>;
  readonly mailer: Mailer;
  readonly policy: PrivacyPolicy;
  readonly randomBelow: (limit: number) => number;
  /** Of the workflow's own, on the request's person. */
  readonly createAct: (kind: ActKind, request: PrivacyRequest, at: EpochSeconds) => Act;
  readonly settings: {
    readonly issuer: string;
    /** Where this cell's pages are; no trailing slash. */
    readonly pagesUrl: string;
    readonly region: string;
    readonly productName: string;
    readonly defaultLanguage: string;
    /** Days that the files lie ready. */
    readonly linkDays: number;
    readonly processorDeadlineDays: number;
    readonly processorReminderHours: number;
  };
}

/** Each may be repeated, at any time, and goes on where it was cut off. */
export type ExportState = (
  deps: ExportDeps,
  requestId: PrivacyRequestId,
  now: EpochSeconds,
) => Promise<ExportOutput>;

export const DONE: ExportOutput = { outcome: 'done' };
export const MORE: ExportOutput = { outcome: 'more' };
export const GONE: ExportOutput = { outcome: 'gone' };
