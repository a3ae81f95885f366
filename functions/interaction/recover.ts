/** A forgotten password. Known and unknown addresses answer alike; both get a mail. */
import type { FormSeal } from '../browser/forms.ts';
import { orShowAgain } from '../browser/page-error.ts';
import { retryAfter, tooManyMailsMessage } from '../browser/waiting-time.ts';
import type { ChallengeContent } from '../core/challenge.ts';
import { normaliseEmailAddress } from '../core/email-address.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/view.ts';
import { type CarriedRequest, hiddenRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { goToCodePage } from './flow.ts';
import { beginChallenge } from './new-challenge.ts';

interface Refusal {
  readonly status: number;
  readonly alert?: Message;
  readonly error?: Message;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createRecoverPage(deps: Interaction): Endpoint {
  return async (http) => showRecover(deps, http, await openCarried(deps, http));
}

export function createRecover(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await openCarried(deps, http);
    await deps.forms.requireOwn(http, withRequest('/recover', carried));
    return orShowAgain(
      () => recover(deps, http, carried),
      () => showRecover(deps, http, carried, { status: 503, alert: { key: 'error.unavailable' } }),
    );
  };
}

async function recover(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
): Promise<HttpResponse> {
  const typed = http.form.text('email').trim();
  const email = normaliseEmailAddress(typed);
  if (email === undefined) {
    const key = typed === '' ? 'error.required' : 'error.email-invalid';
    return showRecover(deps, http, carried, { status: 400, error: { key } });
  }
  const seal = await deps.forms.seal(http);
  const content = await createContent(deps, http, carried, seal, email);
  const challenge = await beginChallenge(deps, http, content);
  if (challenge.outcome === 'too-many-mails') {
    return showRecover(deps, http, carried, {
      status: 429,
      alert: tooManyMailsMessage(challenge.until, http.now),
      headers: retryAfter(challenge.until, http.now),
    });
  }
  const { challengeId } = challenge;
  const { request } = carried;
  const { browser, cookies } = seal;
  const flow = {
    kind: 'recovery',
    challengeId,
    email,
    browser,
    ...(request && { request }),
  } as const;
  return goToCodePage(deps, http, flow, cookies);
}

async function createContent(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { browser }: FormSeal,
  email: string,
): Promise<ChallengeContent> {
  const identifier = await deps.directory.hash('email', email);
  const sub = await deps.directory.findSub(identifier);
  const { request } = carried;
  const locales = deps.pages.localesOf(http, carried);
  const addressed = { email, identifier, locales, browser, ...(request && { request }) };
  return sub === undefined
    ? { kind: 'no-account', ...addressed }
    : { kind: 'recovery', ...addressed, sub };
}

async function showRecover(
  { forms, pages }: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { status = 200, alert, error, headers }: Partial<Refusal> = {},
): Promise<HttpResponse> {
  const seal = await forms.seal(http);
  const email = http.form.find('email') ?? carried.request?.loginHint ?? '';
  return pages.show(
    http,
    {
      page: 'recover',
      form: {
        action: '/recover',
        hidden: { ...seal.hidden, ...hiddenRequest(carried) },
        values: { email },
        ...(error !== undefined && { errors: { email: error } }),
        ...(alert !== undefined && { alert }),
      },
      signInUrl: withRequest('/sign-in', carried),
    },
    { status, visit: carried, cookies: seal.cookies, ...(headers !== undefined && { headers }) },
  );
}
