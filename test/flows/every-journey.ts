import { z } from 'zod';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  findCallback,
  type JsonAnswer,
  redeem,
  refresh,
  registerApp,
  registerMachine,
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
  confirmByLink,
  createAccount,
  createSignedIn,
  decide,
  endOtherSession,
  endSession,
  newPerson,
  obtainTokens,
  openSignUp,
  type Person,
  readLink,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from '../harness/journeys.ts';
import { pathOf } from './answers.ts';
import { assertionGrant } from './assertion-grant.ts';

/** Something that people, apps or operators do; throws unless it succeeds to its end. */
export interface Journey {
  readonly name: string;
  run(cloud: TestCloud): Promise<void>;
}

/** Everything that the product is for: each on its own, from a client's registration on. */
export const EVERY_JOURNEY: ReadonlyArray<Journey> = [
  { name: 'an app reads the keys', run: readKeys },
  { name: 'sign-up by code on the way to an app', run: signUpOnTheWay },
  { name: 'sign-up by link in another browser', run: signUpByLink },
  { name: 'sign-up with a known address', run: signUpAgain },
  { name: 'a second code', run: askForAnotherCode },
  { name: 'sign-in after a wrong password', run: signInAfterMistake },
  { name: 'tokens, profile, refresh and revocation', run: useTokens },
  { name: 'sign-in without asking, for an app that hints at the person', run: singleSignOn },
  { name: 'consent for a foreign app', run: consentOnce },
  { name: 'recovery by code', run: recoverByCode },
  { name: 'recovery by link', run: recoverByLink },
  { name: 'another password in the portal', run: changePasswordInPortal },
  { name: 'another session ended in the portal', run: endOtherSessions },
  { name: 'sign-out in the portal', run: signOutInPortal },
  { name: 'sign-out by the app', run: signOutByApp },
  { name: 'a machine with a secret', run: actAsMachine },
  { name: 'a machine with a key', run: assertionGrant },
  { name: 'an operator manages a client', run: manageClient },
];

function requireStatus(answer: Pick<Answer, 'status'>, status: number, what: string): void {
  if (answer.status !== status) throw new Error(`${what}: status ${answer.status}`);
}

function requireAt(answer: Answer, path: string): void {
  requireStatus(answer, 200, `on the way to ${path}`);
  if (pathOf(answer) !== path) throw new Error(`at ${pathOf(answer)} instead of ${path}`);
}

function requireError({ json }: JsonAnswer, error: string): void {
  if (json['error'] !== error) throw new Error(`${json['error']} instead of ${error}`);
}

async function readKeys(cloud: TestCloud): Promise<void> {
  const agent = createAgent(cloud.issuer);
  for (const path of ['openid-configuration', 'oauth-authorization-server']) {
    requireStatus(await agent.get(`/.well-known/${path}`), 200, path);
  }
  requireStatus(await agent.get('/oauth2/jwks'), 200, 'keys');
  requireStatus(await agent.get('/health'), 200, 'health');
}

async function signUpOnTheWay(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const agent = createAgent(cloud.issuer);
  const person = newPerson();
  const { attempt, answer } = await authorize(cloud, agent, app);
  const page = await signUp(agent, await openSignUp(agent, answer), person);
  const code = requireCode(await confirmByCode(cloud, agent, page, person));
  requireText(await redeem(cloud, attempt, code), 'id_token');
}

async function signUpByLink(cloud: TestCloud): Promise<void> {
  const person = newPerson();
  const first = createAgent(cloud.issuer);
  requireAt(await signUp(first, await first.get('/sign-up'), person), '/verify');
  requireAt(await confirmByLink(cloud, createAgent(cloud.issuer), person), '/account');
}

async function signUpAgain(cloud: TestCloud): Promise<void> {
  const person = await createAccount(cloud, createAgent(cloud.issuer));
  const agent = createAgent(cloud.issuer);
  requireAt(await signUp(agent, await agent.get('/sign-up'), person), '/verify');
  if (cloud.requireMail(person.email).codes.length > 0) throw new Error('a code was mailed');
}

async function askForAnotherCode(cloud: TestCloud): Promise<void> {
  const person = newPerson();
  const agent = createAgent(cloud.issuer);
  const page = await signUp(agent, await agent.get('/sign-up'), person);
  await cloud.advance(31);
  const resent = await agent.submit(page, '/verify/resend');
  requireAt(await confirmByCode(cloud, agent, resent, person), '/account');
}

async function signInAfterMistake(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const person = await createAccount(cloud, createAgent(cloud.issuer));
  const agent = createAgent(cloud.issuer);
  const { answer } = await authorize(cloud, agent, app);
  const refused = await signIn(agent, answer, { ...person, password: 'not my password' });
  requireStatus(refused, 400, 'wrong password');
  requireCode(await signIn(agent, refused, person));
}

async function useTokens(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent, person } = await createSignedIn(cloud);
  const tokens = await obtainTokens(cloud, agent, app);
  const profile = await userinfo(cloud, requireText(tokens, 'access_token'));
  if (requireText(profile, 'email') !== person.email) throw new Error('another address');
  const rotated = await refresh(cloud, app, requireText(tokens, 'refresh_token'));
  const current = requireText(rotated, 'refresh_token');
  requireStatus(await revoke(cloud, app, current), 200, 'revocation');
  requireError(await refresh(cloud, app, current), 'invalid_grant');
}

