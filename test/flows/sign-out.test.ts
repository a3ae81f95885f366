import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { type App, refresh, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { endSession, obtainTokens } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { pathOf, targetOf } from './answers.ts';

let cloud: TestCloud;
let app: App;
beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud, { scope: 'openid email' });
});
afterAll(() => cloud?.close());

async function signedIn(): Promise<{ agent: Agent; idToken: string; refreshToken: string }> {
  const { agent } = await plantSignedIn(cloud);
  const tokens = await obtainTokens(cloud, agent, app);
  return {
    agent,
    idToken: requireText(tokens, 'id_token'),
    refreshToken: requireText(tokens, 'refresh_token'),
  };
}

async function isSignedIn(agent: Agent): Promise<boolean> {
  return pathOf(await agent.get('/account')) === '/account';
}

describe('RP-Initiated Logout 1.0', () => {
  it('ends session and grants and goes on to the app, with state', async () => {
    const { agent, idToken, refreshToken } = await signedIn();
    const answer = await endSession(agent, app, idToken, { state: 'a b&c' });
    expect(targetOf(answer)).toBe(app.postLogoutRedirectUri);
    expect(answer.leadsTo?.searchParams.get('state')).toBe('a b&c');
    expect(await isSignedIn(agent)).toBe(false);
    const refused = await refresh(cloud, app, refreshToken);
    expect(refused.json['error']).toBe('invalid_grant');
  });

  it('accepts an ID token that has expired', async () => {
    const { agent, idToken } = await signedIn();
    await cloud.advance(7200);
    expect(targetOf(await endSession(agent, app, idToken))).toBe(app.postLogoutRedirectUri);
  });

  /** A form that another site posts: Lax cookies stay behind, and come along with the redirect. */
  async function postFromElsewhere(agent: Agent, fields: Readonly<Record<string, string>>) {
    const headers = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
    const visitor = createAgent(cloud.issuer);
    const posted = await visitor.post('/oauth2/logout', fields, { headers, follow: false });
    expect([posted.status, posted.headers.getSetCookie()]).toEqual([303, []]);
    return agent.get(posted.leadsTo ?? '');
  }

  it('works when the app posts from its own site, whose form carries no cookies', async () => {
    const { agent, idToken } = await signedIn();
    const fields = { id_token_hint: idToken, post_logout_redirect_uri: app.postLogoutRedirectUri };
    const answer = await postFromElsewhere(agent, { ...fields, state: 'a b&c', other: 'x' });
    expect(targetOf(answer)).toBe(app.postLogoutRedirectUri);
    expect(answer.leadsTo?.searchParams.get('state')).toBe('a b&c');
    expect(agent.cookies.has('session')).toBe(false);
    expect(await isSignedIn(agent)).toBe(false);
  });

  it('signs nobody out who did not ask for it, whoever vouches for themselves', async () => {
    const victim = await signedIn();
    const mallory = await signedIn();
    const answer = await postFromElsewhere(victim.agent, { id_token_hint: mallory.idToken });
    expect(answer.body).toContain('Sign out?');
    expect(await isSignedIn(victim.agent)).toBe(true);
  });

  it('takes no cookie from a browser whose session it did not end', async () => {
    const { idToken } = await signedIn();
    const answer = await endSession(createAgent(cloud.issuer), app, idToken);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('refuses a form that no redirect could carry', async () => {
    const agent = createAgent(cloud.issuer);
    const answer = await agent.post('/oauth2/logout', { state: 'x'.repeat(20_000) });
    expect([answer.status, answer.leadsTo]).toEqual([400, undefined]);
  });

  it('can be repeated when it failed half way: the cookie stays until all is done', async () => {
    const { agent, idToken, refreshToken } = await signedIn();
    cloud.fault({ service: 'dynamodb', operation: 'Query', kind: 'error', times: 3 });
    const failed = await endSession(agent, app, idToken);
    cloud.clearFaults();
    expect(failed.status).toBe(503);
    expect(agent.cookies.has('session')).toBe(true);
    await endSession(agent, app, idToken);
    expect(agent.cookies.has('session')).toBe(false);
    expect((await refresh(cloud, app, refreshToken)).json['error']).toBe('invalid_grant');
  });

  it('asks the person when nobody vouches for the wish', async () => {
    const { agent } = await signedIn();
    const query = new URLSearchParams({
      client_id: app.clientId,
      post_logout_redirect_uri: app.postLogoutRedirectUri,
      state: 's',
    });
    for (const path of ['/oauth2/logout', `/oauth2/logout?${query.toString()}`]) {
      expect((await agent.get(path)).body).toContain('Sign out?');
    }
    expect(await isSignedIn(agent)).toBe(true);
    const page = await agent.get(`/oauth2/logout?${query.toString()}`);
    const answer = await agent.submit(page, '/oauth2/logout');
    expect(targetOf(answer)).toBe(app.postLogoutRedirectUri);
    expect(answer.leadsTo?.searchParams.get('state')).toBe('s');
    expect(await isSignedIn(agent)).toBe(false);
  });

  it('asks the person when the ID token is about somebody else', async () => {
    const first = await signedIn();
    const second = await signedIn();
    const answer = await endSession(second.agent, app, first.idToken);
    expect(answer.body).toContain('Sign out?');
    expect(await isSignedIn(second.agent)).toBe(true);
  });

  it('asks nobody who is not signed in, and offers the way back to the app', async () => {
    const agent = createAgent(cloud.issuer);
    expect((await agent.get('/oauth2/logout')).body).toContain('You are signed out');
    const query = new URLSearchParams({
      client_id: app.clientId,
      post_logout_redirect_uri: app.postLogoutRedirectUri,
    });
    const answer = await agent.get(`/oauth2/logout?${query.toString()}`);
    expect(answer.body).toContain('You are signed out');
    const links = answer.document
      .querySelectorAll('main a')
      .map((link) => link.getAttribute('href'));
    expect(links).toEqual([app.postLogoutRedirectUri]);
  });

  it('shows the question again while nobody can be signed out, and signs out then', async () => {
    const { agent } = await signedIn();
    const query = new URLSearchParams({
      client_id: app.clientId,
      post_logout_redirect_uri: app.postLogoutRedirectUri,
    });
    const page = await agent.get(`/oauth2/logout?${query.toString()}`);
    cloud.fault({ service: 'dynamodb', operation: 'TransactWriteItems', kind: 'error', times: 9 });
    const again = await agent.submit(page, '/oauth2/logout');
    cloud.clearFaults();
    expect([again.status, again.headers.get('retry-after')]).toEqual([503, '2']);
    expect(again.body).toContain('Sign out?');
    expect(targetOf(await agent.submit(again, '/oauth2/logout'))).toBe(app.postLogoutRedirectUri);
    expect(await isSignedIn(agent)).toBe(false);
  });

  it('says goodbye itself when the app names no address', async () => {
    const { agent, idToken } = await signedIn();
    const answer = await endSession(agent, app, idToken, { post_logout_redirect_uri: '' });
    expect(answer.body).toContain('You are signed out');
    expect(await isSignedIn(agent)).toBe(false);
  });

  it('does no harm when sent twice', async () => {
    const { agent, idToken } = await signedIn();
    await endSession(agent, app, idToken);
    expect(targetOf(await endSession(agent, app, idToken))).toBe(app.postLogoutRedirectUri);
  });

  it.each([
    ['an address that is not registered', { post_logout_redirect_uri: 'https://evil.example/' }],
    ['a client_id that is not in the ID token', { client_id: 'somebody-else' }],
  ])('shows an error and redirects nowhere for %s', async (_, parameters) => {
    const { agent, idToken } = await signedIn();
    const answer = await endSession(agent, app, idToken, parameters);
    expect([answer.status, answer.leadsTo]).toEqual([400, undefined]);
    expect(await isSignedIn(agent)).toBe(true);
  });

  it('redirects nowhere without a client that the address is registered for', async () => {
    const agent = createAgent(cloud.issuer);
    const query = new URLSearchParams({ post_logout_redirect_uri: app.postLogoutRedirectUri });
    const answer = await agent.get(`/oauth2/logout?${query.toString()}`);
    expect([answer.status, answer.leadsTo]).toEqual([400, undefined]);
  });

  it('asks first when the hint proves nothing, and leads to no app that it names (§5)', async () => {
    const { agent, idToken } = await signedIn();
    const [head = '', payload = ''] = idToken.split('.');
    for (const hint of ['a.b.c', `${head}.${payload}.${'A'.repeat(342)}`]) {
      const answer = await endSession(agent, app, hint);
      expect([answer.status, answer.leadsTo]).toEqual([200, undefined]);
      expect(answer.body).toContain('Sign out?');
      expect(await isSignedIn(agent)).toBe(true);
    }
    const page = await endSession(agent, app, 'a.b.c');
    const done = await agent.submit(page, '/oauth2/logout');
    expect([done.status, done.leadsTo]).toEqual([200, undefined]);
    expect(await isSignedIn(agent)).toBe(false);
  });

  it('leads back to a client that names itself beside such a hint, once the person agrees', async () => {
    const { agent } = await signedIn();
    const page = await endSession(agent, app, 'a.b.c', { client_id: app.clientId });
    expect([page.status, page.leadsTo]).toEqual([200, undefined]);
    const done = await agent.submit(page, '/oauth2/logout');
    expect(targetOf(done)).toBe(app.postLogoutRedirectUri);
  });

  it('takes no access token for a hint', async () => {
    const { agent } = await plantSignedIn(cloud);
    const tokens = await obtainTokens(cloud, agent, app);
    const answer = await endSession(agent, app, requireText(tokens, 'access_token'));
    expect([answer.status, answer.leadsTo]).toEqual([200, undefined]);
    expect(await isSignedIn(agent)).toBe(true);
  });
});
