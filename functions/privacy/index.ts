import { join } from 'node:path';
import { createAccessTokens } from '../adapters/crypto/access-tokens.ts';
import { createAccess } from '../adapters/dynamodb/access.ts';
import { createAges } from '../adapters/dynamodb/ages.ts';
import { createAppAccesses } from '../adapters/dynamodb/app-accesses.ts';
import { createAuditTrail } from '../adapters/dynamodb/audit-trail.ts';
import { createClients } from '../adapters/dynamodb/clients.ts';
import { createEvidenceKeys } from '../adapters/dynamodb/evidence-keys.ts';
import { createExportRequests } from '../adapters/dynamodb/export-requests.ts';
import { createGrantStandings } from '../adapters/dynamodb/grant-standings.ts';
import { createHomes } from '../adapters/dynamodb/homes.ts';
import { createPrimaryHomes } from '../adapters/dynamodb/primary-directory.ts';
import { createPrivacyChoices } from '../adapters/dynamodb/privacy-choices.ts';
import { createPrivacyRequests } from '../adapters/dynamodb/privacy-requests.ts';
import { createErasureRequests } from '../adapters/dynamodb/privacy-requests-erasure.ts';
import { createProcessors } from '../adapters/dynamodb/processors.ts';
import { createSigningKeys } from '../adapters/dynamodb/signing-keys.ts';
import { createParentalConsents } from '../adapters/events/parental-consents.ts';
import { createKms } from '../adapters/kms/client.ts';
import { createEvidenceSigner } from '../adapters/kms/evidence-signer.ts';
import { createCellCalls } from '../adapters/lambda/cell-calls.ts';
import { createPeople } from '../adapters/people.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import { createS3 } from '../adapters/s3/client.ts';
import { createExportLinks } from '../adapters/s3/export-files.ts';
import { createPrivacyRuns } from '../adapters/states/privacy-runs.ts';
import { createCellHosts } from '../browser/cell-hosts.ts';
import { createErrorPages } from '../browser/error-pages.ts';
import { createForms } from '../browser/forms.ts';
import { createHomeHint } from '../browser/home-hint.ts';
import { createPages } from '../browser/pages.ts';
import { readPeopleLimits, readPeopleSettings, readPlaces } from '../browser/people-settings.ts';
import { createSessionCookies } from '../browser/session-cookies.ts';
import { toEpochSeconds } from '../core/time.ts';
import {
  COMMON_PASSWORDS_FILE,
  ENVIRONMENT,
  findText,
  PRIVACY_POLICY_FILE,
  requireInteger,
  requireText,
  TUNABLES,
} from '../environment.ts';
import { createForward } from '../http/forwarding.ts';
import { createHomeOf } from '../http/home-of.ts';
import { createSurface } from '../http/surface.ts';
import { PRIVACY_PAGES } from '../pages/privacy-pages.tsx';
import { readCells } from '../topology.ts';
import type { PrivacyPortal } from './dependencies.ts';
import { createRoutes } from './routes.ts';

const MINUTE_SECONDS = 60;

const settings = readPeopleSettings();
const { issuer, sessionAbsoluteLifetimeSeconds: absoluteLifetimeSeconds } = settings;
const cells = readCells();
const places = readPlaces();
const { directoryTable, dataTable, keyTable, remotePrimary } = places;
const pages = createPages(settings, cells, PRIVACY_PAGES);
const { connections, people } = createPeople({
  places,
  limits: readPeopleLimits(),
  // This surface ends grants and issues none.
  codeLifetimeSeconds: 0,
  // Read when somebody chooses a password, which nobody does here.
  commonPasswordsFile: join(import.meta.dirname, COMMON_PASSWORDS_FILE),
});
const { dynamo } = connections;
const tables = { dynamo, dataTable, recordsTable: requireText(ENVIRONMENT.recordsTable) };
const requests = createPrivacyRequests(tables);
const { sealer, sessions, grants } = people;
const homesTable = cells.areSeveral ? directoryTable : undefined;
const cellCalls = createCellCalls({ cells, signOfLife: 'privacy' });
const homeHint = createHomeHint({ issuer, cells });

const portal: PrivacyPortal = {
  ...people,
  settings,
  cells,
  pages,
  policy: readPrivacyPolicy(join(import.meta.dirname, PRIVACY_POLICY_FILE)),
  atCellHost: createCellHosts({
    ...{ issuer, cells, cellCalls, homeHint, pages },
    isHomeNeeded: true,
  }),
  forms: createForms({ sealer, issuer, cells }),
  sessionCookies: createSessionCookies({ issuer, cells, sessions, absoluteLifetimeSeconds }),
  accessTokens: createAccessTokens({
    publishedKeys: createSigningKeys({ dynamo, directoryTable }),
    issuer,
  }),
  choices: createPrivacyChoices({ dynamo, dataTable }),
  ages: createAges({ dynamo, dataTable, keyTable, loadKeyring: connections.loadCellKeyring }),
  parentalConsents: createParentalConsents({
    ...tables,
    busName: requireText(ENVIRONMENT.privacyBus),
  }),
  evidence: createEvidenceSigner({
    kms: createKms(),
    evidenceKeys: createEvidenceKeys({ dynamo, directoryTable }),
  }),
  standings: createGrantStandings({ dynamo, dataTable, homesTable }),
  privacyRequests: requests,
  listRequests: async (sub) => (await requests.history(sub)).requests,
  auditTrail: createAuditTrail({ ...tables, now: () => toEpochSeconds(Date.now()) }),
  appAccesses: createAppAccesses({ dynamo, dataTable, grants }),
  clients: createClients({ dynamo, directoryTable }),
  exports: createExportRequests({ ...tables, requests }),
  processors: createProcessors({ ...tables, sealer, cell: cells.own.name }),
  erasures: createErasureRequests({ ...tables, requests }),
  erasureRuns: createPrivacyRuns(requireText(ENVIRONMENT.erasureMachineArn)),
  erasureGraceDays: requireInteger(TUNABLES.erasureGraceDays),
  access: createAccess({ ...tables, sessions, grants }),
  exportRuns: createPrivacyRuns(requireText(ENVIRONMENT.exportMachineArn)),
  exportLinks: createExportLinks({
    s3: createS3(),
    bucket: requireText(ENVIRONMENT.exportBucket),
  }),
  freshSignInSeconds: requireInteger(TUNABLES.freshSignInMinutes) * MINUTE_SECONDS,
  homeOf: createHomeOf({
    cells,
    homes: createHomes({
      dynamo,
      directoryTable,
      primary: remotePrimary === undefined ? undefined : createPrimaryHomes(remotePrimary),
    }),
  }),
};

export const handler = createSurface({
  surface: 'privacy',
  edgeSecret: findText(ENVIRONMENT.edgeSecret),
  renderError: createErrorPages(pages),
  forward: createForward(cellCalls, 'privacy'),
  routes: createRoutes(portal),
});
