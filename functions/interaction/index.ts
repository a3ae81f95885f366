import { join } from 'node:path';
import { createIdTokenHints } from '../adapters/crypto/id-token-hints.ts';
import { createAttempts } from '../adapters/dynamodb/attempts.ts';
import { createChallenges } from '../adapters/dynamodb/challenges.ts';
import { createClients } from '../adapters/dynamodb/clients.ts';
import { createConsents } from '../adapters/dynamodb/consents.ts';
import { createHandOvers } from '../adapters/dynamodb/hand-overs.ts';
import { createLookups } from '../adapters/dynamodb/lookups.ts';
import { createMailCounters } from '../adapters/dynamodb/mails.ts';
import { createPrivacyChoices } from '../adapters/dynamodb/privacy-choices.ts';
import { createPrivacyRequests } from '../adapters/dynamodb/privacy-requests.ts';
import { createErasureRequests } from '../adapters/dynamodb/privacy-requests-erasure.ts';
import { createPushedRequests } from '../adapters/dynamodb/pushed-requests.ts';
import { createSigningKeys } from '../adapters/dynamodb/signing-keys.ts';
import { createCellCalls } from '../adapters/lambda/cell-calls.ts';
import { createPeople } from '../adapters/people.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import { createErrorPages } from '../browser/error-pages.ts';
import { createForms } from '../browser/forms.ts';
import { createHomeHint } from '../browser/home-hint.ts';
import { createPages } from '../browser/pages.ts';
import { readPeopleLimits, readPlaces } from '../browser/people-settings.ts';
import { createSessionCookies } from '../browser/session-cookies.ts';
import { CODES_PER_ADDRESS } from '../core/one-time-code.ts';
import {
  COMMON_PASSWORDS_FILE,
  ENVIRONMENT,
  findText,
  PRIVACY_POLICY_FILE,
  requireText,
} from '../environment.ts';
import { acceptCellMessages } from '../http/cell-messages.ts';
import { createSurface } from '../http/surface.ts';
import { readCells } from '../topology.ts';
import { createCellMessages } from './cell-messages.ts';
import type { Interaction } from './dependencies.ts';
import { createRoutes } from './routes.ts';
import { readLimits, readSettings } from './settings.ts';

const settings = readSettings();
const limits = readLimits();
const cells = readCells();
const places = readPlaces();
const { directoryTable, dataTable } = places;
const { issuer, codeLifetimeSeconds } = settings;
const { sessionAbsoluteLifetimeSeconds: absoluteLifetimeSeconds } = settings;
const pages = createPages(settings, cells);
const { connections, people } = createPeople({
  places,
  limits: readPeopleLimits(),
  codeLifetimeSeconds: limits.authorizationCodeLifetimeSeconds,
  commonPasswordsFile: join(import.meta.dirname, COMMON_PASSWORDS_FILE),
});
const { dynamo, loadKeyring, loadCellKeyring } = connections;
const { sealer, sessions } = people;

const records = { dynamo, dataTable, recordsTable: requireText(ENVIRONMENT.recordsTable) };
const privacyRequests = createPrivacyRequests(records);

const interaction: Interaction = {
  ...people,
  settings,
  pages,
  cells,
  cellCalls: createCellCalls({ cells, signOfLife: 'interaction' }),
  homeHint: createHomeHint({ issuer, cells }),
  handOvers: createHandOvers({ dynamo, dataTable }),
  lookups: createLookups({ dynamo, dataTable, loadKeyring, ...limits.lookUps }),
  forms: createForms({ sealer, issuer, cells }),
  sessionCookies: createSessionCookies({ issuer, cells, sessions, absoluteLifetimeSeconds }),
  clients: createClients({ dynamo, directoryTable }),
  challenges: createChallenges({
    ...{ dynamo, dataTable, sealer, codeLifetimeSeconds },
    loadKeyring: loadCellKeyring,
    mails: createMailCounters({ dynamo, dataTable, loadKeyring, ...limits.mails }),
    codeBudget: createAttempts({
      ...{ dynamo, dataTable },
      loadKeyring: loadCellKeyring,
      rule: CODES_PER_ADDRESS,
    }),
    ...limits.challenges,
  }),
  privacyRequests,
  erasures: createErasureRequests({ ...records, requests: privacyRequests }),
  pushedRequests: createPushedRequests({ dynamo, dataTable }),
  consents: createConsents({ dynamo, dataTable }),
  choices: createPrivacyChoices({ dynamo, dataTable }),
  policy: readPrivacyPolicy(join(import.meta.dirname, PRIVACY_POLICY_FILE)),
  idTokenHints: createIdTokenHints({
    publishedKeys: createSigningKeys({ dynamo, directoryTable }),
    issuer,
  }),
};

export const handler = acceptCellMessages({
  surface: 'interaction',
  answer: createCellMessages(interaction),
  otherwise: createSurface({
    surface: 'interaction',
    edgeSecret: findText(ENVIRONMENT.edgeSecret),
    renderError: createErrorPages(pages),
    routes: createRoutes(interaction),
  }),
});
