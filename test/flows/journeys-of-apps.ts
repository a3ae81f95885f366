import { z } from 'zod';
import { createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  clientCredentials,
  findCallback,
  introspect,
  pushRequest,
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
  authorize,
  createSignedIn,
  decide,
  endSession,
  obtainTokens,
} from '../harness/journeys.ts';
import { requireError, requireStatus } from './insisting.ts';

export async function readKeys(cloud: TestCloud): Promise<void> {
  const agent = createAgent(cloud);
  for (const path of ['openid-configuration', 'oauth-authorization-server']) {
    requireStatus(await agent.get(`/.well-known/${path}`), 200, path);
  }
  requireStatus(await agent.get('/oauth2/jwks'), 200, 'keys');
  requireStatus(await agent.get('/.well-known/evidence-jwks.json'), 200, 'keys of evidence');
  requireStatus(await agent.get('/health'), 200, 'health');
}

export async function useTokens(cloud: TestCloud): Promise<void> {
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

/** RFC 7662, as an API asks that holds an app's tokens. */
export async function askAboutTokens(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const tokens = await obtainTokens(cloud, agent, app);
  for (const kind of ['access_token', 'refresh_token']) {
    const { json } = await introspect(cloud, app, requireText(tokens, kind));
    if (json['active'] !== true) throw new Error(`the ${kind} is not active`);
  }
}

/** RFC 9126: the browser carries nothing but where the request lies. */
export async function authorizeByPushing(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  requireCode(await agent.get(await pushRequest(cloud, attemptAuthorization(cloud, app))));
}

export async function singleSignOn(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const idToken = requireText(await obtainTokens(cloud, agent, app), 'id_token');
  const hint = { id_token_hint: idToken, prompt: 'none' };
  requireCode((await authorize(cloud, agent, app, hint)).answer);
}

export async function consentOnce(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud, { metadata: { domicile_first_party: false } });
  const { agent } = await createSignedIn(cloud);
  const { answer } = await authorize(cloud, agent, app);
  requireCode(await decide(agent, answer, 'allow'));
  requireCode((await authorize(cloud, agent, app)).answer);
}

export async function signOutByApp(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const tokens = await obtainTokens(cloud, agent, { ...app, scope: 'openid' });
  const left = await endSession(agent, app, requireText(tokens, 'id_token'));
  if (left.leadsTo?.href !== app.postLogoutRedirectUri) throw new Error('not back at the app');
  requireError(await refresh(cloud, app, requireText(tokens, 'refresh_token')), 'invalid_grant');
  const { answer } = await authorize(cloud, agent, app, { prompt: 'none' });
  if (findCallback(answer)?.error !== 'login_required') throw new Error('still signed in');
}

/** What may be long is posted: OIDC Core §3.1.2.1 and §5.3.1, RP-Initiated Logout §2. */
export async function speakByPost(cloud: TestCloud): Promise<void> {
  const app = await registerApp(cloud);
  const { agent } = await createSignedIn(cloud);
  const tokens = await obtainTokens(cloud, agent, app);
  const headers = { authorization: `Bearer ${requireText(tokens, 'access_token')}` };
  requireStatus(await agent.post('/oauth2/userinfo', '', { headers }), 200, 'userinfo');
  const { url } = attemptAuthorization(cloud, app);
  requireCode(await agent.post('/oauth2/authorize', url.searchParams.toString()));
  const hint = { id_token_hint: requireText(tokens, 'id_token') };
  requireStatus(await agent.post('/oauth2/logout', hint), 200, 'sign-out');
  const { answer } = await authorize(cloud, agent, app, { prompt: 'none' });
  if (findCallback(answer)?.error !== 'login_required') throw new Error('still signed in');
}

export async function goAstray(cloud: TestCloud): Promise<void> {
  requireStatus(await createAgent(cloud).get('/no-such-page'), 404, 'no such page');
}

export async function actAsMachine(cloud: TestCloud): Promise<void> {
  requireText(await clientCredentials(cloud, await registerMachine(cloud)), 'access_token');
}

const AdminAnswer = z.object({ ok: z.literal(true), result: z.looseObject({}) });

export async function manageClient(cloud: TestCloud): Promise<void> {
  const admin = cloud.cloud.infrastructure.functions.requireByName('domicile-admin');
  const operate = async (operation: string, input: object) => {
    const { payload } = await admin.invoke(JSON.stringify({ operation, input }));
    await cloud.flushReplication();
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
