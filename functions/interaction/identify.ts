/** Sign-in where the home is not known yet: asks for the address alone, and leads there. */
import { orShowAgain } from '../browser/page-error.ts';
import { choosing, hiddenChoosing } from '../browser/staying.ts';
import { normaliseEmailAddress } from '../core/email-address.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { findApparentHome, tooManyLookups } from './apparent-home.ts';
import { type CarriedRequest, hiddenRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { handOver } from './hand-over.ts';
import { notFound } from './not-found.ts';

interface Refusal {
  readonly status: number;
  readonly alert?: Message;
  readonly error?: Message;
  readonly headers?: Readonly<Record<string, string>>;
}

/** POST. With one cell nobody is asked. */
export function createIdentify(deps: Interaction): Endpoint {
  if (!deps.cells.areSeveral) return notFound;
  return async (http) => {
    const carried = await openCarried(deps, http);
    await deps.forms.requireOwn(http, choosing(withRequest('/sign-in', carried)));
    return orShowAgain(
      () => identify(deps, http, carried),
      () => showAgain(deps, http, carried, { status: 503, alert: { key: 'error.unavailable' } }),
    );
  };
}

async function identify(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
): Promise<HttpResponse> {
  const email = http.form.text('email').trim();
  const address = normaliseEmailAddress(email);
  if (address === undefined) {
    const key = email === '' ? 'error.required' : 'error.email-invalid';
    return showAgain(deps, http, carried, { status: 400, error: { key } });
  }
  const identifier = await deps.directory.hash('email', address);
  const found = await findApparentHome(deps, http, identifier);
  if ('lockedUntil' in found) {
    return showAgain(deps, http, carried, tooManyLookups(found.lockedUntil, http.now));
  }
  return handOver(deps, http, { to: found.home, page: 'sign-in', carried, email });
}

function showAgain(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  refusal: Refusal,
): Promise<HttpResponse> {
  return showIdentify(deps, http, carried, http.form.text('email'), refusal);
}

export async function showIdentify(
  { forms, pages, settings }: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  email: string,
  { status = 200, alert, error, headers }: Partial<Refusal> = {},
): Promise<HttpResponse> {
  const seal = await forms.seal(http);
  return pages.show(
    http,
    {
      page: 'identify',
      form: {
        action: '/sign-in/identifier',
        hidden: { ...seal.hidden, ...hiddenRequest(carried), ...hiddenChoosing() },
        values: { email },
        ...(error !== undefined && { errors: { email: error } }),
        ...(alert !== undefined && { alert }),
      },
      ...(settings.selfRegistration && { signUpUrl: withRequest('/sign-up', carried) }),
    },
    { status, visit: carried, cookies: seal.cookies, ...(headers !== undefined && { headers }) },
  );
}
