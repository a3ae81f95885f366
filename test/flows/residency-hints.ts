/** Apps that say whom they expect, where that person is not at home. */

import { readRequestUri } from '../../functions/core/pushed-request.ts';
import type { Agent } from '../harness/agent.ts';
import { type App, attemptAuthorization, pushRequest, requireCode } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { authorize, confirmByCode, decide, signUp } from '../harness/journeys.ts';
import { requireAt } from './insisting.ts';
import {
  newBrowser,
  newMarked,
  type Population,
  type Traveller,
  wishOf,
} from './residency-people.ts';
import { openSignUpAt, requireUrl } from './residents.ts';

/**
 * The app expects somebody of another cell, but who is there is a resident: they sign up with an
 * address of their own, and forget their password the next time.
 */
export async function comeInstead(
  cloud: TestCloud,
  expected: Traveller,
  resident: Population,
  app: App,
): Promise<void> {
  const person = newMarked(resident);
  const wish = { ...wishOf(resident, person), login_hint: expected.person.email };
  cloud.setEntry(resident.cell);
  const agent = newBrowser(cloud, resident);
  const { answer } = await authorize(cloud, agent, app, wish);
  const form = await openSignUpAt(cloud, agent, resident.cell, new URL(answer.url).search);
  const verify = await signUp(agent, form, person);
  requireAt(verify, '/verify');
  requireCode(await decide(agent, await confirmByCode(cloud, agent, verify, person), 'allow'));

  const next = newBrowser(cloud, resident);
  const { url } = (await authorize(cloud, next, app, wish)).answer;
  const recovery = await next.get(new URL(`/recover${new URL(url).search}`, url));
  requireAt(await next.submit(recovery, '/recover', { email: person.email }), '/recover/reset');
}

/**
 * A request that names them twice is pushed to a cell, and they come to the issuer with it. Answers
 * with its reference. What the app chooses itself tells of them where they are at home alone.
 */
export async function returnByPushedRequest(
  cloud: TestCloud,
  { population, person, idToken }: Traveller,
  agent: Agent,
  { app, at }: { readonly app: App; readonly at: string },
): Promise<string> {
  const { login_hint = '', ...chosen } = wishOf(population, person);
  const hints = { login_hint, id_token_hint: idToken };
  const attempt = attemptAuthorization(cloud, app, {
    ...hints,
    ...(at === population.cell && chosen),
  });
  const pushed = await pushRequest({ issuer: requireUrl(cloud, at) }, attempt);
  requireCode(await agent.get(new URL(pushed.search, new URL(pushed.pathname, cloud.issuer))));
  const requestUri = pushed.searchParams.get('request_uri') ?? '';
  const reference = readRequestUri(requestUri)?.reference;
  if (reference === undefined) throw new Error(`${requestUri} is no pushed request`);
  return reference;
}
