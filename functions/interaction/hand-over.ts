/** Handing somebody over to the cell where they are at home; `hand-over-landing.ts` takes them in. */
import { hashSecret, randomToken } from '../adapters/crypto/hash.ts';
import { leadAway } from '../browser/leading-away.ts';
import { seeOther } from '../browser/pages.ts';
import { staying } from '../browser/staying.ts';
import { type CellName, tagWithCell } from '../core/cells.ts';
import { InvariantError } from '../core/errors.ts';
import { HAND_OVER_LIFETIME_SECONDS, type HandOver, type HandOverPage } from '../core/hand-over.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import { addSeconds } from '../core/time.ts';
import { setSharedCookie, sharedCookieName } from '../http/cookies.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { type CarriedRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { settleHome } from './settled-home.ts';
import { withTyped } from './typed-address.ts';

type HandOverDeps = Pick<
  Interaction,
  'cellCalls' | 'cells' | 'clients' | 'forms' | 'pages' | 'sealer' | 'settings'
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

/** The query parameter that carries it. */
export const HAND_OVER_FIELD = 'token';

/** Binds it to the browser, on its way from one of our hosts to the other. */
function handOverCookie(issuer: string): string {
  return sharedCookieName('handover', issuer);
}

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
  if (to === deps.cells.own.name) return arrive(deps, http, handing);
  const cell = deps.cells.find(to);
  if (cell === undefined) throw new InvariantError('a hand-over to a cell that is none of ours');
  // The same for every hand-over of this minute: two tabs must not take it from each other.
  const secret = findSecret(http, deps.settings.issuer) ?? randomToken();
  const content: HandOver = {
    id: randomToken(),
    to,
    page,
    browser: hashSecret(secret),
    expiresAt: addSeconds(http.now, HAND_OVER_LIFETIME_SECONDS),
    ...(carried.request !== undefined && { request: carried.request }),
    ...(email !== undefined && { email }),
    ...(country !== undefined && { country }),
  };
  // It opens for longer than it is good, so that who comes too late is told the way back.
  const readableUntil = addSeconds(http.now, 86_400);
  const token = tagWithCell(to, await deps.sealer.seal('hand-over', content, readableUntil));
  const { issuer } = deps.settings;
  const cookie = setSharedCookie(handOverCookie(issuer), secret, {
    issuer,
    maxAgeSeconds: HAND_OVER_LIFETIME_SECONDS,
  });
  return leadAway(deps, http, {
    to: cell,
    path: addToQuery('/hand-over', { [HAND_OVER_FIELD]: token }),
    visit: carried,
    retryUrl: await withTyped(deps, http, beginningOf(page, carried), email),
    cookies: [cookie],
  });
}

/** The page where somebody begins, or begins again; answers without a page begin at sign-in. */
export function beginningOf(page: HandOverPage, carried: CarriedRequest): string {
  return withRequest(page === 'authorize' ? '/sign-in' : `/${page}`, carried);
}

/** What binds hand-overs to this browser, if it was given any in the last minute. */
export function findSecret(http: HttpRequest, issuer: string): string | undefined {
  const value = http.cookies.get(handOverCookie(issuer));
  return value !== undefined && /^[\w-]{22}$/.test(value) ? value : undefined;
}

/** 303 to where somebody goes on in this cell, which they reach knowing that it is the right one. */
export async function arrive(
  deps: Pick<Interaction, 'cells' | 'forms' | 'sealer'>,
  http: HttpRequest,
  { page, carried, email, country }: Omit<Handing, 'to'>,
): Promise<HttpResponse> {
  const path = beginningOf(page, carried);
  if (page !== 'sign-up') {
    return seeOther(await withTyped(deps, http, staying(deps.cells, path), email));
  }
  const { parameters, cookies } = await settleHome(deps, http);
  const chosen = addToQuery(path, { ...parameters, ...(country !== undefined && { country }) });
  return seeOther(await withTyped(deps, http, chosen, email), cookies);
}
