import { createDocumentWriter, jsonFormat } from '../core/exports/export-document.ts';
import { createExportHead } from '../core/exports/export-head.ts';
import {
  EXPORT_FILES,
  type ExportFileName,
  type ExportProgress,
} from '../core/exports/progress.ts';
import { parseLine } from '../core/exports/sections.ts';
import type { ExportOutput } from '../core/exports/steps.ts';
import type { RunningExport } from '../core/ports/exports.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import { addSeconds, DAY_SECONDS, type EpochSeconds, toIsoTime } from '../core/time.ts';
import { htmlFormat } from '../pages/export/export-page.tsx';
import { type ExportDeps, type ExportState, GONE } from './state.ts';

/** Both files from the parts; then they are ready, as long as there is still somebody to have them. */
export const assemble: ExportState = async (deps, requestId, now) => {
  const { request, progress } = await deps.runs.load(requestId);
  if (request.state === 'ready') return finish(deps, request);
  const until = addSeconds(now, deps.settings.linkDays * DAY_SECONDS);
  // Noted only when both are complete: parts are not needed any more then.
  if (progress.assembledAt === undefined) {
    const sizes = await writeFiles(
      deps,
      { request: { ...request, expiresAt: until }, progress },
      now,
    );
    if (sizes === undefined) return GONE;
    await deps.runs.note(requestId, { ...progress, sizes, assembledAt: now });
  }
  const act = deps.createAct('export.ready', request, now);
  const isReady = await deps.runs.becomeReady(request, until, act);
  return isReady ? finish(deps, { ...request, expiresAt: until }) : GONE;
};

async function finish(
  { files, processors }: ExportDeps,
  request: PrivacyRequest,
): Promise<ExportOutput> {
  await files.removeParts(request.requestId);
  await processors.forgetData(request.requestId);
  if (request.expiresAt === undefined) throw new Error('a ready export without an end');
  return { outcome: 'ready', until: toIsoTime(request.expiresAt) };
}

/** One pass over the parts for both; undefined when the person is gone meanwhile. */
async function writeFiles(
  deps: ExportDeps,
  { request, progress }: RunningExport,
  now: EpochSeconds,
): Promise<ExportProgress['sizes'] | undefined> {
  const account = await deps.profiles.find(request.sub);
  if (account === undefined) return undefined;
  const languages = [account.attributes.locale, deps.settings.defaultLanguage];
  const head = createExportHead({
    ...{ request, languages, policy: deps.policy },
    ...{ issuer: deps.settings.issuer, region: deps.settings.region },
    collectedAt: progress.collectedAt ?? now,
  });
  const formats = {
    'export.json': jsonFormat(head),
    'export.html': htmlFormat({
      ...{ head, languages, counts: progress.counts },
      productName: deps.settings.productName,
    }),
  };
  const outputs = EXPORT_FILES.map((name) => ({
    name,
    document: createDocumentWriter(formats[name]),
    file: deps.files.create(request.requestId, name),
  }));
  try {
    for (const { file, document } of outputs) await file.write(document.begin());
    for await (const line of deps.files.readParts(request.requestId, progress.parts)) {
      const record = parseLine(line);
      for (const { file, document } of outputs) await file.write(document.add(record));
    }
    const sizes: Partial<Record<ExportFileName, number>> = {};
    for (const { name, file, document } of outputs) {
      await file.write(document.end());
      sizes[name] = await file.end();
    }
    return { 'export.json': sizes['export.json'] ?? 0, 'export.html': sizes['export.html'] ?? 0 };
  } catch (error) {
    await Promise.all(outputs.map(({ file }) => file.abort()));
    throw error;
  }
}
