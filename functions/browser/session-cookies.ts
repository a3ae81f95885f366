import type { Sessions } from '../core/ports/sessions.ts';
import type { Session } from '../core/session.ts';
import { clearCookie, cookieName, setCookie } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';

export interface SessionCookies {
  find(http: HttpRequest): string | undefined;
  /** The live session of this browser: one read, or none without an authentic cookie. */
  findSession(http: HttpRequest): Promise<Session | undefined>;
  /** Complete `Set-Cookie` values. */
  set(value: string): string;
  clear(): string;
}

interface SessionCookiesDeps {
  readonly issuer: string;
  readonly sessions: Sessions;
  readonly absoluteLifetimeSeconds: number;
}

export function createSessionCookies(deps: SessionCookiesDeps): SessionCookies {
  const { issuer, sessions, absoluteLifetimeSeconds } = deps;
  const name = cookieName('session', issuer);
  const find = (http: HttpRequest) => http.cookies.get(name);
  return {
    find,
    async findSession(http) {
      const cookie = find(http);
      return cookie === undefined ? undefined : sessions.findByCookie(cookie, http.now);
    },
    set: (value) => setCookie(name, value, { issuer, maxAgeSeconds: absoluteLifetimeSeconds }),
    clear: () => clearCookie(name, { issuer }),
  };
}
