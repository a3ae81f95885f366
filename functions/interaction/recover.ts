/** A forgotten password. Known and unknown addresses answer alike; both get a mail. */
import { orShowAgain } from '../browser/page-error.ts';
import type { Addressed, ChallengeContent } from '../core/challenge.ts';
import { normaliseEmailAddress } from '../core/email-address.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/view.ts';
import { type CarriedRequest, hiddenRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { beginChallenge, describeAsker } from './new-challenge.ts';

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
  const asker = await describeAsker(deps, http, carried, { email, browser: seal.browser });
  const content = await createContent(deps, asker);
  const begun = await beginChallenge(deps, http, content, seal.cookies);
  return 'answer' in begun ? begun.answer : showRecover(deps, http, carried, begun);
}

async function createContent(
  { directory }: Interaction,
  asker: Addressed,
): Promise<ChallengeContent> {
  const sub = await directory.findResident(await directory.hash('email', asker.email));
  return sub === undefined ? { kind: 'no-account', ...asker } : { kind: 'recovery', ...asker, sub };
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
