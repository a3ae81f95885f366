import * as oidc from 'openid-client';
import type { TestCloud } from '../harness/cloud.ts';
import { type AuthMethod, type RegisteredParty, registerParty } from './registered-party.ts';

/** An app that is written with `openid-client`: all that it knows comes from the issuer's metadata. */
export async function discoverWithOpenidClient(
  cloud: Pick<TestCloud, 'issuer' | 'registerClient'>,
  method: AuthMethod,
): Promise<[oidc.Configuration, RegisteredParty]> {
  const party = await registerParty(cloud, method);
  const options = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] };
  const issuer = new URL(cloud.issuer);
  const auth = authenticate(method, party);
  return [await oidc.discovery(issuer, party.clientId, undefined, auth, options), party];
}

function authenticate(method: AuthMethod, party: RegisteredParty): oidc.ClientAuth {
  switch (method) {
    case 'client_secret_basic':
      return oidc.ClientSecretBasic(party.clientSecret);
    case 'client_secret_post':
      return oidc.ClientSecretPost(party.clientSecret);
    case 'private_key_jwt':
      return oidc.PrivateKeyJwt({ key: party.privateKey, kid: 'app-1' });
    case 'none':
      return oidc.None();
  }
}
