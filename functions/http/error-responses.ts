import { HttpError, OAuthError, type OAuthErrorCode, UnavailableError } from '../core/errors.ts';
import { privateJson } from './json-response.ts';
import type { HttpResponse } from './message.ts';

/** RFC 6749 §5.2: errors of token-like endpoints are JSON that nobody may store. */
export function renderOAuthError(error: unknown): HttpResponse {
  if (error instanceof OAuthError) {
    return oauthResponse(error.status, error.code, error.description, error.headers);
  }
  if (error instanceof UnavailableError) {
    return oauthResponse(503, 'temporarily_unavailable', 'The service is busy.', {
      'retry-after': String(error.retryAfterSeconds),
    });
  }
  if (error instanceof HttpError) {
    return oauthResponse(error.status, 'invalid_request', error.detail, error.headers);
  }
  return oauthResponse(500, 'server_error', 'The request could not be completed.');
}

/** RFC 9457: problem details, without a `type`, since the status says it all. */
export function renderProblem(error: unknown): HttpResponse {
  if (error instanceof OAuthError) {
    return problemResponse(error.status, error.description, error.headers);
  }
  if (error instanceof UnavailableError) {
    return problemResponse(503, 'The service is busy. Please try again shortly.', {
      'retry-after': String(error.retryAfterSeconds),
    });
  }
  if (error instanceof HttpError) return problemResponse(error.status, error.detail, error.headers);
  return problemResponse(500, 'The request could not be completed.');
}

function oauthResponse(
  status: number,
  code: OAuthErrorCode,
  description: string,
  headers?: Readonly<Record<string, string>>,
): HttpResponse {
  return privateJson({ error: code, error_description: description }, status, headers);
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

function problemResponse(
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...headers,
    },
    body: JSON.stringify({ title: TITLES[status] ?? 'Error', status, detail }),
  };
}
