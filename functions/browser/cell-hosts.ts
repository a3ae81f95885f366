/** Which host a page is served at: with several cells a cell's own, where its people's cookies are. */
import { type Cells, type KnownCell, readCellTag } from '../core/cells.ts';
import type { CellCalls } from '../core/ports/cell-calls.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { HomeHint } from './home-hint.ts';
import { leadAway } from './leading-away.ts';
import { type Pages, seeOther } from './pages.ts';

/** Parameters that name the cell that wrote them, and that alone can read them, by page. */
const TAGGED: Readonly<Record<string, ReadonlyArray<string>>> = {
  '/hand-over': ['token'],
  '/keep-account': ['token'],
  '/verify': ['token', 'state'],
  '/recover/reset': ['token', 'state'],
};

interface CellHostsDeps {
  readonly issuer: string;
  readonly cells: Cells;
  readonly cellCalls: Pick<CellCalls, 'isReachable'>;
  readonly homeHint: HomeHint;
  readonly pages: Pages;
  /** True where no other cell has anything to show: who is at home in one that is down is told so. */
  readonly isHomeNeeded?: boolean;
}

/**
 * Wraps the endpoint of a page. Asked at the issuer's host it leads to a cell's: the one that the
 * browser's hint names, as long as that answers, else this one. What another cell has written is
 * led there from anywhere. Forms need none of it: they stand on a page of the cell they post to.
 */
export function createCellHosts(deps: CellHostsDeps): (endpoint: Endpoint) => Endpoint {
  const { cells, cellCalls, homeHint, issuer, isHomeNeeded = false } = deps;
  if (!cells.areSeveral) return (endpoint) => endpoint;
  const issuerHost = new URL(issuer).host;

  async function chooseCell(http: HttpRequest): Promise<KnownCell> {
    const hinted = homeHint.find(http);
    return hinted !== undefined && (await cellCalls.isReachable(hinted.name)) ? hinted : cells.own;
  }

  /** The only cell that this request makes sense at, if there is one. */
  function findBound(http: HttpRequest): KnownCell | undefined {
    const author = findAuthor(cells, http);
    if (author !== undefined || http.host !== issuerHost || !isHomeNeeded) return author;
    return homeHint.find(http);
  }

  /** Undefined: to be served here. */
  async function leadHome(http: HttpRequest): Promise<HttpResponse | undefined> {
    const path = `${http.path}${http.rawQuery === '' ? '' : `?${http.rawQuery}`}`;
    const bound = findBound(http);
    if (bound !== undefined && bound !== cells.own) {
      return leadAway(deps, http, { to: bound, path, retryUrl: path });
    }
    if (http.host !== issuerHost) return undefined;
    const { url } = bound ?? (await chooseCell(http));
    return seeOther(`${url}${path}`);
  }

  return (endpoint) => async (http) => {
    const led = http.method === 'GET' ? await leadHome(http) : undefined;
    return led ?? endpoint(http);
  };
}

/** Where the pages of this cell are found from outside, in mails for example; no trailing slash. */
export function pagesUrlOf(cells: Cells, issuer: string): string {
  return cells.areSeveral ? cells.own.url : issuer;
}

function findAuthor(cells: Cells, { path, query }: HttpRequest): KnownCell | undefined {
  const names = Object.hasOwn(TAGGED, path) ? (TAGGED[path] ?? []) : [];
  for (const name of names) {
    const tag = readCellTag(query.text(name));
    const cell = tag === undefined ? undefined : cells.find(tag);
    if (cell !== undefined) return cell;
  }
  return undefined;
}
