import { cookieName, setCookie } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';
import { LANGUAGE_PARAMETER, LANGUAGE_TAGS } from '../pages/locale.ts';

/** Browsers keep no cookie for longer than 400 days (RFC 6265bis §5.5). */
const LIFETIME_SECONDS = 365 * 86_400;

/** The language that somebody chose on a page, now or before: more than what their app wishes. */
export function findChosenLanguage(http: HttpRequest, issuer: string): string | undefined {
  return findAskedFor(http) ?? asLanguage(http.cookies.get(cookieName('language', issuer)));
}

/** Complete `Set-Cookie` values: whoever chooses a language on a page is asked no more. */
export function rememberLanguage(http: HttpRequest, issuer: string): ReadonlyArray<string> {
  const tag = findAskedFor(http);
  if (tag === undefined) return [];
  const options = { issuer, maxAgeSeconds: LIFETIME_SECONDS };
  return [setCookie(cookieName('language', issuer), tag, options)];
}

function findAskedFor(http: HttpRequest): string | undefined {
  return asLanguage(http.query.find(LANGUAGE_PARAMETER));
}

function asLanguage(value: string | undefined): string | undefined {
  return LANGUAGE_TAGS.find((tag) => tag === value);
}
