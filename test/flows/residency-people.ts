/** People whose every attribute tells where they are at home, and all that may befall them elsewhere. */
import { decodeJwt } from 'jose';
import { type Agent, createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  introspect,
  redeem,
  refresh,
  requireCode,
  requireText,
  revoke,
  userinfo,
} from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  changePassword,
  confirmByCode,
  decide,
  endOtherSession,
  endSession,
  newPerson,
  openLink,
  type Person,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from '../harness/journeys.ts';
import { type Marker, newMark } from '../harness/markers.ts';
import { requireAt, requireError, requireStatus } from './insisting.ts';
import { cellOf, identify, openSignUpAt, requireUrl } from './residents.ts';

/** A country, a browser and a date of birth that nobody of another cell has, in few words. */
const HOMES: Readonly<
  Record<string, { country: string; browser: string; label: string; birthdate: string }>
> = {
  eu: {
    ...{ country: 'DE', browser: 'Firefox/1 Linux', label: 'Firefox on Linux' },
    birthdate: '1971-02-03',
  },
  us: {
    ...{ country: 'US', browser: 'Edg/1 Windows', label: 'Edge on Windows' },
    birthdate: '1972-04-05',
  },
  ap: {
    ...{ country: 'AU', browser: 'SamsungBrowser/1 Android', label: 'Samsung Internet on Android' },
    birthdate: '1973-06-07',
  },
};

/** Everybody of one cell. */
export interface Population {
  readonly cell: string;
  readonly mark: string;
  readonly marker: Marker;
}

export function newPopulation(cell: string): Population {
  const mark = newMark();
  const { label, birthdate } = requireHome(cell);
  return { cell, mark, marker: { cell, values: [mark, label, birthdate] } };
}

export function requireHome(cell: string) {
  const home = HOMES[cell];
  if (home === undefined) throw new Error(`nobody is at home in ${cell}`);
  return home;
}

/** Their browser, from which every request tells of them. */
export function newBrowser(cloud: TestCloud, { cell, mark }: Population): Agent {
  const { country, browser } = requireHome(cell);
  const frontHeaders = {
    'cloudfront-viewer-country': country,
    'user-agent': `Mozilla/5.0 (${mark}) ${browser}`,
    'accept-language': `en-x-${mark}, en;q=0.5`,
  };
  const { issuer, cellUrls } = cloud;
  return createAgent({ issuer, cellUrls, frontHeaders });
}

export function newMarked({ mark }: Population): Person {
  const { email, password } = newPerson(mark);
  return { email, password: `${password} ${mark}` };
}

/** What an app says of whom it expects. */
export function wishOf({ mark }: Population, { email }: Person): Readonly<Record<string, string>> {
  return { state: `state-${mark}`, nonce: `nonce-${mark}`, login_hint: email };
}

