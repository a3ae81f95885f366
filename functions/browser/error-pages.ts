import { HttpError, OAuthError, UnavailableError } from '../core/errors.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { View } from '../pages/view.ts';
import { PageError, UnavailableForm } from './page-error.ts';
import type { Pages } from './pages.ts';

type ErrorView = Omit<Extract<View, { page: 'error' }>, 'page'>;

/** Any failure as a page that says what to do next; precise reasons go to the log alone. */
export function createErrorPages(
  pages: Pages,
): (error: unknown, http: HttpRequest) => HttpResponse {
  return (error, http) => {
    if (error instanceof UnavailableForm) return error.answer;
    const { status, view, headers } = describe(error, http);
    return pages.show(http, { page: 'error', ...view }, { status, headers });
  };
}

function describe(
  error: unknown,
  http: HttpRequest,
): { status: number; view: ErrorView; headers: Readonly<Record<string, string>> } {
  if (error instanceof UnavailableError) {
    const headers = { 'retry-after': String(error.retryAfterSeconds) };
    return { status: 503, view: { ...UNAVAILABLE, ...retrying(http) }, headers };
  }
  if (error instanceof OAuthError) {
    const technical = `${error.code}: ${error.description}`;
    return { status: 400, view: { ...REQUEST, technical }, headers: {} };
  }
  if (error instanceof HttpError) {
    return { status: error.status, view: describeHttpError(error, http), headers: error.headers };
  }
  return { status: 500, view: { ...INTERNAL, requestId: http.requestId }, headers: {} };
}

function describeHttpError(error: HttpError, http: HttpRequest): ErrorView {
  if (error instanceof PageError) {
    return {
      title: { key: error.title },
      text: { key: error.text },
      ...(error.retryUrl !== undefined && { retryUrl: error.retryUrl }),
      ...(error.technical !== undefined && { technical: error.technical }),
    };
  }
  if (error.status === 404) return NOT_FOUND;
  if (error.status === 429) return { ...TOO_MANY_REQUESTS, ...retrying(http) };
  return { ...FORGED, retryUrl: http.path };
}

/** The same page again; a form that was posted is reached by its address. */
function retrying(http: HttpRequest): { retryUrl: string } {
  if (http.method !== 'GET') return { retryUrl: http.path };
  const query = http.query.names().map((name) => [name, http.query.text(name)]);
  return { retryUrl: addToQuery(http.path, Object.fromEntries(query)) };
}

const UNAVAILABLE: ErrorView = {
  title: { key: 'error-title.unavailable' },
  text: { key: 'error.unavailable' },
};
const REQUEST: ErrorView = {
  title: { key: 'error-title.request' },
  text: { key: 'error.request' },
};
const INTERNAL: ErrorView = {
  title: { key: 'error-title.internal' },
  text: { key: 'error.internal' },
};
const NOT_FOUND: ErrorView = {
  title: { key: 'error-title.not-found' },
  text: { key: 'error.not-found' },
};
const TOO_MANY_REQUESTS: ErrorView = {
  title: { key: 'error-title.too-many-requests' },
  text: { key: 'error.too-many-requests' },
};
const FORGED: ErrorView = {
  title: { key: 'error-title.form-forged' },
  text: { key: 'error.form-forged' },
};
