import type { Act, Acting } from '../audit/act.ts';
import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';
import type { RunningExport } from './exports.ts';
import type { PrivacyRequest, PrivacyRequestId } from './privacy-requests.ts';

export type AskedExport =
  | { readonly outcome: 'asked'; readonly request: PrivacyRequest }
  /** One is being collected already, and is the answer. */
  | { readonly outcome: 'running'; readonly request: PrivacyRequest }
  /** There is no such account, or it is not active. */
  | { readonly outcome: 'refused' };

/** Exports as those see them who ask for them. */
export interface ExportRequests {
  find(requestId: PrivacyRequestId): Promise<RunningExport | undefined>;
  /** The one that is being collected for a person. */
  findRunning(sub: Sub): Promise<RunningExport | undefined>;
  /** The newest, whatever became of it. */
  findNewest(sub: Sub): Promise<RunningExport | undefined>;
  /** When those were asked for that are no older. */
  listBegun(sub: Sub, since: EpochSeconds): Promise<ReadonlyArray<EpochSeconds>>;
  /** The workflow is started **before** (`PrivacyRuns`). */
  ask(wanted: {
    readonly requestId: PrivacyRequestId;
    readonly sub: Sub;
    readonly withCredentials: boolean;
    readonly acting: Acting;
  }): Promise<AskedExport>;
  /** False when the account is gone: nothing may be handed out. */
  noteDownload(act: Act & { readonly sub: Sub }): Promise<boolean>;
}
