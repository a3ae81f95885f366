import * as oauth from 'oauth4webapi';
import type { TestCloud } from '../harness/cloud.ts';
import { type AuthMethod, type RegisteredParty, registerParty, SCOPE } from './registered-party.ts';

/** Everything else of the library stays as strict as it comes. */
export const INSECURE = { [oauth.allowInsecureRequests]: true };

/** An app that is written with `oauth4webapi`. */
export interface OAuthParty {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
  readonly party: RegisteredParty;
}

export async function discoverWithOauth4webapi(
  cloud: Pick<TestCloud, 'issuer' | 'registerClient'>,
  method: AuthMethod,
  algorithm: 'oidc' | 'oauth2' = 'oidc',
): Promise<OAuthParty> {
  const issuer = new URL(cloud.issuer);
  const response = await oauth.discoveryRequest(issuer, { ...INSECURE, algorithm });
  const server = await oauth.processDiscoveryResponse(issuer, response);
  const party = await registerParty(cloud, method);
  const client = { client_id: party.clientId };
  return { server, client, auth: authenticate(method, party), party };
}

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

/** Code flow with all of the library's checks; `visit` brings the browser back to the app. */
export async function signInWithOauth4webapi(
  { server, client, auth, party }: OAuthParty,
  visit: (url: URL) => Promise<URL>,
): Promise<oauth.TokenEndpointResponse> {
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
  const callback = oauth.validateAuthResponse(server, client, await visit(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    auth,
    callback,
    party.redirectUri,
    verifier,
    INSECURE,
  );
  const checks = { expectedNonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, checks);
  await oauth.validateApplicationLevelSignature(server, response, INSECURE);
  return tokens;
}