async function singleSignOn(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const idToken = requireText(await obtainTokens(cloud, agent, app), 'id_token');
  const hint = { id_token_hint: idToken, prompt: 'none' };
  requireCode((await authorize(cloud, agent, app, hint)).answer);
}

async function consentOnce(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud, { metadata: { domicile_first_party: false } });
  const { agent } = await createSignedIn(cloud);
  const { answer } = await authorize(cloud, agent, app);
  requireCode(await decide(agent, answer, 'allow'));
  requireCode((await authorize(cloud, agent, app)).answer);
}

async function recoverByCode(cloud: TestCloud): Promise<void> {
  const { agent: elsewhere, person } = await createSignedIn(cloud);
  const agent = createAgent(cloud.issuer);
  const asked = await askRecovery(agent, person.email);
  await cloud.advance(31);
  const page = await agent.submit(asked, '/recover/resend');
  const renewed = { ...person, password: `${person.password}, renewed` };
  requireAt(await resetPassword(cloud, agent, page, renewed), '/account');
  await requireToldOfChange(cloud, person);
  requireAt(await elsewhere.get('/account'), '/sign-in');
}

async function recoverByLink(cloud: TestCloud): Promise<void> {
  const { person } = await createSignedIn(cloud);
  await askRecovery(createAgent(cloud.issuer), person.email);
  const agent = createAgent(cloud.issuer);
  const page = await agent.get(await readLink(cloud, person.email, '/recover/reset'));
  const password = `${person.password}, renewed`;
  requireAt(await agent.submit(page, '/recover/reset', { password }), '/account');
}

async function requireToldOfChange(cloud: TestCloud, { email }: Person): Promise<void> {
  const { codes, subject } = cloud.requireMail(email);
  if (codes.length > 0) throw new Error(`nobody was told; the newest mail is "${subject}"`);
}

async function changePasswordInPortal(cloud: TestCloud): Promise<void> {
  const { agent, person } = await createSignedIn(cloud);
  const other = await signedInElsewhere(cloud, person);
  const changed = await changePassword(agent, person.password, `${person.password}, renewed`);
  requireAt(changed, '/account');
  await requireToldOfChange(cloud, person);
  requireAt(await other.get('/account'), '/sign-in');
}

async function signedInElsewhere(cloud: TestCloud, person: Person): Promise<Agent> {
  const agent = createAgent(cloud.issuer);
  requireAt(await signIn(agent, await agent.get('/sign-in'), person), '/account');
  return agent;
}

async function endOtherSessions(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent, person } = await createSignedIn(cloud);
  const other = await signedInElsewhere(cloud, person);
  const perishable = { ...app, scope: 'openid' };
  const tokens = await obtainTokens(cloud, other, perishable);
  requireAt(await endOtherSession(agent, 'others'), '/account');
  requireAt(await other.get('/account'), '/sign-in');
  requireError(await refresh(cloud, app, requireText(tokens, 'refresh_token')), 'invalid_grant');
}

async function signOutInPortal(cloud: TestCloud): Promise<void> {
  const { agent } = await createSignedIn(cloud);
  requireStatus(await signOut(agent), 200, 'sign-out');
  requireAt(await agent.get('/'), '/sign-in');
}

async function signOutByApp(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const tokens = await obtainTokens(cloud, agent, { ...app, scope: 'openid' });
  const left = await endSession(agent, app, requireText(tokens, 'id_token'));
  if (left.leadsTo?.href !== app.postLogoutRedirectUri) throw new Error('not back at the app');
  requireError(await refresh(cloud, app, requireText(tokens, 'refresh_token')), 'invalid_grant');
  const { answer } = await authorize(cloud, agent, app, { prompt: 'none' });
  if (findCallback(answer)?.error !== 'login_required') throw new Error('still signed in');
}

async function actAsMachine(cloud: TestCloud): Promise<void> {
  requireText(await clientCredentials(cloud, await registerMachine(cloud)), 'access_token');
}

const AdminAnswer = z.object({ ok: z.literal(true), result: z.looseObject({}) });

async function manageClient(cloud: TestCloud): Promise<void> {
  const admin = cloud.cloud.infrastructure.functions.requireByName('domicile-admin');
  const operate = async (operation: string, input: object) => {
    const { payload } = await admin.invoke(JSON.stringify({ operation, input }));
    return AdminAnswer.parse(JSON.parse(payload)).result;
  };
  const machine: App = await registerMachine(cloud);
  const input = { client_id: machine.clientId };
  await operate('client.list', {});
  await operate('client.show', input);
  await operate('client.update', { ...input, client_name: 'A weekly job' });
  const { client_secret: clientSecret } = await operate('client.rotate-secret', input);
  const renewed = { ...machine, clientSecret: String(clientSecret) };
  requireText(await clientCredentials(cloud, renewed), 'access_token');
  await operate('client.delete', input);
}
