/** Fetching one's own data: a page with two links, each to a URL that works for a minute. */
import { signInAndComeBack } from '../browser/after-sign-in.ts';
import { seeOther } from '../browser/pages.ts';
import { HttpError } from '../core/errors.ts';
import { EXPORT_FILES, type ExportFileName } from '../core/exports/progress.ts';
import type { ExportStage } from '../core/exports/stage.ts';
import { isId } from '../core/ids.ts';
import type { RunningExport } from '../core/ports/exports.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { Session } from '../core/session.ts';
import { toIsoTime } from '../core/time.ts';
import { createAct } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { ExportedCopy, ExportFile } from '../pages/privacy-views.ts';
import type { PrivacyPortal } from './dependencies.ts';
import { findStage } from './export-stage.ts';
import { progressOf } from './pages/copy-state.ts';

interface Fetching {
  readonly session: Session;
  readonly run: RunningExport;
}

/** `GET /account/privacy/export/{requestId}` */
export function createExportPage(deps: PrivacyPortal): Endpoint {
  return forOwner(deps, async (http, { run }) => {
    const stage = await findStage(deps, run, http.now);
    return deps.pages.show(http, {
      page: 'export',
      copy: viewOf(run, stage, http.path),
      reloadUrl: http.path,
      accountUrl: '/account',
    });
  });
}

function viewOf(run: RunningExport, stage: ExportStage, path: string): ExportedCopy {
  if (stage.stage === 'expired') return { state: 'expired' };
  if (stage.stage !== 'ready') return progressOf(run, stage);
  const { expiresAt } = stage;
  return { state: 'ready', files: filesOf(path, run.progress.sizes), expiresAt };
}

/** `GET /account/privacy/export/{requestId}/{file}`: 303; the download is on record. */
export function createExportDownload(deps: PrivacyPortal): Endpoint {
  return forOwner(deps, async (http, { session: { sub }, run: { request } }) => {
    const file = EXPORT_FILES.find((name) => name === http.pathParameters?.['file']);
    if (file === undefined) throw notFound();
    const isReady = request.state === 'ready' && !isOver(http, request.expiresAt);
    // Whoever links here from elsewhere puts nothing on record in somebody's name.
    if (!isReady || http.headers.get('sec-fetch-site') === 'cross-site') {
      return seeOther(pageOf(request.requestId));
    }
    const { requestId } = request;
    const act = createAct(http, {
      kind: 'export.downloaded',
      actor: { type: 'person', sub },
      ...{ sub, object: requestId },
    });
    if (!(await deps.exports.noteDownload({ ...act, sub }))) throw notFound();
    const day = toIsoTime(request.requestedAt).slice(0, 10);
    const saveAs = `${day}-${file.replace('export', 'my-data')}`;
    return seeOther(await deps.exportLinks.createLink(requestId, file, saveAs));
  });
}

/**
 * For whoever signed in just now and asks for their own: a session that somebody left open is not
 * enough. Another person's request is as unknown as one that never was.
 */
function forOwner(
  deps: PrivacyPortal,
  answer: (http: HttpRequest, fetching: Fetching) => Promise<HttpResponse>,
): Endpoint {
  const where = { issuer: deps.settings.issuer, cells: deps.cells };
  return async (http) => {
    const requestId = http.pathParameters?.['requestId'] ?? '';
    const askToSignIn = () => signInAndComeBack(where, pageOf(requestId));
    const pointer = await deps.sessionCookies.locate(http);
    if (pointer === undefined) return askToSignIn();
    const [session, account, run] = await Promise.all([
      deps.sessions.find(pointer, http.now),
      deps.profiles.find(pointer.sub),
      isId(requestId) ? deps.exports.find(requestId as PrivacyRequestId) : undefined,
    ]);
    if (session === undefined || account?.status !== 'active') return askToSignIn();
    noteSubject(http, { sub: session.sub });
    if (http.now - session.authTime > deps.freshSignInSeconds) return askToSignIn();
    const isOwn = run?.request.kind === 'export' && run.request.sub === session.sub;
    if (!isOwn) throw notFound();
    return answer(http, { session, run });
  };
}

function pageOf(requestId: string): string {
  return `/account/privacy/export/${requestId}`;
}

function filesOf(
  path: string,
  sizes: Readonly<Record<ExportFileName, number>> | undefined,
): ReadonlyArray<ExportFile> {
  if (sizes === undefined) return [];
  const files = { 'export.html': 'html', 'export.json': 'json' } as const;
  return (['export.html', 'export.json'] as const).map((name) => ({
    kind: files[name],
    url: `${path}/${name}`,
    bytes: sizes[name],
  }));
}

function isOver({ now }: HttpRequest, expiresAt: number | undefined): boolean {
  return expiresAt === undefined || expiresAt <= now;
}

function notFound(): HttpError {
  return new HttpError(404, 'there is no such export of this person');
}
