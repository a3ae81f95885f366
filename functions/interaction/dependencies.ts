import type { Forms } from '../browser/forms.ts';
import type { HomeHint } from '../browser/home-hint.ts';
import type { Pages } from '../browser/pages.ts';
import type { SessionCookies } from '../browser/session-cookies.ts';
import type { Cells } from '../core/cells.ts';
import type { Accounts, Directory } from '../core/ports/accounts.ts';
import type { Attempts } from '../core/ports/attempts.ts';
import type { CellCalls } from '../core/ports/cell-calls.ts';
import type { Challenges } from '../core/ports/challenges.ts';
import type { Clients } from '../core/ports/clients.ts';
import type { Consents } from '../core/ports/consents.ts';
import type { GrantIssuer } from '../core/ports/grants.ts';
import type { HandOvers } from '../core/ports/hand-overs.ts';
import type { IdTokenHints } from '../core/ports/id-token-hints.ts';
import type { Lookups } from '../core/ports/lookups.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { Passwords } from '../core/ports/passwords.ts';
import type { Profiles } from '../core/ports/profiles.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import type { Sessions } from '../core/ports/sessions.ts';
import type { SignIns } from '../core/ports/sign-ins.ts';
import type { InteractionSettings } from './settings.ts';

/** What the endpoints of this surface work with; built once per container. */
export interface Interaction {
  readonly settings: InteractionSettings;
  readonly cells: Cells;
  readonly cellCalls: CellCalls;
  readonly homeHint: HomeHint;
  readonly handOvers: HandOvers;
  readonly lookups: Lookups;
  readonly pages: Pages;
  readonly forms: Forms;
  readonly sessionCookies: SessionCookies;
  readonly sealer: Sealer;
  readonly clients: Clients;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly profiles: Profiles;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly challenges: Challenges;
  readonly consents: Consents;
  readonly grants: GrantIssuer;
  readonly signIns: SignIns;
  readonly passwords: Passwords;
  readonly mailer: Mailer;
  readonly idTokenHints: IdTokenHints;
}
