import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount, type Person, signIn as typePassword } from '../harness/journeys.ts';
import { discoverWithOpenidClient } from './openid-client-party.ts';
import { AUTH_METHODS, type RegisteredParty, SCOPE } from './registered-party.ts';

let cloud: TestCloud;
let person: Person;

beforeAll(async () => {
  cloud = await startTestCloud();
  person = await createAccount(cloud, createAgent(cloud.issuer));
});
afterAll(() => cloud?.close());

/** In a browser of its own, so that no test lives on another's session. */
async function signIn(config: oidc.Configuration, { redirectUri }: RegisteredParty) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: SCOPE,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    max_age: '3600',
  });
  const agent = createAgent(cloud.issuer);
  const { leadsTo } = await typePassword(agent, await agent.get(url), person);
  if (leadsTo === undefined) throw new Error('the browser did not get back to the app');
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge: 3600 };
  return await oidc.authorizationCodeGrant(config, leadsTo, { ...checks, idTokenExpected: true });
}

describe.each(AUTH_METHODS)('openid-client with %s', (method) => {
  test('completes code flow, userinfo, refresh, revocation and sign-out', async () => {
    const [config, party] = await discoverWithOpenidClient(cloud, method);
    const tokens = await signIn(config, party);
    const claims = tokens.claims();
    expect(claims).toMatchObject({ email: person.email, email_verified: true, amr: ['pwd'] });
    const sub = String(claims?.sub);

    const profile = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    expect(profile).toMatchObject({ sub, email: person.email });

    const refreshed = await oidc.refreshTokenGrant(config, String(tokens.refresh_token));
    expect(refreshed.access_token).not.toBe(tokens.access_token);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(refreshed.claims()?.sub).toBe(sub);

    await oidc.tokenRevocation(config, String(refreshed.refresh_token));
    await expect(
      oidc.refreshTokenGrant(config, String(refreshed.refresh_token)),
    ).rejects.toMatchObject({ error: 'invalid_grant' });

    const state = oidc.randomState();
    const end = oidc.buildEndSessionUrl(config, {
      id_token_hint: String(tokens.id_token),
      post_logout_redirect_uri: party.postLogoutRedirectUri,
      state,
    });
    const { leadsTo } = await createAgent(cloud.issuer).get(end);
    expect(leadsTo?.href).toBe(`${party.postLogoutRedirectUri}?state=${state}`);
  });

  test('gets tokens that jose verifies against the published keys', async () => {
    const [config, party] = await discoverWithOpenidClient(cloud, method);
    const tokens = await signIn(config, party);
    const keys = createRemoteJWKSet(new URL(String(config.serverMetadata().jwks_uri)));
    const { issuer } = config.serverMetadata();

    const idToken = String(tokens.id_token);
    await jwtVerify(idToken, keys, { issuer, audience: party.clientId, algorithms: ['RS256'] });
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
      issuer,
      audience: issuer,
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    expect(payload).toMatchObject({ client_id: party.clientId, scope: SCOPE });
    expect(protectedHeader.kid).not.toBe(decodeProtectedHeader(idToken).kid);
  });
});

test.each(AUTH_METHODS.filter((method) => method !== 'none'))(
  'openid-client acts for itself with %s',
  async (method) => {
    const [config, party] = await discoverWithOpenidClient(cloud, method);
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'read' });
    expect(tokens.refresh_token).toBeUndefined();
    const keys = createRemoteJWKSet(new URL(String(config.serverMetadata().jwks_uri)));
    const { payload } = await jwtVerify(tokens.access_token, keys, { typ: 'at+jwt' });
    expect(payload).toMatchObject({ sub: party.clientId, scope: 'read' });
  },
);
