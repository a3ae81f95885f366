import type { Cells } from '../core/cells.ts';
import type { SessionPointer, Sessions } from '../core/ports/sessions.ts';
import { cellCookieName, clearCookie, setCookie } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';

export interface SessionCookies {
  isPresent(http: HttpRequest): boolean;
  /** What this browser's cookie says, without any call; undefined when it is not one of ours. */
  locate(http: HttpRequest): Promise<SessionPointer | undefined>;
  /** Complete `Set-Cookie` values. */
  set(value: string): string;
  clear(): string;
}

interface SessionCookiesDeps {
  readonly issuer: string;
  readonly cells: Cells;
  readonly sessions: Sessions;
  readonly absoluteLifetimeSeconds: number;
}

export function createSessionCookies(deps: SessionCookiesDeps): SessionCookies {
  const { issuer, cells, sessions, absoluteLifetimeSeconds } = deps;
  const name = cellCookieName('session', issuer, cells);
  return {
    async locate(http) {
      const cookie = http.cookies.get(name);
      return cookie === undefined ? undefined : sessions.locate(cookie, http.now);
    },
    isPresent: (http) => http.cookies.has(name),
    set: (value) => setCookie(name, value, { issuer, maxAgeSeconds: absoluteLifetimeSeconds }),
    clear: () => clearCookie(name, { issuer }),
  };
}
