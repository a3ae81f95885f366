/** A person's own data: asked for, and how far it is (GDPR Art. 15, 20). */
import * as z from 'zod/mini';
import { randomToken } from '../adapters/crypto/hash.ts';
import { pagesUrlOf } from '../browser/cell-hosts.ts';
import type { Acting } from '../core/audit/act.ts';
import { HttpError } from '../core/errors.ts';
import { countedSince, findNextTurn } from '../core/exports/daily-limit.ts';
import { EXPORT_FILES } from '../core/exports/progress.ts';
import type { ExportStage } from '../core/exports/stage.ts';
import type { Sub } from '../core/ids.ts';
import type { AskedExport } from '../core/ports/export-requests.ts';
import type { RunningExport } from '../core/ports/exports.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { type EpochSeconds, toIsoTime } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import { readJson } from '../http/json-body.ts';
import { privateJson } from '../http/json-response.ts';
import type { PrivacyPortal } from './dependencies.ts';
import { findStage } from './export-stage.ts';
import type { PersonEndpoint } from './person.ts';

type Deps = Pick<PrivacyPortal, 'exports' | 'exportRuns'>;

type Asked = AskedExport | { readonly outcome: 'too-many'; readonly until: EpochSeconds };

/**
 * For REST and pages alike. A second request while one is collected is answered with that one;
 * beyond three a day a person waits.
 */
export async function askForExport(
  { exports, exportRuns }: Deps,
  sub: Sub,
  { withCredentials, acting }: { readonly withCredentials: boolean; readonly acting: Acting },
): Promise<Asked> {
  const running = await exports.findRunning(sub);
  if (running !== undefined) return { outcome: 'running', request: running.request };
  const begun = await exports.listBegun(sub, countedSince(acting.at));
  const until = findNextTurn(begun);
  if (until !== undefined) return { outcome: 'too-many', until };
  // First, so that no request is ever left without its workflow.
  const requestId = await exportRuns.start(randomToken() as PrivacyRequestId);
  return exports.ask({ requestId, sub, withCredentials, acting });
}

const Wanted = z.optional(z.strictObject({ withCredentials: z.optional(z.boolean()) }));

/** `POST /v1/me/export`: 202, also for the one that is under way. */
export function createExportRequest(
  deps: Deps & Pick<PrivacyPortal, 'settings' | 'cells'>,
): PersonEndpoint {
  return async (http, { sub, actor }) => {
    const { withCredentials = false } = readJson(http, Wanted) ?? {};
    const acting = actingOf(http, actor);
    const asked = await askForExport(deps, sub, { withCredentials, acting });
    if (asked.outcome === 'too-many') {
      throw new HttpError(429, 'three exports a day: please come back later', {
        'retry-after': String(asked.until - http.now),
      });
    }
    if (asked.outcome === 'refused') throw new HttpError(409, 'the account is not active');
    return privateJson(describe(deps, asked.request), 202, { location: '/v1/me/export' });
  };
}

/** `GET /v1/me/export`: the newest one. */
export function createExportStatus(
  deps: Pick<PrivacyPortal, 'exports' | 'processors' | 'policy' | 'settings' | 'cells'>,
): PersonEndpoint {
  return async ({ now }, { sub }) => {
    const newest = await deps.exports.findNewest(sub);
    if (newest === undefined) throw new HttpError(404, 'no export was asked for');
    const stage = await findStage(deps, newest, now);
    return privateJson({
      ...describe(deps, newest.request),
      ...describeStage(stage),
      ...describeProgress(newest),
    });
  };
}

function describe(
  { settings, cells }: Pick<PrivacyPortal, 'settings' | 'cells'>,
  request: PrivacyRequest,
) {
  const { requestId, state, expiresAt, withCredentials = false } = request;
  return {
    ...{ requestId, state, withCredentials },
    requestedAt: toIsoTime(request.requestedAt),
    dueAt: toIsoTime(request.dueAt),
    ...(expiresAt !== undefined && { expiresAt: toIsoTime(expiresAt) }),
    // Not the files: they take a fresh sign-in of the person, which no app can stand in for.
    ...(state === 'ready' && {
      page: `${pagesUrlOf(cells, settings.issuer)}/account/privacy/export/${requestId}`,
    }),
  };
}

function describeStage(stage: ExportStage) {
  if (stage.stage !== 'waiting') return { stage: stage.stage };
  const { processors, until } = stage;
  return { stage: stage.stage, waitingFor: { processors, until: toIsoTime(until) } };
}

function describeProgress({ progress: { counts, sizes } }: RunningExport) {
  return {
    records: counts,
    ...(sizes !== undefined && {
      files: EXPORT_FILES.map((name) => ({ name, bytes: sizes[name] })),
    }),
  };
}
