/** What people of one cell ask of their own data through another, and what operators do with it. */
import { decodeJwt } from 'jose';
import * as z from 'zod';
import { registerApp } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { confirmByCode, signIn, signUp } from '../harness/journeys.ts';
import { askForErasure, runTo } from './erasure-asking.ts';
import { acknowledgementsOf, type ExportView, linkTo } from './exports.ts';
import { requireAt, requireStatus } from './insisting.ts';
import { choose } from './journeys-of-choices.ts';
import { newBrowser, newMarked, type Population, requireHome } from './residency-people.ts';
import { openSignUpAt } from './residents.ts';
import { machineToken, type RestPerson, rest, tokenFor } from './rest.ts';

/** Somebody who exercises every right. */
export interface Subject extends RestPerson {
  readonly population: Population;
}

/** Chooses and exports: all of it asked for at another cell than the home. */
export async function exerciseRights(
  among: TestCloud,
  population: Population,
  entry: string,
): Promise<Subject> {
  const cloud = knowingClients(among);
  const subject = await becomeSubject(cloud, population, entry);
  const { birthdate, country } = requireHome(population.cell);
  const told = { birthdate, country };
  await choose(cloud, subject, { purposeId: 'product-news', state: 'granted' });
  await choose(cloud, subject, {
    purposeId: 'personalised-advertising',
    state: 'granted',
    ...told,
  });
  await lookUp(cloud, subject, population);
  await download(cloud, subject, population);
  return { ...subject, population };
}

/** Every cell knows a client as soon as it is registered. */
function knowingClients(cloud: TestCloud): TestCloud {
  return {
    ...cloud,
    registerClient: async (metadata) => {
      const client = await cloud.registerClient(metadata);
      await cloud.flushReplication();
      return client;
    },
  };
}

async function becomeSubject(
  cloud: TestCloud,
  population: Population,
  entry: string,
): Promise<RestPerson> {
  const app = await registerApp(cloud, { scope: 'openid privacy consents' });
  const [agent, person] = [newBrowser(cloud, population), newMarked(population)];
  const page = await openSignUpAt(cloud, agent, population.cell);
  const verify = await signUp(agent, page, person);
  requireAt(await confirmByCode(cloud, agent, verify, person), '/account');
  await cloud.flushReplication();
  cloud.setEntry(entry);
  const token = await tokenFor(cloud, agent, app);
  return { agent, person, app, token, sub: String(decodeJwt(token).sub) };
}

/** By an operator, who puts more into words than they should. */
async function lookUp(
  cloud: TestCloud,
  { person, sub }: RestPerson,
  { mark }: Population,
): Promise<void> {
  const token = await machineToken(cloud, 'admin');
  const body = { email: person.email, reason: `letter-${mark}` };
  const found = await rest(cloud, 'POST /v1/admin/privacy/people', { token, body });
  requireStatus(found, 200, 'a look-up');
  if (found.json['sub'] !== sub) throw new Error('somebody else was found');
}

async function download(
  cloud: TestCloud,
  { person, token }: RestPerson,
  population: Population,
): Promise<void> {
  const body = { withCredentials: true };
  const asked = await rest<ExportView>(cloud, 'POST /v1/me/export', { token, body });
  requireStatus(asked, 202, 'an export');
  const { requestId } = asked.json;
  await cloud.advance(3);
  for (const acknowledgement of acknowledgementsOf(cloud, requestId)) {
    await acknowledge(cloud, acknowledgement, { campaigns: [population.mark] });
  }
  await cloud.advance(1);
  const link = linkTo(cloud, person.email);
  const agent = newBrowser(cloud, population);
  const page = await signIn(agent, await agent.get(link), person);
  requireAt(page, new URL(link).pathname);
  const { leadsTo } = await agent.get(`${page.url}/export.json`, { follow: false });
  const file = await fetch(leadsTo ?? cloud.issuer);
  requireStatus(file, 200, 'the file');
  if (!(await file.text()).includes(population.mark)) throw new Error('the file has nothing');
}

async function acknowledge(cloud: TestCloud, acknowledgement: string, data?: object) {
  const body = { acknowledgement, ...(data !== undefined && { data }) };
  const route = 'POST /v1/privacy/acknowledgements';
  requireStatus(await rest(cloud, route, { body }), 200, 'what a processor says');
}

/** Held for a while, told to processors, restored and certified: asked for through another cell. */
export async function erase(among: TestCloud, gone: Subject, entry: string): Promise<void> {
  const cloud = knowingClients(among);
  cloud.setEntry(entry);
  const { cell, mark } = gone.population;
  const subject = await signInFresh(cloud, gone);
  const holds = `/v1/admin/privacy/people/${subject.sub}/holds` as const;
  const call = {
    token: await machineToken(cloud, 'admin'),
    body: { reason: `lawsuit-${mark}` },
  };
  const placed = await rest(cloud, `POST ${holds}`, call);
  requireStatus(placed, 201, 'a hold');
  const { requestId } = await askForErasure(cloud, subject);
  await runTo(cloud, requestId, 'WaitHold');
  const token = await machineToken(cloud, 'admin');
  const hold = `${holds}/${String(placed.json['holdId'])}` as const;
  // The reason of a hold is under the person's key; that of its release stands in the audit trail.
  const release = { body: { reason: `letter-${mark}` }, token };
  requireStatus(await rest(cloud, `DELETE ${hold}`, release), 204, 'a release');
  await runTo(cloud, requestId, 'WaitCodes');
  await runTo(cloud, requestId, 'TellProcessors');
  await cloud.advance(1);
  for (const table of ['data', 'keys', 'records'] as const) {
    await cloud.restore({ table, cell, secondsAgo: 3600 });
  }
  for (const word of wordsOf(cloud, requestId)) await acknowledge(cloud, word);
  await runTo(cloud, requestId, 'WaitQuarantine');
  const { links } = cloud.requireMail(subject.person.email);
  const certificate = links.find((link) => link.includes('/certificates/'));
  const { pathname } = new URL(certificate ?? cloud.issuer);
  requireStatus(await fetch(new URL(pathname, cloud.issuer)), 200, 'a certificate');
}

/** Who asks for an erasure has just signed in. */
async function signInFresh(cloud: TestCloud, subject: Subject): Promise<RestPerson> {
  const agent = newBrowser(cloud, subject.population);
  await signIn(agent, await agent.get('/sign-in'), subject.person);
  return { ...subject, agent, token: await tokenFor(cloud, agent, subject.app) };
}

const Told = z.object({ requestId: z.string(), acknowledgement: z.string() });

function wordsOf(cloud: TestCloud, requestId: string): ReadonlyArray<string> {
  return cloud
    .events()
    .filter(({ detailType }) => detailType === 'ErasureRequested')
    .map(({ detail }) => Told.parse(detail))
    .filter((told) => told.requestId === requestId)
    .map(({ acknowledgement }) => acknowledgement);
}
