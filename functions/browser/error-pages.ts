import { HttpError, OAuthError, UnavailableError } from '../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { MessageKey } from '../pages/form-state.ts';
import type { View } from '../pages/view.ts';
import { PageError, UnavailableForm } from './page-error.ts';
import { pageUrlOf } from './page-url.ts';
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
    const view = { ...saying('unavailable'), retryUrl: pageUrlOf(http) };
    return { status: 503, view, headers: { 'retry-after': String(error.retryAfterSeconds) } };
  }
  if (error instanceof OAuthError) {
    const technical = `${error.code}: ${error.description}`;
    return { status: 400, view: { ...saying('request'), technical }, headers: {} };
  }
  if (error instanceof HttpError) {
    return { status: error.status, view: describeHttpError(error, http), headers: error.headers };
  }
  return { status: 500, view: { ...saying('internal'), requestId: http.requestId }, headers: {} };
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
  const retryUrl = pageUrlOf(http);
  switch (error.status) {
    case 403:
      return { ...saying('session-ended'), retryUrl };
    case 404:
      return {
        ...saying('not-found'),
        retryUrl: '/account',
        retryLabel: { key: 'action.to-account' },
      };
    case 413:
      return { ...saying('form-too-large'), retryUrl };
    case 415:
      return { ...saying('form-malformed', 'error.form-type'), retryUrl };
    default:
      return { ...saying('form-malformed'), retryUrl };
  }
}

/** What has a title and a text of its own. */
type Failure =
  | 'form-malformed'
  | 'form-too-large'
  | 'internal'
  | 'not-found'
  | 'request'
  | 'session-ended'
  | 'unavailable';

function saying(failure: Failure, text: MessageKey = `error.${failure}`): ErrorView {
  return { title: { key: `error-title.${failure}` }, text: { key: text } };
}
