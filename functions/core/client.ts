import type { CellName } from './cells.ts';
import type { ClientId, SecretHash } from './ids.ts';
import type { EpochSeconds } from './time.ts';

export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';
export type TokenEndpointAuthMethod =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt';
export type SigningAlgorithm = 'RS256' | 'ES256';

/** A hashed client secret. Two are valid while a rotation is under way. */
export interface ClientSecret {
  readonly hash: SecretHash;
  readonly createdAt: EpochSeconds;
  /** Absent for the current secret. */
  readonly expiresAt?: EpochSeconds;
}

/** How the hosted pages look for this client. */
export interface Branding {
  /** `data:image/(png|svg+xml|webp);base64,…`, so that pages load nothing from elsewhere. At most 12 KiB. */
  readonly logo?: string;
  /** `#rrggbb`; the pages derive accessible shades from it. */
  readonly color?: string;
}

/** A public JSON Web Key (RFC 7517), as registered. */
export interface PublicJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly [member: string]: unknown;
}

/** A client registration with the metadata names of RFC 7591 §2, in camel case. */
export interface Client {
  readonly clientId: ClientId;
  readonly clientName: string;
  readonly redirectUris: ReadonlyArray<string>;
  readonly postLogoutRedirectUris: ReadonlyArray<string>;
  readonly grantTypes: ReadonlyArray<GrantType>;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  readonly secrets: ReadonlyArray<ClientSecret>;
  /** Keys for `private_key_jwt` (RFC 7523). */
  readonly jwks?: { readonly keys: ReadonlyArray<PublicJwk> };
  /** Space-separated, RFC 6749 §3.3: what this client may ask for. */
  readonly scope: string;
  /** Resource indicators (`aud` of access tokens); the issuer itself when empty. */
  readonly audiences: ReadonlyArray<string>;
  /** Off only for confidential clients that cannot send PKCE (OAuth 2.1 §7.6 asks for it). */
  readonly requirePkce: boolean;
  readonly idTokenSignedResponseAlg: SigningAlgorithm;
  readonly accessTokenSignedResponseAlg: SigningAlgorithm;
  /** The operator's own app: no consent page. */
  readonly firstParty: boolean;
  readonly branding: Branding;
  /** Cells whose people this client takes; absent: all. Never empty. */
  readonly allowedCells?: ReadonlyArray<CellName>;
  readonly clientUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}
