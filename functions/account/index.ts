import { join } from 'node:path';
import { createPrivacyChoices } from '../adapters/dynamodb/privacy-choices.ts';
import { createCellCalls } from '../adapters/lambda/cell-calls.ts';
import { createPeople } from '../adapters/people.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import { createCellHosts } from '../browser/cell-hosts.ts';
import { createErrorPages } from '../browser/error-pages.ts';
import { createForms } from '../browser/forms.ts';
import { createHomeHint } from '../browser/home-hint.ts';
import { createPages } from '../browser/pages.ts';
import { readPeopleLimits, readPeopleSettings, readPlaces } from '../browser/people-settings.ts';
import { createSessionCookies } from '../browser/session-cookies.ts';
import {
  COMMON_PASSWORDS_FILE,
  ENVIRONMENT,
  findText,
  PRIVACY_POLICY_FILE,
} from '../environment.ts';
import { createSurface } from '../http/surface.ts';
import { readCells } from '../topology.ts';
import { createRoutes } from './routes.ts';

const settings = readPeopleSettings();
const { issuer, sessionAbsoluteLifetimeSeconds: absoluteLifetimeSeconds } = settings;
const cells = readCells();
const cellCalls = createCellCalls({ cells, signOfLife: 'token' });
const homeHint = createHomeHint({ issuer, cells });
const pages = createPages(settings, cells);
const places = readPlaces();
const { connections, people } = createPeople({
  places,
  limits: readPeopleLimits(),
  // This surface ends grants and issues none.
  codeLifetimeSeconds: 0,
  commonPasswordsFile: join(import.meta.dirname, COMMON_PASSWORDS_FILE),
});
const { sealer, sessions } = people;

export const handler = createSurface({
  surface: 'account',
  edgeSecret: findText(ENVIRONMENT.edgeSecret),
  renderError: createErrorPages(pages),
  routes: createRoutes({
    ...people,
    settings,
    choices: createPrivacyChoices({ dynamo: connections.dynamo, dataTable: places.dataTable }),
    policy: readPrivacyPolicy(join(import.meta.dirname, PRIVACY_POLICY_FILE)),
    pages,
    cells,
    atCellHost: createCellHosts({
      ...{ issuer, cells, cellCalls, homeHint, pages },
      isHomeNeeded: true,
    }),
    forms: createForms({ sealer, issuer, cells }),
    sessionCookies: createSessionCookies({ issuer, cells, sessions, absoluteLifetimeSeconds }),
  }),
});
