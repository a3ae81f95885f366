/** Sign-up begins where the person will be at home: settled before anything personal is typed. */
import { PageError } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import { isCellAllowed } from '../core/authorization-decision.ts';
import { chooseHome, type HomeChoice, OTHER_COUNTRY } from '../core/home-choice.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { type CarriedRequest, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { handOver } from './hand-over.ts';
import { isHomeSettled, isSaidSettled } from './settled-home.ts';

/** Of the query and of forms: what a person said of where they live. */
export const COUNTRY_FIELD = 'country';

/** Set by CloudFront, from the network address. A lie moves the liar alone. */
const APPARENT_COUNTRY_HEADER = 'cloudfront-viewer-country';

/** What a person stated, beside what the request and the app tell. */
interface Stated {
  readonly statedCountry?: string | undefined;
  readonly statedCell?: string | undefined;
  readonly apparentCountry?: string | undefined;
}

/** The way to where the form is to be filled in; undefined when that is here. */
export async function findHomeDetour(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
): Promise<HttpResponse | undefined> {
  const { cells } = deps;
  if (!cells.areSeveral) return undefined;
  const isAllowed = isCellAllowed(carried.client ?? {}, cells.own.name);
  if (isAllowed && (await isHomeSettled(deps, http))) return undefined;
  const choice = decideHome(deps, carried, { apparentCountry: findApparentCountry(http) });
  const isHere = choice.next === 'settled' && choice.cell === cells.own.name;
  // Shown at once: sent to itself, a browser that keeps no cookies would never arrive.
  if (isHere && http.method === 'GET') return undefined;
  return goOn(deps, http, carried, choice);
}

export function decideHome(
  { cells, settings }: Interaction,
  { client }: CarriedRequest,
  stated: Stated,
): HomeChoice {
  const choice = chooseHome({
    ...stated,
    cells,
    countries: settings.cellCountries,
    allowedCells: client?.allowedCells,
  });
  if (choice.next !== 'ask-cell' || choice.offered.length > 0) return choice;
  throw new PageError({
    status: 403,
    title: 'error-title.self-registration-off',
    text: 'error.self-registration-off',
    detail: 'the client allows none of the cells',
  });
}

/** To the form at home, or to the page that asks. */
export async function goOn(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  choice: HomeChoice,
): Promise<HttpResponse> {
  if (choice.next === 'ask-country') return seeOther(regionPage(carried));
  if (choice.next === 'ask-cell') {
    return seeOther(regionPage(carried, choice.country ?? OTHER_COUNTRY));
  }
  const { cell: to, country } = choice;
  const handing = { to, page: 'sign-up', carried } as const;
  return handOver(deps, http, { ...handing, ...(country !== undefined && { country }) });
}

/** Where somebody says where they live, or chooses among the places that the app offers. */
export function regionPage(carried: CarriedRequest, country?: string): string {
  const page = withRequest('/sign-up/region', carried);
  return country === undefined ? page : addToQuery(page, { [COUNTRY_FIELD]: country });
}

export function findApparentCountry({ headers }: HttpRequest): string | undefined {
  return headers.get(APPARENT_COUNTRY_HEADER);
}

/** The country that led to this very cell. */
export function findStatedCountry(
  { cells, settings }: Interaction,
  http: HttpRequest,
): string | undefined {
  if (!cells.areSeveral) return undefined;
  const stated = (http.method === 'POST' ? http.form : http.query).find(COUNTRY_FIELD);
  const country = stated ?? (isSaidSettled(http) ? undefined : findApparentCountry(http));
  if (country === undefined) return undefined;
  return settings.cellCountries.get(country) === cells.own.name ? country : undefined;
}

export function hiddenCountry(
  deps: Interaction,
  http: HttpRequest,
): Readonly<Record<string, string>> {
  const country = findStatedCountry(deps, http);
  return country === undefined ? {} : { [COUNTRY_FIELD]: country };
}
