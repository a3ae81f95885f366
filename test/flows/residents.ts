import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { confirmByCode, newPerson, type Person, signUp } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

/** A person at home in a cell, with the browser that they signed up with. */
export interface Resident {
  readonly person: Person;
  readonly agent: Agent;
}

/** Signs up at the cell's own host, where its region has been chosen, to the account page. */
export async function createResident(
  cloud: TestCloud,
  cell: string,
  person: Person = newPerson(),
): Promise<Resident> {
  const agent = createAgent(cloud);
  const page = await openSignUpAt(cloud, agent, cell);
  const verify = await signUp(agent, page, person);
  requireAt(verify, '/verify');
  requireAt(await confirmByCode(cloud, agent, verify, person), '/account');
  await cloud.flushReplication();
  return { person, agent };
}

/** As `createResident`, of somebody whose sign-up is not the point. */
export async function plantResident(cloud: TestCloud, cell: string): Promise<Resident> {
  const planted = await plantSignedIn(cloud, cell);
  await cloud.flushReplication();
  return planted;
}

/** A country of each cell's, in the whole table of countries and in the tests' short one. */
const COUNTRY_OF: Readonly<Record<string, string>> = { eu: 'DE', us: 'US', ap: 'AU' };

/**
 * The sign-up page of that cell, as somebody sees it who calls from a country of its own; with the
 * query of a page that carries an app's request.
 */
export function openSignUpAt(
  cloud: TestCloud,
  agent: Agent,
  cell: string,
  query = '',
): Promise<Answer> {
  const headers = { 'cloudfront-viewer-country': COUNTRY_OF[cell] ?? '' };
  return agent.get(`${requireUrl(cloud, cell)}/sign-up${query}`, { headers });
}

function requireAt(answer: Answer, path: string): void {
  const { origin, pathname } = new URL(answer.url);
  if (pathname === path) return;
  const said = answer.document.querySelector('[role=alert], h1')?.text.trim();
  throw new Error(`not at ${path} but at ${origin}${pathname} (${answer.status}, "${said}")`);
}

/** A host of the deployment by the cell's name. Throws when there is no such cell. */
export function requireUrl(cloud: TestCloud, cell: string): string {
  const url = cloud.cellUrls[cell];
  if (url === undefined) throw new Error(`there is no cell ${cell}`);
  return url;
}

/** The cell at whose host an answer came; undefined at the issuer's. */
export function cellOf(cloud: TestCloud, answer: Pick<Answer, 'url'>): string | undefined {
  const { origin } = new URL(answer.url);
  return Object.entries(cloud.cellUrls).find(([, url]) => url === origin)?.[0];
}

/** Types the address where it alone is asked for. */
export function identify(agent: Agent, page: Answer, email: string): Promise<Answer> {
  return agent.submit(page, '/sign-in/identifier', { email });
}

export function asksPassword({ document }: Answer): boolean {
  return document.querySelector('input[name=password]') !== null;
}

export function typedAddress({ document }: Answer): string | undefined {
  return document.querySelector('input[name=email]')?.getAttribute('value');
}

export function headingOf({ document }: Answer): string | undefined {
  return document.querySelector('h1')?.text;
}
