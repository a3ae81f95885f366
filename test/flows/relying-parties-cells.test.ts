/** Unmodified clients that know the issuer alone; it is answered by `us`, and everybody is at home in `eu`. */
import { createRemoteJWKSet, customFetch, type FetchImplementation, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { type Person, signIn as typePassword } from '../harness/journeys.ts';
import {
  discoverWithOauth4webapi,
  INSECURE,
  signInWithOauth4webapi,
} from './oauth4webapi-party.ts';
import { discoverWithOpenidClient } from './openid-client-party.ts';
import { AUTH_METHODS, type AuthMethod, type RegisteredParty, SCOPE } from './registered-party.ts';
import { plantResident } from './residents.ts';

let cloud: TestCloud;
let person: Person;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
  ({ person } = await plantResident(cloud, 'eu'));
  cloud.setEntry('us');
});
afterAll(() => cloud?.close());

/** Replicas know a client a moment after its registration. */
async function known<Party>(discovering: Promise<Party>): Promise<Party> {
  const party = await discovering;
  await cloud.flushReplication();
  return party;
}

const discoverOpenid = (method: AuthMethod) => known(discoverWithOpenidClient(cloud, method));
const discoverOauth = (method: AuthMethod) => known(discoverWithOauth4webapi(cloud, method));

/** Types the address where the issuer leads, then the password at home. */
async function visit(agent: Agent, url: URL): Promise<URL> {
  const { leadsTo } = await typePassword(agent, await agent.get(url), person);
  if (leadsTo === undefined) throw new Error('the browser did not get back to the app');
  return leadsTo;
}

/** Functions of `eu` that have worked since because another cell asked: a sign of life is no work. */
const workedAtHome = (mark: number): ReadonlyArray<string> =>
  cloud
    .calls(mark)
    .filter(({ parentRequestId }) => parentRequestId !== undefined)
    .filter(({ callerRegion }) => callerRegion === cloud.regions['eu'])
    .map(({ principal }) => principal);

type Wishes = Readonly<Record<string, string>>;

async function signIn(
  config: oidc.Configuration,
  { redirectUri }: RegisteredParty,
  agent: Agent,
  build: (parameters: Wishes) => URL | Promise<URL>,
) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const url = await build({
    redirect_uri: redirectUri,
    scope: SCOPE,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    max_age: '3600',
  });
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge: 3600 };
  const callback = await visit(agent, url);
  return await oidc.authorizationCodeGrant(config, callback, { ...checks, idTokenExpected: true });
}

describe.each(AUTH_METHODS)('openid-client with %s', (method) => {
  test('completes code flow, userinfo, refresh, introspection, revocation and sign-out', async () => {
    const [config, party] = await discoverOpenid(method);
    const agent = createAgent(cloud);
    const mark = cloud.mark();
    const tokens = await signIn(config, party, agent, (wishes) =>
      oidc.buildAuthorizationUrl(config, { ...wishes }),
    );
    expect(workedAtHome(mark)).toContain('domicile-token');
    const sub = String(tokens.claims()?.sub);
    const profile = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    expect(profile).toMatchObject({ email: person.email, email_verified: true });

    const refreshed = await oidc.refreshTokenGrant(config, String(tokens.refresh_token));
    expect(refreshed.claims()?.sub).toBe(sub);
    const current = String(refreshed.refresh_token);
    if (method !== 'none') {
      const described = await oidc.tokenIntrospection(config, current);
      expect(described).toMatchObject({ active: true, sub, client_id: party.clientId });
    }
    await oidc.tokenRevocation(config, current);
    await expect(oidc.refreshTokenGrant(config, current)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    if (method !== 'none') {
      expect(await oidc.tokenIntrospection(config, current)).toEqual({ active: false });
    }

    const state = oidc.randomState();
    const end = oidc.buildEndSessionUrl(config, {
      id_token_hint: String(tokens.id_token),
      post_logout_redirect_uri: party.postLogoutRedirectUri,
      state,
    });
    const { leadsTo } = await agent.get(end);
    expect(leadsTo?.href).toBe(`${party.postLogoutRedirectUri}?state=${state}`);
    expect(agent.cookies.has('session-eu')).toBe(false);
  });
});

test.each(['client_secret_basic', 'private_key_jwt'] as const)(
  'openid-client pushes its request with %s, and signs in by it',
  async (method) => {
    const [config, party] = await discoverOpenid(method);
    const tokens = await signIn(config, party, createAgent(cloud), (wishes) =>
      oidc.buildAuthorizationUrlWithPAR(config, { ...wishes }),
    );
    expect(tokens.claims()).toMatchObject({ email: person.email });
  },
);

test('by keys that us has published, tokens of eu are verified, with us down or up', async () => {
  const [config, party] = await discoverOpenid('client_secret_basic');
  let fetches = 0;
  const counting: FetchImplementation = (url, options) => {
    fetches += 1;
    return fetch(url, options);
  };
  const jwksUri = new URL(String(config.serverMetadata().jwks_uri));
  const keys = createRemoteJWKSet(jwksUri, { [customFetch]: counting });
  const own = await oidc.clientCredentialsGrant(config, { scope: 'read' });
  await jwtVerify(own.access_token, keys, { typ: 'at+jwt' });
  await cloud.setCell('us', 'down');
  const tokens = await signIn(config, party, createAgent(cloud), (wishes) =>
    oidc.buildAuthorizationUrl(config, { ...wishes }),
  );
  await cloud.setCell('us', 'up');
  const { payload } = await jwtVerify(tokens.access_token, keys, { issuer: cloud.issuer });
  expect(payload.sub).toBe(tokens.claims()?.sub);
  expect(fetches).toBe(1);
});

describe.each(AUTH_METHODS)('oauth4webapi with %s', (method) => {
  test('completes code flow, userinfo, refresh, introspection and revocation', async () => {
    const app = await discoverOauth(method);
    const { server, client, auth } = app;
    const agent = createAgent(cloud);
    const tokens = await signInWithOauth4webapi(app, (url) => visit(agent, url));
    const sub = String(oauth.getValidatedIdTokenClaims(tokens)?.sub);
    const answer = await oauth.userInfoRequest(server, client, tokens.access_token, INSECURE);
    const profile = await oauth.processUserInfoResponse(server, client, sub, answer);
    expect(profile).toMatchObject({ email: person.email, email_verified: true });

    const refresh = async (token: string) =>
      oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(server, client, auth, token, INSECURE),
      );
    const current = String((await refresh(String(tokens.refresh_token))).refresh_token);
    const describe = async () =>
      oauth.processIntrospectionResponse(
        server,
        client,
        await oauth.introspectionRequest(server, client, auth, current, INSECURE),
      );
    if (method !== 'none') expect(await describe()).toMatchObject({ active: true, sub });
    const revocation = await oauth.revocationRequest(server, client, auth, current, INSECURE);
    await oauth.processRevocationResponse(revocation);
    await expect(refresh(current)).rejects.toMatchObject({ error: 'invalid_grant' });
    if (method !== 'none') expect(await describe()).toMatchObject({ active: false });
  });
});
