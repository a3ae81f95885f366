import type { CellName } from './cells.ts';
import type {
  Client,
  ClientSecret,
  GrantType,
  PublicJwk,
  SigningAlgorithm,
  TokenEndpointAuthMethod,
} from './client.ts';
import { requireBranding } from './client-branding.ts';
import { ClientMetadataError, invalidMetadata } from './client-metadata-error.ts';
import { requireAudiences, requireLink, requireRedirectUris } from './client-uris.ts';
import type { ClientId } from './ids.ts';
import { isScope, scopeValues } from './scope.ts';
import type { EpochSeconds } from './time.ts';

/** RFC 7591 §2 on the wire, with our extensions. Absent members take their defaults. */
export interface ClientMetadata {
  readonly client_name?: string | undefined;
  readonly redirect_uris?: ReadonlyArray<string> | undefined;
  readonly post_logout_redirect_uris?: ReadonlyArray<string> | undefined;
  readonly grant_types?: ReadonlyArray<GrantType> | undefined;
  readonly token_endpoint_auth_method?: TokenEndpointAuthMethod | undefined;
  readonly jwks?: { readonly keys: ReadonlyArray<PublicJwk> } | undefined;
  readonly scope?: string | undefined;
  readonly id_token_signed_response_alg?: SigningAlgorithm | undefined;
  readonly client_uri?: string | undefined;
  readonly policy_uri?: string | undefined;
  readonly tos_uri?: string | undefined;
  readonly domicile_access_token_signed_response_alg?: SigningAlgorithm | undefined;
  readonly domicile_audiences?: ReadonlyArray<string> | undefined;
  readonly domicile_require_pkce?: boolean | undefined;
  readonly domicile_first_party?: boolean | undefined;
  readonly domicile_logo?: string | undefined;
  readonly domicile_color?: string | undefined;
  readonly domicile_allowed_cells?: ReadonlyArray<string> | undefined;
}

interface Identity {
  readonly clientId: ClientId;
  readonly secrets: ReadonlyArray<ClientSecret>;
  readonly createdAt: EpochSeconds;
  readonly updatedAt: EpochSeconds;
}

const MAX_NAME_LENGTH = 100;
const MAX_SCOPES = 50;

/** A client from its metadata. Throws ClientMetadataError, naming the member at fault. */
export function createClient(metadata: ClientMetadata, identity: Identity): Client {
  const grantTypes = [...new Set(metadata.grant_types ?? (['authorization_code'] as const))];
  const { clientId, secrets, createdAt, updatedAt } = identity;
  const client: Client = {
    // By name: an update passes a whole client, of which nothing else may stay.
    ...{ clientId, secrets, createdAt, updatedAt },
    clientName: metadata.client_name ?? clientId,
    redirectUris: [...new Set(metadata.redirect_uris)],
    postLogoutRedirectUris: [...new Set(metadata.post_logout_redirect_uris)],
    grantTypes,
    // RFC 7591 §2: the default.
    tokenEndpointAuthMethod: metadata.token_endpoint_auth_method ?? 'client_secret_basic',
    scope: scopeValues(metadata.scope ?? defaultScope(grantTypes)).join(' '),
    audiences: [...new Set(metadata.domicile_audiences)],
    requirePkce: metadata.domicile_require_pkce ?? true,
    idTokenSignedResponseAlg: metadata.id_token_signed_response_alg ?? 'RS256',
    accessTokenSignedResponseAlg: metadata.domicile_access_token_signed_response_alg ?? 'ES256',
    firstParty: metadata.domicile_first_party ?? true,
    branding: {
      ...(metadata.domicile_logo !== undefined && { logo: metadata.domicile_logo }),
      ...(metadata.domicile_color !== undefined && { color: metadata.domicile_color }),
    },
    ...(metadata.domicile_allowed_cells !== undefined && {
      allowedCells: [...new Set(metadata.domicile_allowed_cells)],
    }),
    ...(metadata.jwks !== undefined && { jwks: metadata.jwks }),
    ...(metadata.client_uri !== undefined && { clientUri: metadata.client_uri }),
    ...(metadata.policy_uri !== undefined && { policyUri: metadata.policy_uri }),
    ...(metadata.tos_uri !== undefined && { tosUri: metadata.tos_uri }),
  };
  requireSound(client);
  return client;
}

