import type { Cells } from '../core/cells.ts';
import { cookieName, setCookie, setSharedCookie, sharedCookieName } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';
import { LANGUAGE_PARAMETER, LANGUAGE_TAGS } from '../pages/locale.ts';

/** Browsers keep no cookie for longer than 400 days (RFC 6265bis §5.5). */
const LIFETIME_SECONDS = 365 * 86_400;

interface Deployment {
  readonly issuer: string;
  readonly cells: Cells;
}

/** The language that somebody chose on a page, now or before: more than what their app wishes. */
export function findChosenLanguage(http: HttpRequest, where: Deployment): string | undefined {
  return findAskedFor(http) ?? asLanguage(http.cookies.get(cookieOf(where)));
}

/** Complete `Set-Cookie` values: whoever chooses a language on a page is asked no more. */
export function rememberLanguage(http: HttpRequest, where: Deployment): ReadonlyArray<string> {
  const tag = findAskedFor(http);
  if (tag === undefined) return [];
  const options = { issuer: where.issuer, maxAgeSeconds: LIFETIME_SECONDS };
  const set = where.cells.areSeveral ? setSharedCookie : setCookie;
  return [set(cookieOf(where), tag, options)];
}

/** A hand-over must not change the language: with several cells all of them read it. */
function cookieOf({ issuer, cells }: Deployment): string {
  return (cells.areSeveral ? sharedCookieName : cookieName)('language', issuer);
}

function findAskedFor(http: HttpRequest): string | undefined {
  return asLanguage(http.query.find(LANGUAGE_PARAMETER));
}

function asLanguage(value: string | undefined): string | undefined {
  return LANGUAGE_TAGS.find((tag) => tag === value);
}
