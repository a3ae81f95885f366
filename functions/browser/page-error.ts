import { HttpError, UnavailableError } from '../core/errors.ts';
import type { HttpResponse } from '../http/message.ts';
import type { MessageKey } from '../pages/form-state.ts';

interface PageErrorOptions {
  readonly title: MessageKey;
  readonly text: MessageKey;
  /** Precise reason for the log. Never holds a secret, token, code or address. */
  readonly detail: string;
  readonly status?: number;
  /** A way on. */
  readonly retryUrl?: string;
  /** For the maker of the app that sent somebody here. */
  readonly technical?: string;
}

/** A refusal that a person reads: 400 unless it says otherwise. */
export class PageError extends HttpError {
  readonly title: MessageKey;
  readonly text: MessageKey;
  readonly retryUrl: string | undefined;
  readonly technical: string | undefined;

  constructor(options: PageErrorOptions) {
    super(options.status ?? 400, options.detail);
    this.name = 'PageError';
    this.title = options.title;
    this.text = options.text;
    this.retryUrl = options.retryUrl;
    this.technical = options.technical;
  }
}

/** State that is stale or was never ours: "this page has expired", with a way on. */
export function pageExpired(detail: string, retryUrl: string): PageError {
  return new PageError({
    title: 'error-title.page-expired',
    text: 'error.page-expired',
    detail,
    retryUrl,
  });
}

/** A dependency failed while a form was worked on: the answer is that form, as it was typed. */
export class UnavailableForm extends UnavailableError {
  readonly answer: HttpResponse;

  constructor(cause: UnavailableError, page: HttpResponse) {
    super(cause.dependency, cause.cause, cause.retryAfterSeconds);
    this.name = 'UnavailableForm';
    const headers = { ...page.headers, 'retry-after': String(cause.retryAfterSeconds) };
    this.answer = { ...page, status: 503, headers };
  }
}

/** Runs a form's work; when a dependency is busy, shows the form again, with nothing lost. */
export async function orShowAgain(
  work: () => Promise<HttpResponse>,
  showAgain: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UnavailableForm(error, await showAgain());
  }
}