function defaultScope(grantTypes: ReadonlyArray<GrantType>): string {
  if (!grantTypes.includes('authorization_code')) return '';
  const scope = 'openid profile email';
  return grantTypes.includes('refresh_token') ? `${scope} offline_access` : scope;
}

function requireSound(client: Client): void {
  requireName(client.clientName);
  requireGrantTypes(client);
  requireAuthentication(client);
  requireRedirectUris(client.redirectUris, 'redirect_uris');
  requireRedirectUris(client.postLogoutRedirectUris, 'post_logout_redirect_uris');
  if (!isScope(client.scope) || scopeValues(client.scope).length > MAX_SCOPES) {
    throw invalidMetadata('scope must be at most 50 space-separated names (RFC 6749 §3.3)');
  }
  requireAudiences(client.audiences);
  requireBranding(client.branding);
  if (client.allowedCells?.length === 0) {
    throw invalidMetadata('domicile_allowed_cells is empty; leave it out to allow every cell');
  }
  requireLink(client.clientUri, 'client_uri');
  requireLink(client.policyUri, 'policy_uri');
  requireLink(client.tosUri, 'tos_uri');
}

function requireName(name: string): void {
  if (name.trim() === '' || name.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name)) {
    throw invalidMetadata(`client_name must have 1 to ${MAX_NAME_LENGTH} printable characters`);
  }
}

function requireGrantTypes({ grantTypes, redirectUris }: Client): void {
  if (grantTypes.length === 0) throw invalidMetadata('grant_types is empty');
  const usesCode = grantTypes.includes('authorization_code');
  if (grantTypes.includes('refresh_token') && !usesCode) {
    throw invalidMetadata('grant_types: refresh_token needs authorization_code');
  }
  if (usesCode && redirectUris.length === 0) {
    throw new ClientMetadataError(
      'invalid_redirect_uri',
      'redirect_uris is needed for the grant type authorization_code',
    );
  }
}

function requireAuthentication(client: Client): void {
  const { tokenEndpointAuthMethod: method, grantTypes, jwks, requirePkce } = client;
  if (method === 'none' && grantTypes.includes('client_credentials')) {
    throw invalidMetadata(
      'a public client (token_endpoint_auth_method none) cannot use client_credentials',
    );
  }
  if (method === 'none' && !requirePkce) {
    throw invalidMetadata('domicile_require_pkce can be off for confidential clients only');
  }
  if (method === 'private_key_jwt' && (jwks === undefined || jwks.keys.length === 0)) {
    throw invalidMetadata('private_key_jwt needs jwks');
  }
  if (method !== 'private_key_jwt' && jwks !== undefined) {
    throw invalidMetadata('jwks is used with private_key_jwt only');
  }
}

/** Throws ClientMetadataError when a client allows a cell that the deployment does not have. */
export function requireKnownCells(
  { allowedCells = [] }: Pick<Client, 'allowedCells'>,
  cells: ReadonlyArray<CellName>,
): void {
  if (allowedCells.every((name) => cells.includes(name))) return;
  throw invalidMetadata(`domicile_allowed_cells may name ${cells.join(', ')}`);
}

/** The metadata as registered (RFC 7591 §3.2.1); `createClient` of it gives the same client. */
export function describeClient(client: Client): ClientMetadata & Readonly<Record<string, unknown>> {
  return {
    client_id: client.clientId,
    client_id_issued_at: client.createdAt,
    client_name: client.clientName,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    grant_types: client.grantTypes,
    response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    scope: client.scope,
    id_token_signed_response_alg: client.idTokenSignedResponseAlg,
    domicile_access_token_signed_response_alg: client.accessTokenSignedResponseAlg,
    domicile_audiences: client.audiences,
    domicile_require_pkce: client.requirePkce,
    domicile_first_party: client.firstParty,
    ...(client.allowedCells !== undefined && { domicile_allowed_cells: client.allowedCells }),
    ...(client.jwks !== undefined && { jwks: client.jwks }),
    ...(client.clientUri !== undefined && { client_uri: client.clientUri }),
    ...(client.policyUri !== undefined && { policy_uri: client.policyUri }),
    ...(client.tosUri !== undefined && { tos_uri: client.tosUri }),
    ...(client.branding.logo !== undefined && { domicile_logo: client.branding.logo }),
    ...(client.branding.color !== undefined && { domicile_color: client.branding.color }),
  };
}
