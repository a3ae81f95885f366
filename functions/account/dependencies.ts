import type { Forms } from '../browser/forms.ts';
import type { Pages } from '../browser/pages.ts';
import type { PeopleSettings } from '../browser/people-settings.ts';
import type { SessionCookies } from '../browser/session-cookies.ts';
import type { Cells } from '../core/cells.ts';
import type { Accounts } from '../core/ports/accounts.ts';
import type { Attempts } from '../core/ports/attempts.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { GrantIssuer } from '../core/ports/grants.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { Passwords } from '../core/ports/passwords.ts';
import type { PrivacyChoicesStore } from '../core/ports/privacy-choices.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import type { Sessions } from '../core/ports/sessions.ts';
import type { SignIns } from '../core/ports/sign-ins.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import type { Endpoint } from '../http/message.ts';

/** What the endpoints of this surface work with; built once per container. */
export interface AccountPortal {
  readonly settings: PeopleSettings;
  readonly cells: Cells;
  /** For the endpoint of every page. */
  readonly atCellHost: (endpoint: Endpoint) => Endpoint;
  readonly pages: Pages;
  readonly forms: Forms;
  readonly sessionCookies: SessionCookies;
  readonly sealer: Sealer;
  readonly directory: Pick<Directory, 'hash'>;
  readonly accounts: Accounts;
  readonly profiles: Profiles;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly grants: Pick<GrantIssuer, 'revokeOfSessions'>;
  readonly signIns: Pick<SignIns, 'changePassword' | 'endOthers'>;
  readonly passwords: Passwords;
  readonly mailer: Mailer;
  readonly choices: PrivacyChoicesStore;
  readonly policy: PrivacyPolicy;
}
