import { afterPage, type ExportProgress, type ExportSourceName } from '../core/exports/progress.ts';
import { countRecords, type SectionedRecord, toLines } from '../core/exports/sections.ts';
import type { ExportPage, ReadExportPage } from '../core/ports/exports.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import type { EpochSeconds } from '../core/time.ts';
import { DONE, type ExportDeps, type ExportState, GONE, MORE } from './state.ts';

/** A state is over long before the function's time is. */
const PARTS_PER_STATE = 8;

/** Small pages are put together; those of a table are 1 MB at most, and a part of their own. */
const RECORDS_PER_PART = 1000;

/** The person's collection. */
export const collect: ExportState = (deps, requestId, now) =>
  collectFrom(deps, requestId, { sources: ['collection'], now });

/** Whatever else is held on the person. */
export const collectElsewhere: ExportState = (deps, requestId, now) =>
  collectFrom(deps, requestId, { sources: ['directory', 'requests', 'activity'], now });

/** What processors returned, once they were asked. */
export const collectAnswers: ExportState = (deps, requestId, now) =>
  collectFrom(deps, requestId, { sources: ['answers'], now });

/**
 * Page by page: read, put into the bucket, noted. What a crash cuts off is read again and put in
 * the same place.
 */
async function collectFrom(
  deps: ExportDeps,
  requestId: PrivacyRequest['requestId'],
  {
    sources,
    now,
  }: { readonly sources: ReadonlyArray<ExportSourceName>; readonly now: EpochSeconds },
) {
  const { request, progress } = await deps.runs.load(requestId);
  if (!(await deps.runs.isThere(request))) return GONE;
  let reached = progress;
  for (let part = 0; part < PARTS_PER_STATE; part += 1) {
    const { source } = reached;
    if (source === undefined || !sources.includes(source)) return DONE;
    reached = await collectPart(deps, request, { progress: reached, source, now });
  }
  return MORE;
}

async function collectPart(
  { readers, files, runs }: ExportDeps,
  request: PrivacyRequest,
  {
    progress,
    source,
    now,
  }: {
    readonly progress: ExportProgress;
    readonly source: ExportSourceName;
    readonly now: EpochSeconds;
  },
): Promise<ExportProgress> {
  const { records, cursor } = await readPages(readers[source], request, {
    cursor: progress.cursor,
    now,
  });
  const parts = progress.parts + (records.length > 0 ? 1 : 0);
  if (records.length > 0) await files.putPart(request.requestId, parts, toLines(records));
  const counts = countRecords(progress.counts, records);
  const next = afterPage(
    { ...progress, parts, counts },
    { source, now, ...(cursor !== undefined && { cursor }) },
  );
  await runs.note(request.requestId, next);
  return next;
}

async function readPages(
  read: ReadExportPage,
  request: PrivacyRequest,
  { cursor, now }: { readonly cursor: string | undefined; readonly now: EpochSeconds },
): Promise<ExportPage> {
  const records: Array<SectionedRecord> = [];
  let next = cursor;
  do {
    const page = await read(request, next, now);
    records.push(...page.records);
    next = page.cursor;
  } while (next !== undefined && records.length < RECORDS_PER_PART);
  return { records, ...(next !== undefined && { cursor: next }) };
}
