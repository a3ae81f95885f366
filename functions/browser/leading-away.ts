/** Leading somebody to another cell's pages, if they can be reached. */
import type { KnownCell } from '../core/cells.ts';
import type { CellCalls } from '../core/ports/cell-calls.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { type Pages, seeOther, type Visit } from './pages.ts';

/** A region that went away is seldom back within seconds. */
const RETRY_AFTER_SECONDS = 30;

interface Destination {
  readonly to: KnownCell;
  /** With its query, as the other cell's host is asked for it. */
  readonly path: string;
  /** The page of this cell from which to try again; nothing that was typed is lost there. */
  readonly retryUrl: string;
  /** On whose behalf somebody is on the way. */
  readonly visit?: Visit;
  /** Complete `Set-Cookie` values for the way. */
  readonly cookies?: ReadonlyArray<string>;
}

interface LeadingDeps {
  readonly cellCalls: Pick<CellCalls, 'isReachable'>;
  readonly pages: Pages;
}

/**
 * 303, or 503 with a page that says that the other cell does not answer: a browser would say so in
 * worse words, and the way back would be lost.
 */
export async function leadAway(
  { cellCalls, pages }: LeadingDeps,
  http: HttpRequest,
  { to, path, retryUrl, visit = {}, cookies = [] }: Destination,
): Promise<HttpResponse> {
  if (await cellCalls.isReachable(to.name)) return seeOther(`${to.url}${path}`, cookies);
  return showCellAway(pages, http, { retryUrl, visit });
}

/** What we know is that nothing is lost, and that trying again is all there is to do. */
function showCellAway(
  pages: Pages,
  http: HttpRequest,
  { retryUrl, visit }: { readonly retryUrl: string; readonly visit: Visit },
): HttpResponse {
  const page = pages.show(
    http,
    {
      page: 'error',
      title: { key: 'error-title.cell-away' },
      text: { key: 'error.cell-away' },
      retryUrl,
    },
    { status: 503, visit, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
  return { ...page, counts: ['HandOverRefused'] };
}
