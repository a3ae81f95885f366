import { randomBytes } from 'node:crypto';
import type { SignedIn, SignInChecks } from './sign-in.ts';

/** What this app knows of one browser. An app of your own has a session store already. */
export interface Session {
  checks?: SignInChecks;
  signedIn?: SignedIn;
  /** Shown once, on the next page. */
  notice?: string;
}

const MAX_SESSIONS = 1_000;

export interface Sessions {
  /** The browser's session, and the cookie to set when it has none yet. */
  open(cookieHeader: string | undefined): { session: Session; setCookie: string | undefined };
}

/** In memory, one cookie. Cookies ignore ports, so two apps on one host need two names. */
export function createSessions(cookieName: string): Sessions {
  const sessions = new Map<string, Session>();
  return {
    open(cookieHeader = '') {
      const id = new RegExp(`(?:^|; )${cookieName}=([\\w-]+)`).exec(cookieHeader)?.[1];
      const known = id === undefined ? undefined : sessions.get(id);
      if (known !== undefined) return { session: known, setCookie: undefined };
      const [oldest] = sessions.keys();
      if (sessions.size >= MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      const fresh = randomBytes(24).toString('base64url');
      const session: Session = {};
      sessions.set(fresh, session);
      return { session, setCookie: `${cookieName}=${fresh}; HttpOnly; SameSite=Lax; Path=/` };
    },
  };
}
