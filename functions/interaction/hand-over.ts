/** Handing somebody over to the cell where they are at home, and taking them in there. */
import { hashSecret, randomToken } from '../adapters/crypto/hash.ts';
import { leadAway } from '../browser/leading-away.ts';
import { seeOther } from '../browser/pages.ts';
import { type CellName, tagWithCell } from '../core/cells.ts';
import { InvariantError } from '../core/errors.ts';
import { HAND_OVER_LIFETIME_SECONDS, type HandOver, type HandOverPage } from '../core/hand-over.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import { addSeconds } from '../core/time.ts';
import { setSharedCookie, sharedCookieName } from '../http/cookies.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { type CarriedRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { withTyped } from './typed-address.ts';

type HandOverDeps = Pick<
  Interaction,
  'cellCalls' | 'cells' | 'clients' | 'pages' | 'sealer' | 'settings'
>;

export interface Handing {
  readonly to: CellName;
  readonly page: HandOverPage;
  readonly carried: CarriedRequest;
  /** As typed on the page that hands over. */
  readonly email?: string;
  /** ISO 3166-1 alpha-2, of somebody who signs up. */
  readonly country?: string;
}

/** Of the query parameter that carries it; of the landing's path see `routes.ts`. */
const FIELD = 'token';
const COOKIE = 'handover';

/**
 * 303 to the same page at home, with everything on board; to a page of this very cell without a
 * detour. When the other cell does not answer: a page that says so, and how to try again (503).
 */
export async function handOver(
  deps: HandOverDeps,
  http: HttpRequest,
  handing: Handing,
): Promise<HttpResponse> {
  const { to, page, carried, email, country } = handing;
  if (to === deps.cells.own.name) return seeOther(await arrivalAt(deps, http, handing));
  const cell = deps.cells.find(to);
  if (cell === undefined) throw new InvariantError('a hand-over to a cell that is none of ours');
  const { issuer } = deps.settings;
  const secret = randomToken();
  const expiresAt = addSeconds(http.now, HAND_OVER_LIFETIME_SECONDS);
  const content: HandOver = {
    id: randomToken(),
    from: deps.cells.own.name,
    to,
    page,
    browser: hashSecret(secret),
    expiresAt,
    ...(carried.request !== undefined && { request: carried.request }),
    ...(email !== undefined && { email }),
    ...(country !== undefined && { country }),
  };
  // It opens for longer than it is good, so that who comes too late is told the way back.
  const readableUntil = addSeconds(http.now, 86_400);
  const token = tagWithCell(to, await deps.sealer.seal('hand-over', content, readableUntil));
  const cookie = setSharedCookie(sharedCookieName(COOKIE, issuer), secret, {
    issuer,
    maxAgeSeconds: HAND_OVER_LIFETIME_SECONDS,
  });
  return leadAway(deps, http, {
    to: cell,
    path: addToQuery('/hand-over', { [FIELD]: token }),
    retryUrl: await withTyped(deps, http, withRequest(`/${page}`, carried), email),
    cookies: [cookie],
  });
}

/** Where somebody goes on in this cell; `at` says that the choice of the home has been made. */
async function arrivalAt(
  deps: Pick<Interaction, 'cells' | 'sealer'>,
  http: HttpRequest,
  { page, carried, email, country }: Omit<Handing, 'to'>,
): Promise<string> {
  const path = addToQuery(withRequest(`/${page}`, carried), {
    at: deps.cells.own.name,
    ...(country !== undefined && { country }),
  });
  return withTyped(deps, http, path, email);
}
