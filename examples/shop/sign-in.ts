/**
 * Connecting an app to Domicile: all that an app needs, with a certified OpenID Connect client.
 * The issuer's URL, the client id and its secret are the whole configuration; endpoints and keys
 * are discovered.
 */
import * as oidc from 'openid-client';

export interface AppSettings {
  /** `https://id.example.com`; the local cloud's is `http://localhost:4000`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Empty for a public client (`token_endpoint_auth_method: none`), which PKCE alone protects. */
  readonly clientSecret: string;
  /** This app's own origin: `/callback` on it is registered as redirect URI. */
  readonly appUrl: string;
  /** Space-separated, RFC 6749 §3.3. */
  readonly scope: string;
}

/** Kept in the app's session between the redirect to the issuer and the one back. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly pkceCodeVerifier: string;
}

/** What the app remembers of a signed-in customer. */
export interface SignedIn {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly subject: string;
  readonly email: string | undefined;
}

export interface SignIn {
  /** Step 1: where to send the browser, and what to check when it returns. */
  begin(): Promise<{ url: URL; checks: SignInChecks }>;
  /** Step 2: the browser is back at `/callback`; throws when any check fails. */
  finish(callbackUrl: URL, checks: SignInChecks): Promise<SignedIn>;
  /** New tokens without the customer; throws, {@link isAccessEnded} or not. */
  refresh(signedIn: SignedIn): Promise<SignedIn>;
  /** Where to send the browser so that the issuer's session ends too (RP-Initiated Logout 1.0). */
  end(signedIn: SignedIn): Promise<URL>;
}

/** The refresh token is spent, expired or revoked (RFC 6749 §5.2); other failures pass. */
export function isAccessEnded(error: unknown): boolean {
  return error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant';
}

export function createSignIn(settings: AppSettings): SignIn {
  const { issuer, clientId, clientSecret, appUrl, scope } = settings;
  let discovered: Promise<oidc.Configuration> | undefined;
  const discover = () => {
    discovered ??= oidc
      .discovery(
        new URL(issuer),
        clientId,
        undefined,
        clientSecret === '' ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
        // Only an issuer on this machine may speak plain http.
        { execute: issuer.startsWith('http://localhost') ? [oidc.allowInsecureRequests] : [] },
      )
      .catch((error: unknown) => {
        discovered = undefined;
        throw error;
      });
    return discovered;
  };

  return {
    async begin() {
      const checks = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(await discover(), {
        redirect_uri: `${appUrl}/callback`,
        scope,
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
        code_challenge_method: 'S256',
      });
      return { url, checks };
    },

    async finish(callbackUrl, { state, nonce, pkceCodeVerifier }) {
      const tokens = await oidc.authorizationCodeGrant(await discover(), callbackUrl, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined) throw new Error('no ID token');
      return {
        idToken: tokens.id_token,
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token,
        subject: claims.sub,
        email: typeof claims['email'] === 'string' ? claims['email'] : undefined,
      };
    },

    async refresh(signedIn) {
      if (signedIn.refreshToken === undefined) throw new Error('no refresh token');
      const tokens = await oidc.refreshTokenGrant(await discover(), signedIn.refreshToken);
      return {
        ...signedIn,
        idToken: tokens.id_token ?? signedIn.idToken,
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? signedIn.refreshToken,
      };
    },

    async end(signedIn) {
      return oidc.buildEndSessionUrl(await discover(), {
        id_token_hint: signedIn.idToken,
        post_logout_redirect_uri: `${appUrl}/`,
      });
    },
  };
}
