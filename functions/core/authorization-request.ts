import type { ClientId, Sub } from './ids.ts';
import type { EpochSeconds } from './time.ts';

export type ResponseMode = 'query' | 'form_post';
export type Prompt = 'none' | 'login' | 'consent' | 'select_account';

/** A validated authorization request (OIDC Core §3.1.2.1); travels sealed in the browser. */
export interface AuthorizationRequest {
  readonly clientId: ClientId;
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  /** Only scopes that the client may ask for, space-separated. */
  readonly scope: string;
  readonly state?: string;
  readonly nonce?: string;
  /** S256 only (RFC 7636 §4.2). Absent only for clients registered without PKCE. */
  readonly codeChallenge?: string;
  readonly prompt: ReadonlyArray<Prompt>;
  readonly maxAgeSeconds?: number;
  readonly loginHint?: string;
  /** RFC 8707 §2: what the access tokens are for. Registered with the client; never empty. */
  readonly resources?: ReadonlyArray<string>;
  /** The `sub` of a verified `id_token_hint`. */
  readonly subHint?: Sub;
  /** BCP 47 tags in order of preference. */
  readonly uiLocales: ReadonlyArray<string>;
  /** When it arrived: `prompt=login` is satisfied by nothing older (OIDC Core §3.1.2.1). */
  readonly requestedAt: EpochSeconds;
}

/**
 * What is kept of it once somebody has typed an address: the hint has been taken or passed over, and
 * may name a person who is at home in another cell.
 */
export function withoutLoginHint(request: AuthorizationRequest): AuthorizationRequest {
  const { loginHint: _, ...kept } = request;
  return kept;
}
