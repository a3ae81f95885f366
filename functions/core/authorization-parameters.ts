import { parseUiLocales } from './accept-language.ts';
import { requireKnownResources } from './access-token.ts';
import { type AuthorizationParameters, requireBounded } from './authorization-parameter-limits.ts';
import type { AuthorizationRequest, Prompt, ResponseMode } from './authorization-request.ts';
import type { Client } from './client.ts';
import { OAuthError } from './errors.ts';
import type { EpochSeconds } from './time.ts';

const PROMPTS: ReadonlyArray<string> = ['none', 'login', 'consent', 'select_account'];

/** How an error is answered before the request is known to be sound. */
export function readResponseMode(parameters: AuthorizationParameters): ResponseMode {
  return parameters.find('response_mode') === 'form_post' ? 'form_post' : 'query';
}

/**
 * Validates a request of a known client with a registered redirect URI (OIDC Core §3.1.2.2, RFC
 * 6749 §4.1.1, RFC 8707 §2, RFC 9700 §2.1). `id_token_hint` is left to the caller. Throws OAuthError, to be
 * answered by redirect.
 */
export function parseAuthorizationRequest(
  parameters: AuthorizationParameters,
  client: Client,
  { issuer, now }: { readonly issuer: string; readonly now: EpochSeconds },
): AuthorizationRequest {
  requireSupported(parameters);
  requireBounded(parameters);
  requireCodeFlow(parameters, client);
  const prompt = parsePrompt(parameters.find('prompt'));
  const maxAgeSeconds = parseMaxAge(parameters.find('max_age'));
  const codeChallenge = parseCodeChallenge(parameters, client);
  const state = parameters.find('state');
  const nonce = parameters.find('nonce');
  const loginHint = parameters.find('login_hint');
  const resources = parseResources(parameters, client, issuer);
  return {
    clientId: client.clientId,
    redirectUri: parameters.find('redirect_uri') ?? '',
    responseMode: readResponseMode(parameters),
    scope: parseScope(parameters.find('scope'), client),
    prompt,
    uiLocales: parseUiLocales(parameters.find('ui_locales') ?? ''),
    requestedAt: now,
    ...(state !== undefined && { state }),
    ...(nonce !== undefined && { nonce }),
    ...(codeChallenge !== undefined && { codeChallenge }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(loginHint !== undefined && { loginHint }),
    ...(resources.length > 0 && { resources }),
  };
}

/** OIDC Core §6.1, §6.2 and §7.2.1 name an error for each of these. */
function requireSupported(parameters: AuthorizationParameters): void {
  if (parameters.find('request') !== undefined) {
    throw new OAuthError('request_not_supported', { detail: 'request object' });
  }
  if (parameters.find('request_uri') !== undefined) {
    throw new OAuthError('request_uri_not_supported', { detail: 'request_uri' });
  }
  if (parameters.find('registration') !== undefined) {
    throw new OAuthError('registration_not_supported', { detail: 'registration' });
  }
}

function requireCodeFlow(parameters: AuthorizationParameters, client: Client): void {
  const responseType = parameters.find('response_type');
  if (responseType === undefined) throw invalidRequest('response_type is missing');
  if (responseType !== 'code') {
    throw new OAuthError('unsupported_response_type', { detail: 'not the code flow' });
  }
  if (!client.grantTypes.includes('authorization_code')) {
    throw new OAuthError('unauthorized_client', { detail: 'client without authorization_code' });
  }
  const mode = parameters.find('response_mode') ?? 'query';
  if (mode !== 'query' && mode !== 'form_post') throw invalidRequest('unknown response_mode');
}

/** PKCE with S256 alone: `plain` protects nothing (RFC 9700 §2.1.1). */
function parseCodeChallenge(
  parameters: AuthorizationParameters,
  client: Client,
): string | undefined {
  const challenge = parameters.find('code_challenge');
  const method = parameters.find('code_challenge_method');
  if (challenge === undefined) {
    if (method !== undefined) throw invalidRequest('code_challenge_method without challenge');
    if (client.requirePkce) throw invalidRequest('code_challenge is missing');
    return undefined;
  }
  if (method !== 'S256') throw invalidRequest('code_challenge_method is not S256');
  if (!/^[\w-]{43}$/.test(challenge)) throw invalidRequest('code_challenge is no SHA-256');
  return challenge;
}

function parsePrompt(value: string | undefined): ReadonlyArray<Prompt> {
  const prompts = new Set((value ?? '').split(' ').filter((word) => word !== ''));
  const unknown = [...prompts].find((word) => !PROMPTS.includes(word));
  if (unknown !== undefined) throw invalidRequest('unknown prompt');
  if (prompts.has('none') && prompts.size > 1) throw invalidRequest('prompt none among others');
  return (['none', 'login', 'consent', 'select_account'] as const).filter((p) => prompts.has(p));
}

function parseMaxAge(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,10}$/.test(value)) throw invalidRequest('max_age is no whole number');
  return Number(value);
}

/** Unknown scopes are passed over (OIDC Core §3.1.2.1); nothing left is an error (RFC 6749 §3.3). */
function parseScope(value: string | undefined, client: Client): string {
  const registered = new Set(client.scope.split(' '));
  const isRefreshable = client.grantTypes.includes('refresh_token');
  const granted = [...new Set((value ?? '').split(' '))].filter(
    (scope) =>
      registered.has(scope) && scope !== '' && (scope !== 'offline_access' || isRefreshable),
  );
  if (granted.length === 0) {
    throw new OAuthError('invalid_scope', { detail: 'no scope that this client may ask for' });
  }
  return granted.join(' ');
}

/** RFC 8707 §2: refused here, not at the token endpoint, where the person has signed in already. */
function parseResources(
  parameters: AuthorizationParameters,
  client: Client,
  issuer: string,
): ReadonlyArray<string> {
  const resources = new Set(parameters.all('resource').filter((resource) => resource !== ''));
  requireKnownResources(client, [...resources], issuer);
  return [...resources];
}

function invalidRequest(detail: string): OAuthError {
  return new OAuthError('invalid_request', { detail });
}
