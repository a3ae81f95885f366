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
}

/** A session that begins. */
export interface NewSession extends Session {
  /** "Chrome on macOS"; is stored for nobody's eyes but the person's (`LabelKey`). */
  readonly userAgent?: string;
}

/** One of a person's sessions; what browser it is of tells whoever has opened their data key. */
export interface ListedSession extends Session {
  readonly sealedUserAgent?: string;
}

/** `lastSeenAt` is written at most once in so long, and ten times within the idle lifetime. */
const TOUCH_INTERVAL_SECONDS = 3600;
const TOUCHES_PER_IDLE_LIFETIME = 10;

/** False once the idle or the absolute lifetime is over. */
export function isSessionAlive(
  session: Pick<Session, 'lastSeenAt' | 'absoluteExpiresAt'>,
  idleLifetimeSeconds: number,
  now: EpochSeconds,
): boolean {
  return now < session.absoluteExpiresAt && now < session.lastSeenAt + idleLifetimeSeconds;
}

/** True when `lastSeenAt` is stale enough to be worth a write. */
export function isTouchDue(
  session: Pick<Session, 'lastSeenAt'>,
  idleLifetimeSeconds: number,
  now: EpochSeconds,
): boolean {
  const interval = Math.min(
    TOUCH_INTERVAL_SECONDS,
    idleLifetimeSeconds / TOUCHES_PER_IDLE_LIFETIME,
  );
  return now - session.lastSeenAt >= interval;
}
