import type { SessionId, Sub } from './ids.ts';
import type { EpochSeconds } from './time.ts';

/** A browser's single-sign-on session with this issuer. */
export interface Session {
  readonly sessionId: SessionId;
  readonly sub: Sub;
  readonly authTime: EpochSeconds;
  readonly amr: ReadonlyArray<string>;
  readonly createdAt: EpochSeconds;
  /** Written at most once per hour, so that SSO costs no write. */
  readonly lastSeenAt: EpochSeconds;
  /** createdAt + session absolute lifetime. */
  readonly absoluteExpiresAt: EpochSeconds;
  /** "Chrome on macOS"; shown in the account portal, encrypted at rest. */
  readonly userAgent?: string;
}

/** How rarely `lastSeenAt` is written. Idle lifetimes must exceed it (their minimum does). */
const TOUCH_INTERVAL_SECONDS = 3600;

/** False once the idle or the absolute lifetime is over. */
export function isSessionAlive(
  session: Pick<Session, 'lastSeenAt' | 'absoluteExpiresAt'>,
  idleLifetimeSeconds: number,
  now: EpochSeconds,
): boolean {
  return now < session.absoluteExpiresAt && now < session.lastSeenAt + idleLifetimeSeconds;
}

/** True when `lastSeenAt` is stale enough to be worth a write. */
export function isTouchDue(session: Pick<Session, 'lastSeenAt'>, now: EpochSeconds): boolean {
  return now - session.lastSeenAt >= TOUCH_INTERVAL_SECONDS;
}
