import type { Account } from '../account.ts';
import type { CellName } from '../cells.ts';
import type { SessionId, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** What tokens and userinfo need of a person: one BatchGetItem each. */
export interface Profiles {
  find(sub: Sub): Promise<Account | undefined>;
  /** As `find`, and whether the session of a code is still there. */
  findWithSession(
    sub: Sub,
    sessionId: SessionId,
  ): Promise<{ account: Account | undefined; hasSession: boolean }>;
  /**
   * As `find`, and how the grant behind an access token stands. With several cells, `home` is where
   * the directory says that the person lives, as far as it knows yet.
   */
  findWithGrant(
    sub: Sub,
    grantId: string,
    now: EpochSeconds,
  ): Promise<{
    account: Account | undefined;
    grantIsOpen: boolean;
    grantIsKnown: boolean;
    home?: CellName;
  }>;
}
