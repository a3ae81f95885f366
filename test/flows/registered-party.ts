import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import type { TestCloud } from '../harness/cloud.ts';

export const AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const;

export type AuthMethod = (typeof AUTH_METHODS)[number];

/** A registration as the app's developer would keep it, whatever library reads it. */
export interface RegisteredParty {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly privateKey: CryptoKey;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
}

export const SCOPE = 'openid profile email offline_access';

/** A web app with code flow, refresh tokens and, when it can prove itself, client credentials. */
export async function registerParty(
  { registerClient }: Pick<TestCloud, 'registerClient'>,
  method: AuthMethod,
): Promise<RegisteredParty> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const origin = `https://${method.replaceAll('_', '-')}.app.example`;
  const redirectUri = `${origin}/callback`;
  const postLogoutRedirectUri = `${origin}/signed-out`;
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'app-1', alg: 'ES256', use: 'sig' }];
  const canActAlone = method !== 'none';
  const client = await registerClient({
    client_name: `App with ${method}`,
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [postLogoutRedirectUri],
    grant_types: [
      'authorization_code',
      'refresh_token',
      ...(canActAlone ? ['client_credentials'] : []),
    ],
    token_endpoint_auth_method: method,
    scope: canActAlone ? `${SCOPE} read` : SCOPE,
    ...(method === 'private_key_jwt' && { jwks: { keys } }),
  });
  const { client_id: clientId, client_secret: clientSecret = '' } = client;
  return { clientId, clientSecret, privateKey, redirectUri, postLogoutRedirectUri };
}
