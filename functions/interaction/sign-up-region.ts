/** Asks somebody who wants an account where they live; with one cell there is no such page. */
import { OTHER_COUNTRY } from '../core/home-choice.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { RegionQuestion, View } from '../pages/view.ts';
import { type CarriedRequest, hiddenRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { COUNTRY_FIELD, decideHome, findApparentCountry, goOn, regionPage } from './home-detour.ts';
import { notFound } from './not-found.ts';
import { requireSelfRegistration } from './self-registration.ts';

const CELL_FIELD = 'cell';
/** On the form that asks for a place. */
const PLACES_FIELD = 'places';

type RegionView = Extract<View, { page: 'sign-up-region' }>;

export function createSignUpRegionPage(deps: Interaction): Endpoint {
  if (!deps.cells.areSeveral) return notFound;
  return async (http) => {
    const carried = await openCarried(deps, http);
    requireSelfRegistration(deps, carried);
    return showRegion(deps, http, carried);
  };
}

/** POST: answers by redirect to the form in that region, or asks more closely. */
export function createSignUpRegion(deps: Interaction): Endpoint {
  if (!deps.cells.areSeveral) return notFound;
  return async (http) => {
    const carried = await openCarried(deps, http);
    requireSelfRegistration(deps, carried);
    await deps.forms.requireOwn(http, withRequest('/sign-up/region', carried));
    const statedCountry = http.form.find(COUNTRY_FIELD);
    const statedCell = http.form.find(CELL_FIELD);
    const choice = decideHome(deps, carried, { statedCountry, statedCell });
    if (choice.next === 'settled') return goOn(deps, http, carried, choice);
    if (choice.next === 'ask-country') {
      return showRegion(deps, http, carried, { country: { key: 'error.choose-country' } });
    }
    // Who had the places before them already has chosen none.
    const isAskedAgain = http.form.find(PLACES_FIELD) !== undefined;
    if (!isAskedAgain) return goOn(deps, http, carried, choice);
    return showRegion(deps, http, carried, { cell: { key: 'error.choose-place' } });
  };
}

async function showRegion(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  errors?: RegionView['form']['errors'],
): Promise<HttpResponse> {
  const seal = await deps.forms.seal(http);
  const statedCountry = (http.method === 'POST' ? http.form : http.query).find(COUNTRY_FIELD);
  const question = askFor(deps, carried, statedCountry);
  const guessed = guessCountry(deps, [statedCountry, findApparentCountry(http)]);
  const hidden = {
    ...seal.hidden,
    ...hiddenRequest(carried),
    ...hiddenQuestion(question, statedCountry),
  };
  const view: RegionView = {
    page: 'sign-up-region',
    form: {
      action: '/sign-up/region',
      hidden,
      ...(question.by === 'country' && guessed !== undefined && { values: { country: guessed } }),
      ...(errors !== undefined && { errors }),
    },
    signInUrl: withRequest('/sign-in', carried),
    question,
  };
  const status = errors === undefined ? 200 : 400;
  return deps.pages.show(http, view, { status, visit: carried, cookies: seal.cookies });
}

/** By country; among places where a country decides nothing, or leads where the app is not offered. */
function askFor(
  deps: Interaction,
  carried: CarriedRequest,
  statedCountry: string | undefined,
): RegionQuestion {
  const { cells } = deps;
  const { cellCountries } = deps.settings;
  const regionOf = (name: string) => cells.find(name)?.region ?? name;
  const choice = decideHome(deps, carried, { statedCountry });
  if (choice.next === 'ask-cell') {
    const places = choice.offered.map((cell) => ({ cell, region: regionOf(cell) }));
    return {
      by: 'place',
      places,
      ...(choice.country !== undefined && { country: choice.country }),
      ...(cellCountries.size > 0 && { changeUrl: regionPage(carried) }),
    };
  }
  return {
    by: 'country',
    countries: [...cellCountries.keys()],
    regions: [...new Set(cellCountries.values())].map(regionOf),
    other: OTHER_COUNTRY,
  };
}

function guessCountry(
  { settings }: Interaction,
  codes: ReadonlyArray<string | undefined>,
): string | undefined {
  return codes.find((code) => code !== undefined && settings.cellCountries.has(code));
}

/** So that the same question is asked again. */
function hiddenQuestion(
  { by }: RegionQuestion,
  statedCountry: string | undefined,
): Readonly<Record<string, string>> {
  if (by === 'country') return {};
  return { [PLACES_FIELD]: '1', [COUNTRY_FIELD]: statedCountry ?? OTHER_COUNTRY };
}
