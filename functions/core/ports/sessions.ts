import type { SessionId, Sub } from '../ids.ts';
import type { Session } from '../session.ts';
import type { EpochSeconds } from '../time.ts';

export interface SessionPointer {
  readonly sub: Sub;
  readonly sessionId: SessionId;
}

export interface Sessions {
  /** Opens a session cookie without any call; undefined when it is not one of ours. */
  locate(cookie: string, now: EpochSeconds): Promise<SessionPointer | undefined>;
  /** The live session of a cookie: one read; none for a forged one. */
  findByCookie(cookie: string, now: EpochSeconds): Promise<Session | undefined>;
  /** Live sessions, the most recently used first, and which of them the cookie belongs to. */
  listOfCookie(
    cookie: string,
    now: EpochSeconds,
  ): Promise<{ current: Session; sessions: ReadonlyArray<Session> } | undefined>;
  /** Idempotent. */
  end(sub: Sub, sessionIds: ReadonlyArray<SessionId>): Promise<void>;
}
