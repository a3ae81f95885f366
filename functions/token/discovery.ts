import type { Endpoint } from '../http/message.ts';
import { publishedDocument } from '../http/published-document.ts';

/** Of clients that prove who they are. */
const PROOFS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];

const CLIENT_AUTHENTICATION = {
  methods: [...PROOFS, 'none'],
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
};

/**
 * `GET /.well-known/openid-configuration` (OIDC Discovery 1.0 §4) and
 * `GET /.well-known/oauth-authorization-server` (RFC 8414 §3): one document, both true.
 */
export function createDiscoveryEndpoint(issuer: string): Endpoint {
  const document = describeIssuer(issuer);
  return async (request) => publishedDocument(request, document);
}

function describeIssuer(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth2/authorize`,
    token_endpoint: `${issuer}/oauth2/token`,
    userinfo_endpoint: `${issuer}/oauth2/userinfo`,
    jwks_uri: `${issuer}/oauth2/jwks`,
    revocation_endpoint: `${issuer}/oauth2/revoke`,
    introspection_endpoint: `${issuer}/oauth2/introspect`,
    pushed_authorization_request_endpoint: `${issuer}/oauth2/par`,
    end_session_endpoint: `${issuer}/oauth2/logout`,
    scopes_supported: ['openid', 'profile', 'email', 'offline_access', 'privacy', 'consents'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION.methods,
    token_endpoint_auth_signing_alg_values_supported: CLIENT_AUTHENTICATION.algorithms,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION.methods,
    revocation_endpoint_auth_signing_alg_values_supported: CLIENT_AUTHENTICATION.algorithms,
    introspection_endpoint_auth_methods_supported: PROOFS,
    introspection_endpoint_auth_signing_alg_values_supported: CLIENT_AUTHENTICATION.algorithms,
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    claim_types_supported: ['normal'],
    claims_supported: [
      'iss',
      'sub',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'amr',
      'sid',
      'email',
      'email_verified',
      'locale',
      'updated_at',
      'consents',
    ],
    ui_locales_supported: ['en', 'de'],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    // OIDC Discovery §3: absent would mean true. Those of pushed requests (RFC 9126) are not meant.
    request_uri_parameter_supported: false,
    require_pushed_authorization_requests: false,
    authorization_response_iss_parameter_supported: true,
  };
}
