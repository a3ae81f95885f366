import { decodeJwt } from 'jose';
import { createAgent } from '../harness/agent.ts';
import { registerApp, requireCode, requireText, revoke, userinfo } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  confirmByCode,
  createAccount,
  createSignedIn,
  newPerson,
  obtainTokens,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import type { Journey } from './every-journey.ts';
import { requireAt, requireStatus } from './insisting.ts';
import { cellOf } from './residents.ts';
import { machineToken, rest, tokenFor } from './rest.ts';

/** What there is to do with several cells alone; see `seenBy` for homes and entries. */
export const JOURNEYS_BETWEEN_CELLS: ReadonlyArray<Journey> = [
  { name: 'sign-up from nowhere, by choosing a country', run: signUpByCountry },
  { name: 'an ID token that leads home', run: followIdToken },
  { name: 'an access token revoked', run: revokeAccessToken },
  { name: 'a newcomer of whom no replica has heard', run: beUnheardOf },
  { name: 'rights of a newcomer of whom no replica has heard', run: haveRightsUnheardOf },
  { name: 'an address whose claim was given up', run: takeLapsedClaim },
  { name: 'an address that is known elsewhere', run: signUpElsewhere },
];

async function signUpByCountry(cloud: TestCloud): Promise<void> {
  const agent = createAgent({ issuer: cloud.issuer, cellUrls: cloud.cellUrls });
  const region = await agent.get('/sign-up');
  requireAt(region, '/sign-up/region');
  const form = await agent.submit(region, '/sign-up/region', { country: 'DE' });
  const person = newPerson();
  const page = await signUp(agent, form, person);
  requireAt(await confirmByCode(cloud, agent, page, person), '/account');
}

async function followIdToken(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent, person } = await createSignedIn(cloud);
  const idToken = requireText(await obtainTokens(cloud, agent, app), 'id_token');
  const browser = createAgent(cloud);
  const { answer } = await authorize(cloud, browser, app, { id_token_hint: idToken });
  requireCode(await signIn(browser, answer, person));
}

async function revokeAccessToken(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const token = requireText(await obtainTokens(cloud, agent, app), 'access_token');
  requireStatus(await revoke(cloud, app, token), 200, 'revocation');
  requireStatus(await userinfo(cloud, token), 401, 'a revoked token');
}

async function beUnheardOf(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  cloud.setReplication({ paused: true });
  try {
    const { agent } = await createSignedIn(cloud);
    const token = requireText(await obtainTokens(cloud, agent, app), 'access_token');
    requireText(await userinfo(cloud, token), 'email');
  } finally {
    cloud.setReplication({ paused: false });
    await cloud.flushReplication();
  }
}

async function haveRightsUnheardOf(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud, { scope: 'openid privacy consents' });
  const admin = await machineToken(cloud, 'admin');
  cloud.setReplication({ paused: true });
  try {
    const { agent } = await createSignedIn(cloud);
    const token = await tokenFor(cloud, agent, app);
    requireStatus(await rest(cloud, 'GET /v1/me/consents', { token }), 200, 'purposes');
    const { sub } = decodeJwt(token);
    const holds = `GET /v1/admin/privacy/people/${sub}/holds` as const;
    requireStatus(await rest(cloud, holds, { token: admin }), 200, 'holds');
  } finally {
    cloud.setReplication({ paused: false });
    await cloud.flushReplication();
  }
}

/** Somebody's request dies between claim and account; 15 minutes later the address is free. */
async function takeLapsedClaim(cloud: TestCloud): Promise<void> {
  const person = newPerson();
  for (const isCutOff of [true, false]) {
    const agent = createAgent(cloud);
    const page = await signUp(agent, await agent.get('/sign-up'), person);
    const region = cloud.regions[cellOf(cloud, page) ?? ''] ?? '';
    const operation = 'TransactWriteItems';
    if (isCutOff) cloud.fault({ service: 'dynamodb', operation, region, kind: 'crash-before' });
    const answer = await confirmByCode(cloud, agent, page, person);
    if (!isCutOff) return requireAt(answer, '/account');
    requireStatus(answer, 500, 'a request that died');
    cloud.clearFaults();
    await cloud.advance(900);
  }
}

/** The mail comes from home and leads there. */
async function signUpElsewhere(cloud: TestCloud): Promise<void> {
  const person = await createAccount(cloud, createAgent(cloud));
  await cloud.flushReplication();
  const agent = createAgent({ issuer: cloud.issuer, cellUrls: cloud.cellUrls });
  const region = await agent.get('/sign-up');
  for (const country of ['DE', 'US', 'AU']) {
    const form = await agent.submit(region, '/sign-up/region', { country });
    requireAt(await signUp(agent, form, person), '/verify');
    if (cloud.requireMail(person.email).codes.length > 0) throw new Error('a code was mailed');
  }
}
