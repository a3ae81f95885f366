import { createPeople } from '../adapters/people.ts';
import { createErrorPages } from '../browser/error-pages.ts';
import { createForms } from '../browser/forms.ts';
import { createPages } from '../browser/pages.ts';
import { readPeopleLimits, readPeopleSettings, readPlaces } from '../browser/people-settings.ts';
import { createSessionCookies } from '../browser/session-cookies.ts';
import { COMMON_PASSWORDS_FILE } from '../environment.ts';
import { createSurface } from '../http/surface.ts';
import { createRoutes } from './routes.ts';

const settings = readPeopleSettings();
const { issuer, sessionAbsoluteLifetimeSeconds: absoluteLifetimeSeconds } = settings;
const pages = createPages(settings);
const { people } = createPeople({
  places: readPlaces(),
  limits: readPeopleLimits(),
  // This surface ends grants and issues none.
  codeLifetimeSeconds: 0,
  commonPasswordsFile: new URL(COMMON_PASSWORDS_FILE, import.meta.url),
});
const { sealer, sessions } = people;

export const handler = createSurface({
  surface: 'account',
  renderError: createErrorPages(pages),
  routes: createRoutes({
    ...people,
    settings,
    pages,
    forms: createForms({ sealer, issuer }),
    sessionCookies: createSessionCookies({ issuer, sessions, absoluteLifetimeSeconds }),
  }),
});
