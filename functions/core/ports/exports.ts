import type { Act } from '../audit/act.ts';
import type { ExportFileName, ExportProgress } from '../exports/progress.ts';
import type { SectionedRecord } from '../exports/sections.ts';
import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';
import type { PrivacyRequest, PrivacyRequestId } from './privacy-requests.ts';

/** A request and how far it has come. */
export interface RunningExport {
  readonly request: PrivacyRequest;
  readonly progress: ExportProgress;
}

/** What the states of an export write down; each can be repeated. */
export interface ExportRuns {
  /** Consistent; one read. */
  find(requestId: PrivacyRequestId): Promise<RunningExport | undefined>;
  /** As `find`. Throws InvariantError when there is no such request. */
  load(requestId: PrivacyRequestId): Promise<RunningExport>;
  /** Whether there is still somebody to export: false once the account is closed or gone. */
  isThere(request: PrivacyRequest): Promise<boolean>;
  note(requestId: PrivacyRequestId, progress: ExportProgress): Promise<void>;
  /** Of somebody who is still there; nothing is written of anybody else. */
  recordAct(act: Act & { readonly sub: Sub }): Promise<void>;
  /**
   * From `collecting` to `ready`, as long as there is somebody; another export may begin from now
   * on. False when there is nobody, and nothing may be handed out.
   */
  becomeReady(request: PrivacyRequest, until: EpochSeconds, act: Act): Promise<boolean>;
  /** The end, whatever came before. The act is noted where there is still somebody it concerns. */
  expire(request: PrivacyRequest, act: Act): Promise<void>;
}

/** One page of one source. */
export interface ExportPage {
  readonly records: ReadonlyArray<SectionedRecord>;
  /** Absent on the last page. */
  readonly cursor?: string;
}

export type ReadExportPage = (
  request: PrivacyRequest,
  cursor: string | undefined,
  now: EpochSeconds,
) => Promise<ExportPage>;

/** A file that grows piece by piece; nobody sees it before `end`. */
export interface FileWriter {
  write(text: string): Promise<void>;
  /** Bytes in all. */
  end(): Promise<number>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

/** What of a person's export lies in the cell's bucket. */
export interface ExportFiles {
  putPart(requestId: PrivacyRequestId, number: number, lines: string): Promise<void>;
  /** Every line of the parts, in their order. */
  readParts(requestId: PrivacyRequestId, parts: number): AsyncIterable<string>;
  removeParts(requestId: PrivacyRequestId): Promise<void>;
  create(requestId: PrivacyRequestId, name: ExportFileName): FileWriter;
  /** Parts, files and uploads that were cut off. Can be repeated. */
  removeAll(requestId: PrivacyRequestId): Promise<void>;
}

/** For who may download: no call, and it works for a minute. */
export interface ExportLinks {
  /** URL that a browser stores under `saveAs`. */
  createLink(requestId: PrivacyRequestId, name: ExportFileName, saveAs: string): Promise<string>;
}

/** What erasure does about exports: one that is being collected finds out that nobody is there. */
export interface ExportEnds {
  /** Deletes every file of the person's, ready or half done. Can be repeated. */
  endAll(sub: Sub, now: EpochSeconds): Promise<void>;
}
