/** REST of purposes: `/v1/me/consents` (GDPR Art. 7, 21). */
import * as z from 'zod/mini';
import { requirePurpose } from '../core/consents/choosing.ts';
import { standingOf, standingsOf } from '../core/consents/standing.ts';
import { readJson } from '../http/json-body.ts';
import { privateJson } from '../http/json-response.ts';
import type { HttpRequest } from '../http/message.ts';
import { chooseForPurpose } from './choosing.ts';
import type { PrivacyPortal } from './dependencies.ts';
import type { PersonEndpoint } from './person.ts';
import { viewDoNotSell, viewPurpose } from './purpose-views.ts';

/** GET: every purpose in words, and where the person stands with it. Two AWS calls. */
export function createConsentList(deps: PrivacyPortal): PersonEndpoint {
  return async (http, { sub }) => {
    const choices = await deps.choices.load(sub);
    const locales = localesOf(deps, http);
    return privateJson({
      purposes: standingsOf(deps.policy, choices).map((standing) =>
        viewPurpose(standing, deps.policy, locales),
      ),
      doNotSell: viewDoNotSell(choices),
    });
  };
}

/** To withdraw takes no more than to grant, and less proof (GDPR Art. 7(3)). */
const Body = z.strictObject({
  state: z.enum(['granted', 'withdrawn', 'objected']),
  version: z.optional(z.string().check(z.maxLength(64))),
  textHash: z.optional(z.string().check(z.maxLength(64))),
  language: z.string().check(z.maxLength(35)),
  /** Once, where a purpose needs them: the policy's country decides from which age on. */
  birthdate: z.optional(z.string().check(z.maxLength(10))),
  country: z.optional(z.string().check(z.regex(/^[A-Z]{2}$/))),
});

/** PUT `/v1/me/consents/{purposeId}`. Three AWS calls. */
export function createConsentChoice(deps: PrivacyPortal): PersonEndpoint {
  return async (http, person) => {
    const purposeId = http.pathParameters?.['purposeId'] ?? '';
    const purpose = requirePurpose(deps.policy, purposeId);
    const { birthdate, country, ...wish } = readJson(http, Body);
    const age = birthdate && country ? { birthdate, country } : undefined;
    const shown = { page: 'api', method: 'api' } as const;
    const after = await chooseForPurpose(deps, http, person, { purposeId, age, ...wish }, shown);
    const locales = [wish.language, ...localesOf(deps, http)];
    return privateJson(viewPurpose(standingOf(purpose, after), deps.policy, locales));
  };
}

/** `?language=de` before what the browser prefers. */
function localesOf({ pages }: PrivacyPortal, http: HttpRequest): ReadonlyArray<string> {
  const asked = http.query.find('language');
  return [...(asked === undefined ? [] : [asked]), ...pages.localesOf(http)];
}
