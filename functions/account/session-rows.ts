import type { OpenLabel } from '../core/ports/profiles.ts';
import type { ListedSession, Session } from '../core/session.ts';
import type { SessionRow } from '../pages/view.ts';

/** Each costs some fifth of a millisecond of X25519, and a page has to be there at once. */
const MOST_LABELS_OPENED = 200;

interface SessionList {
  readonly current: Session;
  /** The most recently used first. */
  readonly sessions: ReadonlyArray<ListedSession>;
}

/** What is told of each session; of very many, those that were not used for longest are of unknown devices. */
export async function toSessionRows(
  { current, sessions }: SessionList,
  openLabel: OpenLabel,
): Promise<ReadonlyArray<SessionRow>> {
  return await Promise.all(
    sessions.map(async (session, index) => ({
      sessionId: session.sessionId,
      userAgent: index < MOST_LABELS_OPENED ? await openLabel(session) : undefined,
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      current: session.sessionId === current.sessionId,
    })),
  );
}
