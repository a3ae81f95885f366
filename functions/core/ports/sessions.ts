import type { Acting } from '../audit/act.ts';
import type { SessionId, Sub } from '../ids.ts';
import type { ListedSession, Session } from '../session.ts';
import type { EpochSeconds } from '../time.ts';

/** What an authentic cookie says; whether that session still lives is another question. */
export interface SessionPointer {
  readonly sub: Sub;
  readonly sessionId: SessionId;
  /** Proves that the cookie is the session's present one. */
  readonly secret: string;
}

export interface Sessions {
  /** Opens a session cookie without any call; undefined when it is not one of ours. */
  locate(cookie: string, now: EpochSeconds): Promise<SessionPointer | undefined>;
  /** The live session: one read. */
  find(pointer: SessionPointer, now: EpochSeconds): Promise<Session | undefined>;
  /** The person's live sessions, the most recently used first; undefined unless this one lives. */
  list(
    pointer: SessionPointer,
    now: EpochSeconds,
  ): Promise<{ current: Session; sessions: ReadonlyArray<ListedSession> } | undefined>;
  /** Idempotent. */
  end(sub: Sub, sessionIds: ReadonlyArray<SessionId>, acting: Acting): Promise<void>;
}
