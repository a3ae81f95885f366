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
