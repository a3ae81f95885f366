import { type Agent, createAgent } from '../harness/agent.ts';
import { redeem, refresh, registerApp, requireCode, requireText } from '../harness/apps.ts';
import type { TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  changePassword,
  confirmByCode,
  confirmByLink,
  createAccount,
  createSignedIn,
  endOtherSession,
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
import { requireAt, requireError, requireStatus } from './insisting.ts';

export async function signUpOnTheWay(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const agent = createAgent(cloud);
  const person = newPerson();
  const { attempt, answer } = await authorize(cloud, agent, app);
  const page = await signUp(agent, await openSignUp(agent, answer), person);
  const code = requireCode(await confirmByCode(cloud, agent, page, person));
  requireText(await redeem(cloud, attempt, code), 'id_token');
}

export async function signUpByLink(cloud: TestCloud): Promise<void> {
  const person = newPerson();
  const first = createAgent(cloud);
  requireAt(await signUp(first, await first.get('/sign-up'), person), '/verify');
  requireAt(await confirmByLink(cloud, createAgent(cloud), person), '/account');
}

export async function signUpAgain(cloud: TestCloud): Promise<void> {
  const person = await createAccount(cloud, createAgent(cloud));
  const agent = createAgent(cloud);
  requireAt(await signUp(agent, await agent.get('/sign-up'), person), '/verify');
  if (cloud.requireMail(person.email).codes.length > 0) throw new Error('a code was mailed');
}

export async function askForAnotherCode(cloud: TestCloud): Promise<void> {
  const person = newPerson();
  const agent = createAgent(cloud);
  const page = await signUp(agent, await agent.get('/sign-up'), person);
  await cloud.advance(31);
  const resent = await agent.submit(page, '/verify/resend');
  requireAt(await confirmByCode(cloud, agent, resent, person), '/account');
}

export async function signInAfterMistake(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const person = await createAccount(cloud, createAgent(cloud));
  const agent = createAgent(cloud);
  const { answer } = await authorize(cloud, agent, app);
  const refused = await signIn(agent, answer, { ...person, password: 'not my password' });
  requireStatus(refused, 400, 'wrong password');
  requireCode(await signIn(agent, refused, person));
}

export async function recoverByCode(cloud: TestCloud): Promise<void> {
  const { agent: elsewhere, person } = await createSignedIn(cloud);
  const agent = createAgent(cloud);
  const asked = await askRecovery(agent, person.email);
  await cloud.advance(31);
  const page = await agent.submit(asked, '/recover/resend');
  const renewed = { ...person, password: `${person.password}, renewed` };
  requireAt(await resetPassword(cloud, agent, page, renewed), '/account');
  await requireToldOfChange(cloud, person);
  requireAt(await elsewhere.get('/account'), '/sign-in');
}

export async function recoverByLink(cloud: TestCloud): Promise<void> {
  const { person } = await createSignedIn(cloud);
  await askRecovery(createAgent(cloud), person.email);
  const agent = createAgent(cloud);
  const page = await agent.get(await readLink(cloud, person.email, '/recover/reset'));
  const password = `${person.password}, renewed`;
  requireAt(await agent.submit(page, '/recover/reset', { password }), '/account');
}

async function requireToldOfChange(cloud: TestCloud, { email }: Person): Promise<void> {
  const { codes, subject } = cloud.requireMail(email);
  if (codes.length > 0) throw new Error(`nobody was told; the newest mail is "${subject}"`);
}

export async function changePasswordInPortal(cloud: TestCloud): Promise<void> {
  const { agent, person } = await createSignedIn(cloud);
  const other = await signedInElsewhere(cloud, person);
  const changed = await changePassword(agent, person.password, `${person.password}, renewed`);
  requireAt(changed, '/account');
  await requireToldOfChange(cloud, person);
  requireAt(await other.get('/account'), '/sign-in');
}

async function signedInElsewhere(cloud: TestCloud, person: Person): Promise<Agent> {
  const agent = createAgent(cloud);
  requireAt(await signIn(agent, await agent.get('/sign-in'), person), '/account');
  return agent;
}

export async function endOtherSessions(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent, person } = await createSignedIn(cloud);
  const other = await signedInElsewhere(cloud, person);
  const perishable = { ...app, scope: 'openid' };
  const tokens = await obtainTokens(cloud, other, perishable);
  requireAt(await endOtherSession(agent, 'others'), '/account');
  requireAt(await other.get('/account'), '/sign-in');
  requireError(await refresh(cloud, app, requireText(tokens, 'refresh_token')), 'invalid_grant');
}

export async function signOutInPortal(cloud: TestCloud): Promise<void> {
  const { agent } = await createSignedIn(cloud);
  requireStatus(await signOut(agent), 200, 'sign-out');
  requireAt(await agent.get('/'), '/sign-in');
}
