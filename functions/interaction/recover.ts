/** A forgotten password. Known and unknown addresses answer alike; both get a mail. */
import { orShowAgain } from '../browser/page-error.ts';
import { hiddenStaying, isSettled, staying } from '../browser/staying.ts';
import type { ChallengeContent } from '../core/challenge.ts';
import { normaliseEmailAddress } from '../core/email-address.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { findApparentHome, tooManyLookups } from './apparent-home.ts';
import { type CarriedRequest, hiddenRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { handOver } from './hand-over.ts';
import { beginChallenge, describeAsker } from './new-challenge.ts';
import { findTyped } from './typed-address.ts';

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
  const identifier = await deps.directory.hash('email', email);
  // Side by side, so that nobody can tell by time who is at home here.
  const [pointed, found] = await Promise.all([
    deps.directory.findResident(identifier),
    deps.cells.areSeveral ? findApparentHome(deps, http, identifier) : undefined,
  ]);
  if (found !== undefined && 'lockedUntil' in found) {
    return showRecover(deps, http, carried, tooManyLookups(found.lockedUntil, http.now));
  }
  if (pointed === undefined && found !== undefined && found.home !== deps.cells.own.name) {
    return handOver(deps, http, { to: found.home, page: 'recover', carried, email });
  }
  const seal = await deps.forms.seal(http);
  const asker = await describeAsker(deps, http, carried, { email, browser: seal.browser });
  const content: ChallengeContent =
    pointed === undefined
      ? { kind: 'no-account', ...asker }
      : { kind: 'recovery', ...asker, ...pointed };
  const begun = await beginChallenge(deps, http, { asker, content, cookies: seal.cookies });
  return 'answer' in begun ? begun.answer : showRecover(deps, http, carried, begun);
}

async function showRecover(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { status = 200, alert, error, headers }: Partial<Refusal> = {},
): Promise<HttpResponse> {
  const { cells, forms, pages } = deps;
  const seal = await forms.seal(http);
  const email =
    http.form.find('email') ?? (await findTyped(deps, http)) ?? carried.request?.loginHint ?? '';
  const signInUrl = withRequest('/sign-in', carried);
  return pages.show(
    http,
    {
      page: 'recover',
      form: {
        action: '/recover',
        hidden: {
          ...seal.hidden,
          ...hiddenRequest(carried),
          ...(isSettled(deps, http) && hiddenStaying(cells)),
        },
        values: { email },
        ...(error !== undefined && { errors: { email: error } }),
        ...(alert !== undefined && { alert }),
      },
      signInUrl: isSettled(deps, http) ? staying(cells, signInUrl) : signInUrl,
    },
    { status, visit: carried, cookies: seal.cookies, ...(headers !== undefined && { headers }) },
  );
}
