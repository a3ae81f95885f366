/** `/account/privacy/delete`: the end of an account, asked for by its owner (GDPR Art. 17). */
import { signInAndComeBack } from '../../browser/after-sign-in.ts';
import { askForErasure } from '../../browser/erasure-asking.ts';
import { orShowAgain } from '../../browser/page-error.ts';
import { lockedMessage, retryAfter } from '../../browser/waiting-time.ts';
import { normalisePassword } from '../../core/password-policy.ts';
import type { SignInRecord } from '../../core/ports/accounts.ts';
import { addSeconds, DAY_SECONDS } from '../../core/time.ts';
import { actingOf } from '../../http/acting.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../../http/message.ts';
import type { Form, Message } from '../../pages/form-state.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { forSignedIn, PRIVACY_PAGE, type SignedIn } from './signed-in.ts';

const DELETE_PAGE = `${PRIVACY_PAGE}/delete`;

interface Refusal {
  readonly status: number;
  readonly alert?: Message;
  readonly errors?: NonNullable<Form<'password'>['errors']>;
  readonly headers?: Readonly<Record<string, string>>;
}

const UNAVAILABLE: Refusal = { status: 503, alert: { key: 'error.unavailable' } };

/** Somebody who was here just now, or has a password to prove it is them. */
interface Leaving extends SignedIn {
  readonly record: SignInRecord;
}

export function createDeletePage(deps: PrivacyPortal): Endpoint {
  return forLeaving(deps, (http, leaving) => showDelete(deps, http, leaving));
}

/** POST: signed out everywhere, and told when it begins and which way leads back. */
export function createDeletion(deps: PrivacyPortal): Endpoint {
  return forLeaving(deps, (http, leaving) =>
    orShowAgain(
      async () => {
        const refusal = await findRefusal(deps, http, leaving);
        return refusal === undefined
          ? leave(deps, http, leaving)
          : showDelete(deps, http, leaving, refusal);
      },
      () => showDelete(deps, http, leaving, UNAVAILABLE),
    ),
  );
}

/** Whoever has no password signs in anew first: a session that was left open is not enough. */
function forLeaving(
  deps: PrivacyPortal,
  answer: (http: HttpRequest, leaving: Leaving) => Promise<HttpResponse>,
): Endpoint {
  const where = { issuer: deps.settings.issuer, cells: deps.cells };
  return forSignedIn(deps, DELETE_PAGE, async (http, signedIn) => {
    const record = await deps.accounts.findForSignIn(signedIn.sub);
    if (record === undefined) return signInAndComeBack(where, DELETE_PAGE);
    const isFresh = http.now - signedIn.session.authTime <= deps.freshSignInSeconds;
    if (record.passwordHash === undefined && !isFresh) {
      return signInAndComeBack(where, DELETE_PAGE);
    }
    return answer(http, { ...signedIn, record });
  });
}

/** As at any other place, wrong passwords are counted, and too many lock this one. */
async function findRefusal(
  { attempts, passwords }: PrivacyPortal,
  http: HttpRequest,
  { sub, actor, record }: Leaving,
): Promise<Refusal | undefined> {
  if (record.passwordHash === undefined) return undefined;
  const password = normalisePassword(http.form.text('password'));
  if (password === '') return { status: 400, errors: { password: { key: 'error.required' } } };
  const reservation = await attempts.reserve({ sub }, http.now, actingOf(http, actor));
  if (reservation.outcome === 'locked') {
    const { until } = reservation;
    const headers = retryAfter(until, http.now);
    return { status: 429, alert: lockedMessage(until, http.now), headers };
  }
  if (!(await passwords.verify(password, record.passwordHash))) {
    return { status: 400, errors: { password: { key: 'error.current-password' } } };
  }
  await attempts.giveBack({ sub });
  return undefined;
}

async function leave(
  deps: PrivacyPortal,
  http: HttpRequest,
  { sub, actor, record }: Leaving,
): Promise<HttpResponse> {
  const asked = await askForErasure(deps, { sub, acting: actingOf(http, actor) });
  const cookies = [deps.sessionCookies.clear()];
  if (asked === undefined) {
    const where = { issuer: deps.settings.issuer, cells: deps.cells };
    return signInAndComeBack(where, PRIVACY_PAGE);
  }
  const { request, counts } = asked;
  const { erasesAt = request.requestedAt } = request;
  const page = deps.pages.show(
    http,
    {
      page: 'account-leaving',
      erasesAt,
      hasGrace: erasesAt > http.now,
      isHeld: record.isHeld === true,
    },
    { cookies },
  );
  return { ...page, counts };
}

async function showDelete(
  deps: PrivacyPortal,
  http: HttpRequest,
  { account, record }: Leaving,
  { status = 200, alert, errors, headers = {} }: Partial<Refusal> = {},
): Promise<HttpResponse> {
  const { policy, erasureGraceDays } = deps;
  const { hidden, cookies } = await deps.forms.seal(http);
  return deps.pages.show(
    http,
    {
      page: 'privacy-delete',
      form: {
        action: DELETE_PAGE,
        hidden,
        ...(alert !== undefined && { alert }),
        ...(errors !== undefined && { errors }),
      },
      asksPassword: record.passwordHash !== undefined,
      email: account.attributes.email,
      erasesAt: addSeconds(http.now, erasureGraceDays * DAY_SECONDS),
      hasGrace: erasureGraceDays > 0,
      isHeld: record.isHeld === true,
      keepsConsents: policy.atErasure.consentHistory === 'anonymise',
      processors: policy.processors.map(({ name }) => name),
      copyUrl: `${PRIVACY_PAGE}/export`,
      backUrl: PRIVACY_PAGE,
    },
    { status, cookies, headers },
  );
}
