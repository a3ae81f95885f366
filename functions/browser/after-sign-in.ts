/** The page that somebody was led away from to sign in: they come back to it when no app waits. */
import type { Cells } from '../core/cells.ts';
import { cellCookieName, clearCookie, setCookie } from '../http/cookies.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { seeOther } from './pages.ts';
import { staying } from './staying.ts';

/** To sign in, even by way of a forgotten password. */
const LIFETIME_SECONDS = 1800;

/** Pages of a person's own: a cookie that anybody else has written leads nowhere else. */
const OWN_PAGES = /^\/account\/privacy(?:\/[A-Za-z0-9_-]{1,64}){0,3}$/;

interface Where {
  readonly issuer: string;
  readonly cells: Cells;
}

/** 303 to the sign-in page, also for somebody whose session lives but is not fresh enough. */
export function signInAndComeBack({ issuer, cells }: Where, path: string): HttpResponse {
  const remember = setCookie(nameOf({ issuer, cells }), path, {
    issuer,
    maxAgeSeconds: LIFETIME_SECONDS,
  });
  return seeOther(staying(cells, '/sign-in'), OWN_PAGES.test(path) ? [remember] : []);
}

/** Where to go after signing in; undefined when nothing led away. */
export function findWayBack(where: Where, http: HttpRequest): string | undefined {
  const path = http.cookies.get(nameOf(where));
  return path !== undefined && OWN_PAGES.test(path) ? path : undefined;
}

/** For the answer that goes back: `Set-Cookie` values, none where there was no such cookie. */
export function forgetWayBack(where: Where, http: HttpRequest): ReadonlyArray<string> {
  const name = nameOf(where);
  return http.cookies.has(name) ? [clearCookie(name, { issuer: where.issuer })] : [];
}

function nameOf({ issuer, cells }: Where): string {
  return cellCookieName('back', issuer, cells);
}
