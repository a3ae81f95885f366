/** A log line of a security event says whom it was about, by opaque ids and never by address. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { type App, refresh, registerApp, requireText, revoke } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  changePassword,
  createSignedIn,
  endOtherSession,
  obtainTokens,
  type Person,
  resetPassword,
  signIn,
  signOut,
} from '../harness/journeys.ts';

interface Line {
  readonly route?: string;
  readonly clientId?: string;
  readonly sub?: string;
  readonly events?: ReadonlyArray<string>;
}

const NEW_PASSWORD = 'another lake, at dusk 77';

let cloud: TestCloud;
let app: App;
let person: Person;
let agent: Agent;
let sub: string;
let refreshToken: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
  ({ person, agent } = await createSignedIn(cloud));
  const tokens = await obtainTokens(cloud, agent, app);
  refreshToken = requireText(tokens, 'refresh_token');
  sub = String(decodeJwt(requireText(tokens, 'id_token')).sub);
});
afterAll(() => cloud?.close());

/** The newest line about a request of this route. */
function lineOf(route: string): Line {
  const lines = cloud.logs().map(({ message }) => message as Line);
  const line = lines.find((candidate) => candidate.route === route);
  if (line === undefined) throw new Error(`nothing was logged about ${route}`);
  return line;
}

test('a new account, and the tokens of its first sign-in', () => {
  expect(lineOf('POST /verify')).toMatchObject({ sub, events: ['SignUpCompleted'] });
  expect(lineOf('GET /oauth2/authorize')).toMatchObject({ sub, clientId: app.clientId });
  expect(lineOf('POST /oauth2/token')).toMatchObject({ sub, clientId: app.clientId });
});

test('a refresh, refused or not', async () => {
  const next = requireText(await refresh(cloud, app, refreshToken), 'refresh_token');
  expect(lineOf('POST /oauth2/token')).toMatchObject({ sub, clientId: app.clientId });
  await cloud.advance(3600);
  expect((await refresh(cloud, app, refreshToken)).status).toBe(400);
  const reused = { code: 'invalid_grant' };
  const line = { sub, clientId: app.clientId, failure: reused };
  expect(lineOf('POST /oauth2/token')).toMatchObject(line);
  await revoke(cloud, app, next);
  expect(lineOf('POST /oauth2/revoke')).toMatchObject({ sub, clientId: app.clientId });
});

test('a sign-in for an app, and one that failed', async () => {
  const browser = createAgent(cloud.issuer);
  const { answer } = await authorize(cloud, browser, app);
  await signIn(browser, answer, { ...person, password: 'wrong' });
  expect(lineOf('POST /sign-in')).toMatchObject({ sub, events: ['SignInFailed'] });
  await signIn(browser, answer, person);
  const about = { sub, clientId: app.clientId };
  expect(lineOf('POST /sign-in')).toMatchObject({ ...about, events: ['SignInSucceeded'] });
});

test('a sign-in with an address that nobody has, about nobody', async () => {
  const browser = createAgent(cloud.issuer);
  const nobody = { ...person, email: 'nobody@example.com' };
  await signIn(browser, await browser.get('/sign-in'), nobody);
  expect(lineOf('POST /sign-in')).not.toHaveProperty('sub');
});

test('an ended session, a changed and a recovered password, a sign-out', async () => {
  await endOtherSession(agent, 'others');
  expect(lineOf('POST /account/sessions/revoke')).toMatchObject({ sub });
  await changePassword(agent, person.password, NEW_PASSWORD);
  expect(lineOf('POST /account/password')).toMatchObject({ sub });
  const page = await askRecovery(agent, person.email);
  await resetPassword(cloud, agent, page, { ...person, password: `${NEW_PASSWORD} 2` });
  expect(lineOf('POST /recover/reset')).toMatchObject({ sub, events: ['PasswordRecovered'] });
  await signOut(agent);
  expect(lineOf('POST /account/sign-out')).toMatchObject({ sub });
});

test('no line of all these holds the address', () => {
  expect(JSON.stringify(cloud.logs())).not.toContain(person.email);
});
