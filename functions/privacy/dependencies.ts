import type { ErasureAsking } from '../browser/erasure-asking.ts';
import type { Forms } from '../browser/forms.ts';
import type { Pages } from '../browser/pages.ts';
import type { PeopleSettings } from '../browser/people-settings.ts';
import type { SessionCookies } from '../browser/session-cookies.ts';
import type { Cells } from '../core/cells.ts';
import type { Sub } from '../core/ids.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { Accounts } from '../core/ports/accounts.ts';
import type { Ages } from '../core/ports/ages.ts';
import type { AppAccesses } from '../core/ports/app-accesses.ts';
import type { Attempts } from '../core/ports/attempts.ts';
import type { AuditTrail } from '../core/ports/audit-trail.ts';
import type { Clients } from '../core/ports/clients.ts';
import type { PrivacyRuns } from '../core/ports/erasure-requests.ts';
import type { EvidenceSigner } from '../core/ports/evidence-signer.ts';
import type { ExportRequests } from '../core/ports/export-requests.ts';
import type { ExportLinks } from '../core/ports/exports.ts';
import type { GrantStandings } from '../core/ports/grant-standings.ts';
import type { ParentalConsents } from '../core/ports/parental-consents.ts';
import type { Passwords } from '../core/ports/passwords.ts';
import type { PrivacyChoicesStore } from '../core/ports/privacy-choices.ts';
import type { PrivacyRequest, PrivacyRequests } from '../core/ports/privacy-requests.ts';
import type { Processors } from '../core/ports/processors.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import type { Sessions } from '../core/ports/sessions.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import type { HomeOf } from '../http/home-of.ts';
import type { Endpoint } from '../http/message.ts';

/** What the endpoints of this surface work with; built once per container. */
export interface PrivacyPortal extends ErasureAsking {
  readonly settings: PeopleSettings;
  readonly cells: Cells;
  readonly policy: PrivacyPolicy;
  /** For the endpoint of every page. */
  readonly atCellHost: (endpoint: Endpoint) => Endpoint;
  readonly pages: Pages;
  readonly forms: Forms;
  readonly sessionCookies: SessionCookies;
  readonly sealer: Sealer;
  readonly sessions: Sessions;
  readonly profiles: Profiles;
  readonly accessTokens: AccessTokens;
  readonly standings: Pick<GrantStandings, 'ofAccessToken'>;
  readonly choices: PrivacyChoicesStore;
  readonly ages: Ages;
  readonly parentalConsents: ParentalConsents;
  readonly evidence: EvidenceSigner;
  readonly exports: ExportRequests;
  /** How they stand with an export. */
  readonly processors: Pick<Processors, 'list'>;
  readonly exportRuns: PrivacyRuns;
  readonly exportLinks: ExportLinks;
  /** Age of a sign-in with which somebody may fetch their data. */
  readonly freshSignInSeconds: number;
  readonly privacyRequests: PrivacyRequests;
  /** Those of a person, newest first: fifty at most, which nobody makes. */
  readonly listRequests: (sub: Sub) => Promise<ReadonlyArray<PrivacyRequest>>;
  readonly auditTrail: Pick<AuditTrail, 'ofPerson'>;
  readonly appAccesses: AppAccesses;
  /** For the names of apps. */
  readonly clients: Pick<Clients, 'findAll'>;
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly passwords: Passwords;
  readonly homeOf: Pick<HomeOf, 'unknownPerson'>;
}
