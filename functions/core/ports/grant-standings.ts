import type { CellName } from '../cells.ts';
import type { ClientId } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';
import type { GrantPointer, OpenedRefreshToken } from './grants.ts';

/** Whether tokens still count: reading alone, one call each. */
export interface GrantStandings {
  /**
   * Of the grant behind an access token. `home` is where the directory says that the person lives;
   * with a single cell nobody asks.
   */
  ofAccessToken(
    pointer: GrantPointer,
    now: EpochSeconds,
  ): Promise<{ readonly isOpen: boolean; readonly isKnown: boolean; readonly home?: CellName }>;
  /** Undefined unless the token could be redeemed now: its family open, it the newest or in grace. */
  ofRefreshToken(
    refreshToken: OpenedRefreshToken,
    now: EpochSeconds,
  ): Promise<{ readonly clientId: ClientId; readonly endsAt: EpochSeconds } | undefined>;
}
