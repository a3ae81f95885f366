/**
 * Codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 8707 §2, RFC 9470 §3, OIDC
 * Core §3.1.2.6.
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'unsupported_token_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'access_denied'
  | 'login_required'
  | 'interaction_required'
  | 'consent_required'
  | 'account_selection_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported'
  | 'server_error'
  | 'temporarily_unavailable';

interface ErrorOptions {
  /** Precise reason for the log. Never holds a secret, token, code or address. */
  readonly detail: string;
  /** Public and coarse. Defaults to a sentence per code. */
  readonly description?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A protocol failure: `code` and `description` are public, `detail` goes to the log only. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly status: number;
  readonly description: string;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: OAuthErrorCode, options: ErrorOptions) {
    super(`${code}: ${options.detail}`, { cause: options.cause });
    this.name = 'OAuthError';
    this.code = code;
    this.status = options.status ?? DEFAULT_STATUS[code] ?? 400;
    this.description = options.description ?? DEFAULT_DESCRIPTION[code];
    this.detail = options.detail;
    this.headers = options.headers ?? {};
  }
}

const DEFAULT_STATUS: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  insufficient_user_authentication: 401,
  server_error: 500,
  temporarily_unavailable: 503,
};

const DEFAULT_DESCRIPTION: Record<OAuthErrorCode, string> = {
  invalid_request: 'The request is missing a parameter, repeats one or is otherwise malformed.',
  invalid_client: 'Client authentication failed.',
  invalid_grant: 'The grant is invalid, expired, revoked or was issued to another client.',
  unauthorized_client: 'The client may not use this grant type.',
  unsupported_grant_type: 'The grant type is not supported.',
  unsupported_response_type: 'The response type is not supported.',
  unsupported_token_type: 'The token type cannot be revoked.',
  invalid_scope: 'The scope is unknown, malformed or exceeds what may be granted.',
  invalid_target: 'The requested resource is unknown or not for this client.',
  invalid_token: 'The access token is expired, revoked, malformed or invalid.',
  insufficient_scope: 'The access token does not carry the scope that this needs.',
  insufficient_user_authentication: 'The person has to sign in again.',
  access_denied: 'The request was denied.',
  login_required: 'The person has to sign in.',
  interaction_required: 'The person has to interact.',
  consent_required: 'The person has to consent.',
  account_selection_required: 'The person has to choose an account.',
  request_not_supported: 'The request parameter is not supported.',
  request_uri_not_supported: 'The request_uri parameter is not supported.',
  registration_not_supported: 'The registration parameter is not supported.',
  server_error: 'The request could not be completed.',
  temporarily_unavailable: 'The service is busy. Please try again shortly.',
};

/** A dependency (DynamoDB, KMS, SES) failed after its retries: becomes 503 with `Retry-After`. */
export class UnavailableError extends Error {
  readonly dependency: string;
  readonly retryAfterSeconds: number;

  constructor(dependency: string, cause: unknown, retryAfterSeconds = 2) {
    super(`${dependency} is unavailable`, { cause });
    this.name = 'UnavailableError';
    this.dependency = dependency;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const CELL = 'cell ';

/** Another cell gave no answer. */
export class CellAwayError extends UnavailableError {
  constructor(cell: string, cause: unknown) {
    super(CELL + cell, cause);
  }
}

/** By its dependency, which an error that is shown as a form keeps. */
export function isCellAway(error: unknown): boolean {
  return error instanceof UnavailableError && error.dependency.startsWith(CELL);
}

/**
 * What cannot be unless we or an operator made a mistake: becomes 500. The log shows its message,
 * which therefore quotes no input, item or key.
 */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvariantError';
  }
}

/** A request that HTTP itself refuses (400, 403, 404, 405, 413, 415, 429); RFC 9457 on REST. */
export class HttpError extends Error {
  readonly status: number;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}: ${detail}`);
    this.name = 'HttpError';
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}
