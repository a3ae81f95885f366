import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount, type Person } from '../harness/journeys.ts';
import {
  discoverWithOauth4webapi as discover,
  INSECURE,
  signInWithOauth4webapi as signIn,
} from './oauth4webapi-party.ts';
import { AUTH_METHODS, SCOPE } from './registered-party.ts';

let cloud: TestCloud;
let agent: Agent;
let person: Person;

beforeAll(async () => {
  cloud = await startTestCloud();
  agent = createAgent(cloud.issuer);
  person = await createAccount(cloud, agent);
});
afterAll(() => cloud?.close());

async function visit(url: URL): Promise<URL> {
  const { leadsTo } = await agent.get(url);
  if (leadsTo === undefined) throw new Error('the browser did not get back to the app');
  return leadsTo;
}

describe.each(AUTH_METHODS)('oauth4webapi with %s', (method) => {
  test('completes code flow, userinfo, refresh and revocation', async () => {
    const app = await discover(cloud, method);
    const { server, client, auth } = app;
    const tokens = await signIn(app, visit);
    const sub = String(oauth.getValidatedIdTokenClaims(tokens)?.sub);

    const answer = await oauth.userInfoRequest(server, client, tokens.access_token, INSECURE);
    const profile = await oauth.processUserInfoResponse(server, client, sub, answer);
    expect(profile).toMatchObject({ email: person.email, email_verified: true });

    const refresh = (token: string) =>
      oauth.refreshTokenGrantRequest(server, client, auth, token, INSECURE);
    const rotated = await oauth.processRefreshTokenResponse(
      server,
      client,
      await refresh(String(tokens.refresh_token)),
    );
    const current = String(rotated.refresh_token);
    const revocation = await oauth.revocationRequest(server, client, auth, current, INSECURE);
    await oauth.processRevocationResponse(revocation);
    await expect(
      oauth.processRefreshTokenResponse(server, client, await refresh(current)),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('gets access tokens that a resource server accepts as RFC 9068 asks', async () => {
    const app = await discover(cloud, method);
    const { access_token: accessToken } = await signIn(app, visit);
    const headers = { authorization: `Bearer ${accessToken}` };
    const request = new Request('https://api.example/orders', { headers });
    const audience = cloud.issuer;
    const claims = await oauth.validateJwtAccessToken(app.server, request, audience, INSECURE);
    expect(claims).toMatchObject({ client_id: app.party.clientId, scope: SCOPE });
  });
});

test.each(AUTH_METHODS.filter((method) => method !== 'none'))(
  'oauth4webapi finds its way by RFC 8414 alone and acts for itself with %s',
  async (method) => {
    const { server, client, auth } = await discover(cloud, method, 'oauth2');
    const parameters = { scope: 'read' };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      auth,
      parameters,
      INSECURE,
    );
    const tokens = await oauth.processClientCredentialsResponse(server, client, response);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read' });
  },
);
