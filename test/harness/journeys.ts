import { randomBytes } from 'node:crypto';
import { type Agent, type Answer, createAgent } from './agent.ts';
import {
  type App,
  type AuthorizationAttempt,
  attemptAuthorization,
  type JourneyCloud,
  type JsonAnswer,
  redeem,
  requireCode,
} from './apps.ts';

/** Somebody with a mailbox and a password of their own. */
export interface Person {
  readonly email: string;
  readonly password: string;
}

/** A person whom no cloud knows yet. */
export function newPerson(name = 'ada'): Person {
  const mark = randomBytes(6).toString('hex');
  return { email: `${name}.${mark}@example.com`, password: `a quiet lake ${mark}` };
}

/** An app's request and where it has brought the browser: a page, or back to the app. */
export interface Arrival {
  readonly attempt: AuthorizationAttempt;
  readonly answer: Answer;
}

export async function authorize(
  cloud: JourneyCloud,
  agent: Agent,
  app: App,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Arrival> {
  const attempt = attemptAuthorization(cloud, app, parameters);
  return { attempt, answer: await agent.get(attempt.url) };
}

/**
 * Types e-mail and password at the sign-in page; with several cells, the e-mail alone first where
 * nobody knows yet whose page to show.
 */
export async function signIn(agent: Agent, page: Answer, person: Person): Promise<Answer> {
  const { email, password } = person;
  const isAddressFirst =
    page.document.querySelector('form[action^="/sign-in/identifier"]') !== null;
  const home = isAddressFirst ? await agent.submit(page, '/sign-in/identifier', { email }) : page;
  return agent.submit(home, '/sign-in', { email, password });
}

/** From the sign-in page to the sign-up page. */
export function openSignUp(agent: Agent, signInPage: Answer): Promise<Answer> {
  return openLink(agent, signInPage, '/sign-up');
}

/** Fills in the sign-up page; answers with the page that asks for the mailed code. */
export function signUp(agent: Agent, page: Answer, person: Person): Promise<Answer> {
  const { email, password } = person;
  return agent.submit(page, '/sign-up', { email, password, terms: 'accepted' });
}

/** A browser that has posted the sign-up form and stands before the code. */
export async function beginSignUp(
  cloud: JourneyCloud,
  person: Person = newPerson(),
): Promise<{ readonly person: Person; readonly agent: Agent; readonly page: Answer }> {
  const agent = createAgent(cloud);
  return { person, agent, page: await signUp(agent, await agent.get('/sign-up'), person) };
}

/** The six digits of the newest mail to that address. Throws when there is none. */
export async function readCode(cloud: JourneyCloud, email: string): Promise<string> {
  const [mail] = await cloud.inbox(email);
  const [code] = mail?.codes ?? [];
  if (code === undefined) throw new Error(`no code was mailed; newest: ${mail?.subject}`);
  return code;
}

/** The newest mail's link to that path. Throws when there is none. */
export async function readLink(cloud: JourneyCloud, email: string, path: string): Promise<string> {
  const [mail] = await cloud.inbox(email);
  const link = mail?.links.find((candidate) => new URL(candidate).pathname === path);
  if (link === undefined) throw new Error(`no link to ${path} was mailed: ${mail?.subject}`);
  return link;
}

/** Types the mailed code; answers with where the browser wanted to go. */
export async function confirmByCode(
  cloud: JourneyCloud,
  agent: Agent,
  page: Answer,
  person: Person,
): Promise<Answer> {
  return agent.submit(page, '/verify', { code: await readCode(cloud, person.email) });
}

/** Opens the mailed link and confirms; `password` is asked for in another browser. */
export async function confirmByLink(
  cloud: JourneyCloud,
  agent: Agent,
  person: Person,
): Promise<Answer> {
  const page = await agent.get(await readLink(cloud, person.email, '/verify'));
  const asksPassword = page.document.querySelector('input[name=password]') !== null;
  return agent.submit(page, '/verify', asksPassword ? { password: person.password } : {});
}

/** Sign-up to the end: the agent has a session of the new person's. */
export async function createAccount(
  cloud: JourneyCloud,
  agent: Agent,
  person: Person = newPerson(),
): Promise<Person> {
  const verifyPage = await signUp(agent, await agent.get('/sign-up'), person);
  requireAt(verifyPage, '/verify');
  const confirmed = await confirmByCode(cloud, agent, verifyPage, person);
  requireAt(confirmed, '/account');
  return person;
}

/** A person with an account who is signed in, with the browser that they used. */
export async function createSignedIn(
  cloud: JourneyCloud,
): Promise<{ person: Person; agent: Agent }> {
  const agent = createAgent(cloud);
  return { person: await createAccount(cloud, agent), agent };
}

/** A fresh code for a person who is signed in. */
export async function obtainCode(
  cloud: JourneyCloud,
  agent: Agent,
  app: App,
  parameters: Readonly<Record<string, string>> = {},
): Promise<{ attempt: AuthorizationAttempt; code: string }> {
  const { attempt, answer } = await authorize(cloud, agent, app, parameters);
  return { attempt, code: requireCode(answer) };
}

/** Tokens for a person who is signed in. */
export async function obtainTokens(
  cloud: JourneyCloud,
  agent: Agent,
  app: App,
): Promise<JsonAnswer> {
  const { attempt, code } = await obtainCode(cloud, agent, app);
  return redeem(cloud, attempt, code);
}

/** Allows or denies at the consent page. */
export function decide(agent: Agent, page: Answer, decision: 'allow' | 'deny'): Promise<Answer> {
  return agent.submit(page, '/consent', { decision });
}

/** Asks for the recovery mail; answers with the page that takes code and new password. */
export async function askRecovery(agent: Agent, email: string): Promise<Answer> {
  const page = await agent.get('/recover');
  const asked = await agent.submit(page, '/recover', { email });
  const isHandedOver = new URL(asked.url).origin !== new URL(page.url).origin;
  // The home cell's page, with the address typed already.
  return isHandedOver ? agent.submit(asked, '/recover', { email }) : asked;
}

/** Types the mailed code and a new password. */
export async function resetPassword(
  cloud: JourneyCloud,
  agent: Agent,
  page: Answer,
  { email, password }: Person,
): Promise<Answer> {
  const code = await readCode(cloud, email);
  return agent.submit(page, '/recover/reset', { code, password });
}

/** In the account portal, for a person who is signed in. */
export async function changePassword(
  agent: Agent,
  current: string,
  password: string,
): Promise<Answer> {
  const page = await agent.get('/account/password');
  return agent.submit(page, '/account/password', { current, password });
}

/** Ends one of the person's other sessions, or all `others`. */
export async function endOtherSession(agent: Agent, session: string): Promise<Answer> {
  return agent.submit(await agent.get('/account'), '/account/sessions/revoke', { session });
}

/** By the button of the account portal. */
export async function signOut(agent: Agent): Promise<Answer> {
  return agent.submit(await agent.get('/account'), '/account/sign-out');
}

/** RP-Initiated Logout 1.0 §2, as an app starts it. */
export function endSession(
  agent: Agent,
  app: App,
  idToken: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const query = new URLSearchParams({
    id_token_hint: idToken,
    post_logout_redirect_uri: app.postLogoutRedirectUri,
    ...parameters,
  });
  return agent.get(`/oauth2/logout?${query.toString()}`);
}

/** Throws unless the browser stands at that path of the issuer, telling what it sees instead. */
function requireAt(answer: Answer, path: string): void {
  const { pathname } = new URL(answer.url);
  if (pathname === path) return;
  const said = answer.document.querySelector('[role=alert], h1')?.text.trim();
  throw new Error(`not at ${path} but at ${pathname} (status ${answer.status}, "${said}")`);
}

/** Follows the page's link to a path of the issuer. */
export function openLink(agent: Agent, page: Answer, path: string): Promise<Answer> {
  const link = page.document
    .querySelectorAll('a')
    .map((anchor) => new URL(anchor.getAttribute('href') ?? '', page.url))
    .find(({ pathname }) => pathname === path);
  if (link === undefined) throw new Error(`no link to ${path} at ${new URL(page.url).pathname}`);
  return agent.get(link);
}
