import { afterPage, type ExportProgress, type ExportSourceName } from '../core/exports/progress.ts';
import { countRecords, toLines } from '../core/exports/sections.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import type { EpochSeconds } from '../core/time.ts';
import { DONE, type ExportDeps, type ExportState, GONE, MORE } from './state.ts';

/** Of 1 MB at most each: a state is over long before the function's time is. */
const PAGES_PER_STATE = 8;

/** The person's collection. */
export const collect: ExportState = (deps, requestId, now) =>
  collectFrom(deps, requestId, { sources: ['collection'], now });

/** Whatever else is held on the person. */
export const collectElsewhere: ExportState = (deps, requestId, now) =>
  collectFrom(deps, requestId, { sources: ['directory', 'requests'], now });

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
  for (let page = 0; page < PAGES_PER_STATE; page += 1) {
    const { source } = reached;
    if (source === undefined || !sources.includes(source)) return DONE;
    reached = await collectPage(deps, request, { progress: reached, source, now });
  }
  return MORE;
}

async function collectPage(
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
  const { records, cursor } = await readers[source](request, progress.cursor, now);
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
