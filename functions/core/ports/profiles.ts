import type { Account } from '../account.ts';
import type { CellName } from '../cells.ts';
import type { SessionId, Sub } from '../ids.ts';
import type { ListedSession } from '../session.ts';
import type { EpochSeconds } from '../time.ts';
import type { PrivacyChoices } from './privacy-choices.ts';

/** "Chrome on macOS"; undefined for a session without a label, or with one that is not its own. */
export type OpenLabel = (
  session: Pick<ListedSession, 'sessionId' | 'sealedUserAgent'>,
) => Promise<string | undefined>;

/** What tokens and userinfo need of a person: one BatchGetItem each. */
export interface Profiles {
  find(sub: Sub): Promise<Account | undefined>;
  /** As `find`, with what tells the person's sessions from each other. */
  findWithLabels(
    sub: Sub,
  ): Promise<{ readonly account: Account; readonly openLabel: OpenLabel } | undefined>;
  /** As `find`, and whether the session of a code is still there; what they chose comes along. */
  findWithSession(
    sub: Sub,
    sessionId: SessionId,
  ): Promise<{ account: Account | undefined; hasSession: boolean; choices: PrivacyChoices }>;
  /**
   * As `find`, and how the grant behind an access token stands. With several cells, `home` is where
   * the directory says that the person lives, as far as it knows yet. `choices` come along when
   * they are asked for.
   */
  findWithGrant(
    sub: Sub,
    grantId: string,
    now: EpochSeconds,
    wanted?: { readonly choices: boolean },
  ): Promise<{
    account: Account | undefined;
    choices: PrivacyChoices;
    grantIsOpen: boolean;
    grantIsKnown: boolean;
    home?: CellName;
  }>;
}
