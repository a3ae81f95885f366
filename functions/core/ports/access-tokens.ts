import type { EpochSeconds } from '../time.ts';

export interface AccessTokens {
  /**
   * The claims of an access token of this issuer; undefined when it is forged, expired,
   * malformed or another kind of token. `aud` is the caller's to check.
   */
  verify(token: string, now: EpochSeconds): Promise<Readonly<Record<string, unknown>> | undefined>;
}
