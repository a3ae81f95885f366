import {
  chooseAudience,
  machineAccessTokenClaims,
  personAccessTokenClaims,
} from '../core/access-token.ts';
import type { Account } from '../core/account.ts';
import type { Client } from '../core/client.ts';
import { consentClaims } from '../core/consents/standing.ts';
import type { Grant } from '../core/grant.ts';
import { idTokenClaims, profileClaims, refreshedIdTokenClaims } from '../core/id-token.ts';
import type { PrivacyChoices } from '../core/ports/privacy-choices.ts';
import type { Signer } from '../core/ports/signer.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import { hasScope } from '../core/scope.ts';
import type { EpochSeconds } from '../core/time.ts';

interface Deps {
  readonly signer: Signer;
  readonly issuer: string;
  readonly lifetimes: { readonly accessTokenSeconds: number; readonly idTokenSeconds: number };
  readonly randomToken: () => string;
  readonly policy: PrivacyPolicy;
}

interface Request {
  readonly client: Client;
  readonly scope: string;
  readonly resources: ReadonlyArray<string>;
  /** When the grant ends unless it is used again; a client acting for itself has none. */
  readonly endsAt?: EpochSeconds;
  readonly now: EpochSeconds;
}

/** What claims are made of. */
interface TokenHolder {
  readonly account: Account;
  readonly choices: PrivacyChoices;
}

/** RFC 6749 §5.1 and OIDC Core §3.1.3.3, without the refresh token. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly scope: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
}

export interface TokenIssuer {
  /** For a redeemed code: the ID token carries the profile. Two KMS calls, in parallel. */
  forPerson(grant: Grant, person: TokenHolder, request: Request): Promise<TokenResponse>;
  /** For a rotated refresh token: the ID token carries no profile (OIDC Core §12.2). */
  forRefresh(grant: Grant, request: Request): Promise<TokenResponse>;
  /** For a client acting for itself: one KMS call. */
  forMachine(request: Request): Promise<TokenResponse>;
}

export function createTokenIssuer(deps: Deps): TokenIssuer {
  const { signer, issuer, lifetimes } = deps;

  /** An access token does not outlive its grant: userinfo would refuse it, APIs could not know. */
  function lifetimeOf({ endsAt, now }: Request): number {
    const { accessTokenSeconds } = lifetimes;
    return endsAt === undefined ? accessTokenSeconds : Math.min(accessTokenSeconds, endsAt - now);
  }

  function issuance(request: Request) {
    const { client, scope, resources, now } = request;
    return {
      issuer,
      audience: chooseAudience(client, resources, { issuer, scope }),
      scope,
      jti: deps.randomToken(),
      now,
      lifetimeSeconds: lifetimeOf(request),
    };
  }

  async function respond(
    request: Request,
    accessTokenClaims: Readonly<Record<string, unknown>>,
    idTokenClaims?: Readonly<Record<string, unknown>>,
  ): Promise<TokenResponse> {
    const { client, scope } = request;
    const [accessToken, idToken] = await Promise.all([
      signer.sign(accessTokenClaims, {
        algorithm: client.accessTokenSignedResponseAlg,
        typ: 'at+jwt',
      }),
      idTokenClaims === undefined
        ? undefined
        : signer.sign(idTokenClaims, { algorithm: client.idTokenSignedResponseAlg, typ: 'JWT' }),
    ]);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: lifetimeOf(request),
      scope,
      ...(idToken === undefined ? {} : { id_token: idToken }),
    };
  }

  function forScope<Claims>(scope: string, claims: () => Claims): Claims | undefined {
    return hasScope(scope, 'openid') ? claims() : undefined;
  }

  const idTokenIssuance = (now: EpochSeconds) => ({
    issuer,
    now,
    lifetimeSeconds: lifetimes.idTokenSeconds,
  });

  return {
    forPerson(grant, { account, choices }, request) {
      const idToken = forScope(request.scope, () => ({
        ...idTokenClaims(grant, idTokenIssuance(request.now)),
        ...profileClaims(account, request.scope),
        ...consentClaims(deps.policy, choices, request.scope),
      }));
      return respond(request, personAccessTokenClaims(grant, issuance(request)), idToken);
    },

    forRefresh(grant, request) {
      const idToken = forScope(request.scope, () =>
        refreshedIdTokenClaims(grant, idTokenIssuance(request.now)),
      );
      return respond(request, personAccessTokenClaims(grant, issuance(request)), idToken);
    },

    forMachine: (request) =>
      respond(request, machineAccessTokenClaims(request.client, issuance(request))),
  };
}
