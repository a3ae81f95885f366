import { type Pages, seeOther } from '../browser/pages.ts';
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import type { Client } from '../core/client.ts';
import type { OAuthError } from '../core/errors.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';

/** Where and how to answer: known before the rest of a request is sound. */
export interface ResponseTarget {
  readonly client: Client;
  readonly request: Pick<
    AuthorizationRequest,
    'redirectUri' | 'responseMode' | 'state' | 'uiLocales'
  >;
}

interface ResponseDeps {
  readonly pages: Pages;
  readonly settings: { readonly issuer: string };
}

/** RFC 6749 §4.1.2, with `iss` against mix-up attacks (RFC 9207 §2). */
export function respondWithCode(
  deps: ResponseDeps,
  http: HttpRequest,
  target: ResponseTarget,
  code: string,
  cookies: ReadonlyArray<string> = [],
): HttpResponse {
  return respond(deps, http, target, { code }, cookies);
}

/** RFC 6749 §4.1.2.1. */
export function respondWithError(
  deps: ResponseDeps,
  http: HttpRequest,
  target: ResponseTarget,
  error: Pick<OAuthError, 'code' | 'description'>,
  cookies: ReadonlyArray<string> = [],
): HttpResponse {
  const parameters = { error: error.code, error_description: error.description };
  return respond(deps, http, target, parameters, cookies);
}

function respond(
  { pages, settings }: ResponseDeps,
  http: HttpRequest,
  target: ResponseTarget,
  outcome: Readonly<Record<string, string>>,
  cookies: ReadonlyArray<string>,
): HttpResponse {
  const { redirectUri, responseMode, state } = target.request;
  const parameters = { ...outcome, ...(state !== undefined && { state }), iss: settings.issuer };
  if (responseMode === 'query') return seeOther(addToQuery(redirectUri, parameters), cookies);
  // OAuth 2.0 Form Post Response Mode 1.0 §2
  return pages.show(
    http,
    { page: 'form-post', form: { action: redirectUri, hidden: parameters } },
    { visit: target, cookies, script: true },
  );
}
