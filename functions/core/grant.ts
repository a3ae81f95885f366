import type { ClientId, GrantId, SessionId, Sub } from './ids.ts';
import type { EpochSeconds } from './time.ts';

/**
 * What a person granted to a client. Born with its authorization code (`issued`), opened by the
 * code's one redemption, it is then the family of rotating refresh tokens (RFC 9700 §4.14).
 */
export interface Grant {
  readonly grantId: GrantId;
  readonly sub: Sub;
  readonly clientId: ClientId;
  readonly sessionId: SessionId;
  readonly scope: string;
  /** What its access tokens are for (RFC 8707 §2), when the request named it; never empty. */
  readonly resources?: ReadonlyArray<string>;
  readonly redirectUri: string;
  readonly codeChallenge?: string;
  readonly nonce?: string;
  readonly authTime: EpochSeconds;
  /** RFC 8176 values: `pwd`, `otp`… */
  readonly amr: ReadonlyArray<string>;
}
