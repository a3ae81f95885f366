import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount, type Person } from '../harness/journeys.ts';
import {
  AUTH_METHODS,
  type AuthMethod,
  type RegisteredParty,
  registerParty,
  SCOPE,
} from './registered-party.ts';

/** Everything else of the library stays as strict as it comes. */
const OPTIONS = { [oauth.allowInsecureRequests]: true };

interface RelyingParty {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
  readonly party: RegisteredParty;
}

let cloud: TestCloud;
let agent: Agent;
let person: Person;

beforeAll(async () => {
  cloud = await startTestCloud();
  agent = createAgent(cloud.issuer);
  person = await createAccount(cloud, agent);
});
afterAll(() => cloud?.close());

function authenticate(method: AuthMethod, party: RegisteredParty): oauth.ClientAuth {
  switch (method) {
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(party.clientSecret);
    case 'client_secret_post':
      return oauth.ClientSecretPost(party.clientSecret);
    case 'private_key_jwt':
      return oauth.PrivateKeyJwt({ key: party.privateKey, kid: 'app-1' });
    case 'none':
      return oauth.None();
  }
}

async function discover(
  method: AuthMethod,
  algorithm: 'oidc' | 'oauth2' = 'oidc',
): Promise<RelyingParty> {
  const issuer = new URL(cloud.issuer);
  const response = await oauth.discoveryRequest(issuer, { ...OPTIONS, algorithm });
  const server = await oauth.processDiscoveryResponse(issuer, response);
  const party = await registerParty(cloud, method);
  const client = { client_id: party.clientId };
  return { server, client, auth: authenticate(method, party), party };
}

async function signIn({ server, client, auth, party }: RelyingParty) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const expectedNonce = oauth.generateRandomNonce();
  const url = new URL(String(server.authorization_endpoint));
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: party.redirectUri,
    scope: SCOPE,
    state,
    nonce: expectedNonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  const { leadsTo } = await agent.get(url);
  if (leadsTo === undefined) throw new Error('the browser did not get back to the app');
  const callback = oauth.validateAuthResponse(server, client, leadsTo, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    auth,
    callback,
    party.redirectUri,
    verifier,
    OPTIONS,
  );
  const checks = { expectedNonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, checks);
  await oauth.validateApplicationLevelSignature(server, response, OPTIONS);
  return tokens;
}

describe.each(AUTH_METHODS)('oauth4webapi with %s', (method) => {
  test('completes code flow, userinfo, refresh and revocation', async () => {
    const app = await discover(method);
    const { server, client, auth } = app;
    const tokens = await signIn(app);
    const sub = String(oauth.getValidatedIdTokenClaims(tokens)?.sub);

    const answer = await oauth.userInfoRequest(server, client, tokens.access_token, OPTIONS);
    const profile = await oauth.processUserInfoResponse(server, client, sub, answer);
    expect(profile).toMatchObject({ email: person.email, email_verified: true });

    const refresh = (token: string) =>
      oauth.refreshTokenGrantRequest(server, client, auth, token, OPTIONS);
    const rotated = await oauth.processRefreshTokenResponse(
      server,
      client,
      await refresh(String(tokens.refresh_token)),
    );
    const current = String(rotated.refresh_token);
    const revocation = await oauth.revocationRequest(server, client, auth, current, OPTIONS);
    await oauth.processRevocationResponse(revocation);
    await expect(
      oauth.processRefreshTokenResponse(server, client, await refresh(current)),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('gets access tokens that a resource server accepts as RFC 9068 asks', async () => {
    const app = await discover(method);
    const { access_token: accessToken } = await signIn(app);
    const headers = { authorization: `Bearer ${accessToken}` };
    const request = new Request('https://api.example/orders', { headers });
    const audience = cloud.issuer;
    const claims = await oauth.validateJwtAccessToken(app.server, request, audience, OPTIONS);
    expect(claims).toMatchObject({ client_id: app.party.clientId, scope: SCOPE });
  });
});

test.each(AUTH_METHODS.filter((method) => method !== 'none'))(
  'oauth4webapi finds its way by RFC 8414 alone and acts for itself with %s',
  async (method) => {
    const { server, client, auth } = await discover(method, 'oauth2');
    const parameters = { scope: 'read' };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      auth,
      parameters,
      OPTIONS,
    );
    const tokens = await oauth.processClientCredentialsResponse(server, client, response);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read' });
  },
);
