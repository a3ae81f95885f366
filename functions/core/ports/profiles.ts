import type { Account } from '../account.ts';
import type { Sub } from '../ids.ts';

/** What tokens and userinfo need of a person: one BatchGetItem (profile, data key, grant). */
export interface Profiles {
  find(sub: Sub): Promise<Account | undefined>;
  /** As `find`, and whether the grant behind an access token is still open; still one call. */
  findWithGrant(
    sub: Sub,
    grantId: string,
  ): Promise<{ account: Account | undefined; grantIsOpen: boolean }>;
}