export interface Traveller {
  readonly population: Population;
  readonly person: Person;
  readonly agent: Agent;
  readonly sub: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

/** Signs up from an app, entering through another cell; ends with tokens. */
export async function arrive(
  cloud: TestCloud,
  population: Population,
  { app, entry }: { readonly app: App; readonly entry: string },
): Promise<Traveller> {
  cloud.setEntry(entry);
  const [agent, person] = [newBrowser(cloud, population), newMarked(population)];
  const { attempt, answer } = await authorize(cloud, agent, app, wishOf(population, person));
  const form = await openLink(agent, answer, '/sign-up');
  requireCell(cloud, form.url, population.cell);
  const verify = await signUp(agent, form, person);
  requireAt(verify, '/verify');
  const asked = await confirmByCode(cloud, agent, verify, person);
  const code = requireCode(await decide(agent, asked, 'allow'));
  const through = { issuer: requireUrl(cloud, entry) };
  const tokens = await redeem(through, attempt, code);
  const idToken = requireText(tokens, 'id_token');
  return {
    ...{ population, person, agent, idToken },
    sub: String(decodeJwt(idToken).sub),
    accessToken: requireText(tokens, 'access_token'),
    refreshToken: requireText(tokens, 'refresh_token'),
  };
}

/** An app's calls, each through the other cells. */
export async function useTokens(
  cloud: TestCloud,
  { accessToken, refreshToken }: Traveller,
  { app, others }: { readonly app: App; readonly others: ReadonlyArray<string> },
): Promise<void> {
  let token = refreshToken;
  for (const cell of others) {
    const through = { issuer: requireUrl(cloud, cell) };
    requireStatus(await userinfo(through, accessToken), 200, 'userinfo');
    requireStatus(await introspect(through, app, accessToken), 200, 'introspection');
    requireStatus(await introspect(through, app, token), 200, 'introspection');
    token = requireText(await refresh(through, app, token), 'refresh_token');
    requireError(await refresh(through, app, `${token}x`), 'invalid_grant');
  }
}

/** Signs in anew by hand-over, after a wrong password. */
export async function returnByHandOver(
  cloud: TestCloud,
  { population, person }: Traveller,
  { app, entry }: { readonly app: App; readonly entry: string },
): Promise<Agent> {
  cloud.setEntry(entry);
  const agent = newBrowser(cloud, population);
  const { answer } = await authorize(cloud, agent, app, wishOf(population, person));
  requireCell(cloud, answer.url, entry);
  const refused = await signIn(agent, answer, { ...person, password: `wrong ${population.mark}` });
  requireStatus(refused, 400, 'a wrong password');
  requireCode(await agent.submit(refused, '/sign-in', { ...person }));
  return agent;
}

/** Types a password where it does not belong: the form of another cell, which does not know them. */
export async function mistakeTheCell(
  cloud: TestCloud,
  { population, person }: Traveller,
  entry: string,
): Promise<void> {
  const agent = newBrowser(cloud, population);
  const page = await agent.get(`${requireUrl(cloud, entry)}/sign-in?at=${entry}`);
  const home = await agent.submit(page, '/sign-in', { ...person });
  requireCell(cloud, home.url, population.cell);
  requireAt(await agent.submit(home, '/sign-in', { ...person }), '/account');
}

/** Recovers through another cell, then changes the password in the portal. */
export async function recover(
  cloud: TestCloud,
  { population, person }: Traveller,
  entry: string,
): Promise<Person> {
  cloud.setEntry(entry);
  const agent = newBrowser(cloud, population);
  const reset = await askRecovery(agent, person.email);
  requireCell(cloud, reset.url, population.cell);
  const renewed = { ...person, password: `${person.password}, renewed` };
  requireAt(await resetPassword(cloud, agent, reset, renewed), '/account');
  const changed = { ...person, password: `${person.password}, changed` };
  requireAt(await changePassword(agent, renewed.password, changed.password), '/account');
  requireAt(await endOtherSession(agent, 'others'), '/account');
  return changed;
}

/** Forgets that they have an account, and asks another cell for one; and for one more mail. */
export async function signUpElsewhere(
  cloud: TestCloud,
  { population, person }: Traveller,
  { app, entry }: { readonly app: App; readonly entry: string },
): Promise<void> {
  const agent = newBrowser(cloud, population);
  const request = await agent.get(attemptAuthorization(cloud, app, wishOf(population, person)).url);
  const query = new URL(request.url).search;
  const form = await openSignUpAt(cloud, agent, entry, query);
  requireCell(cloud, form.url, entry);
  const verify = await signUp(agent, form, person);
  requireAt(verify, '/verify');
  requireStatus(await agent.submit(verify, '/verify', { code: '000000' }), 400, 'a wrong code');
  await cloud.advance(31);
  requireAt(await agent.submit(verify, '/verify/resend'), '/verify');
}

/** Ends what is left: by the app's token, by the portal, and by the app's own sign-out. */
export async function leave(
  cloud: TestCloud,
  traveller: Traveller,
  { app, entry }: { readonly app: App; readonly entry: string },
): Promise<void> {
  const { accessToken, agent, idToken } = traveller;
  const through = { issuer: requireUrl(cloud, entry) };
  requireStatus(await revoke(through, app, accessToken), 200, 'revocation');
  cloud.setEntry(entry);
  await endSession(agent, app, idToken, { state: traveller.population.mark });
  const again = await returnByHandOver(cloud, traveller, { app, entry });
  await signOut(again);
}

/** At home, so that they are good for a while. */
export async function renewTokens(
  cloud: TestCloud,
  traveller: Traveller,
  app: App,
): Promise<Traveller> {
  const home = { issuer: requireUrl(cloud, traveller.population.cell) };
  const tokens = await refresh(home, app, traveller.refreshToken);
  const accessToken = requireText(tokens, 'access_token');
  return { ...traveller, accessToken, refreshToken: requireText(tokens, 'refresh_token') };
}

/** What becomes of a person and their app while their home is down. */
export async function findNobodyHome(
  cloud: TestCloud,
  { population, person, accessToken, refreshToken }: Traveller,
  { app, entry }: { readonly app: App; readonly entry: string },
): Promise<void> {
  const url = requireUrl(cloud, entry);
  const through = { issuer: url };
  requireStatus(await refresh(through, app, refreshToken), 503, 'tokens');
  requireStatus(await userinfo(through, accessToken), 503, 'userinfo');
  requireStatus(await introspect(through, app, accessToken), 503, 'introspection');
  requireStatus(await revoke(through, app, accessToken), 503, 'revocation');
  const agent = newBrowser(cloud, population);
  const away = await identify(agent, await agent.get(`${url}/sign-in`), person.email);
  requireStatus(away, 503, 'sign-in');
  const recovery = await agent.get(`${url}/recover`);
  requireStatus(await agent.submit(recovery, '/recover', { email: person.email }), 503, 'recovery');
  const form = await openSignUpAt(cloud, agent, entry);
  await agent.submit(form, '/sign-up', { ...person });
}

export function requireCell(cloud: TestCloud, url: string, cell: string): void {
  const found = cellOf(cloud, { url });
  if (found !== cell) throw new Error(`at ${found ?? 'the issuer'} (${url}) instead of ${cell}`);
}
