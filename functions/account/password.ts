/** Changing the password: signs out everybody else and ends what apps were granted elsewhere. */
import { orShowAgain } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import { tellPasswordChanged } from '../browser/password-change-notice.ts';
import { findPasswordError } from '../browser/password-choice.ts';
import { lockedMessage, retryAfter } from '../browser/waiting-time.ts';
import { normalisePassword } from '../core/password-policy.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Form, Message } from '../pages/view.ts';
import type { AccountPortal } from './dependencies.ts';
import { askToSignIn, findSignedIn, type SignedIn } from './signed-in.ts';

interface Refusal {
  readonly status: number;
  readonly alert?: Message;
  readonly errors?: NonNullable<Form<'current' | 'password'>['errors']>;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createPasswordPage(deps: AccountPortal): Endpoint {
  return async (http) => {
    const signedIn = await findSignedIn(deps, http);
    return signedIn === undefined ? askToSignIn() : showPassword(deps, http, signedIn);
  };
}

export function createPasswordChange(deps: AccountPortal): Endpoint {
  return async (http) => {
    await deps.forms.requireOwn(http, '/account/password');
    const signedIn = await findSignedIn(deps, http);
    if (signedIn === undefined) return askToSignIn();
    return orShowAgain(
      async () => {
        const refusal = await changePassword(deps, http, signedIn);
        if (refusal !== undefined) return showPassword(deps, http, signedIn, refusal);
        const { email } = signedIn.account.attributes;
        const owner = { email, locales: deps.pages.localesOf(http) };
        const counts = await tellPasswordChanged(deps, http, owner);
        return { ...seeOther('/account?notice=password-changed'), counts };
      },
      () => showPassword(deps, http, signedIn, UNAVAILABLE),
    );
  };
}

const UNAVAILABLE: Refusal = { status: 503, alert: { key: 'error.unavailable' } };
const NOT_CURRENT: Refusal = {
  status: 400,
  errors: { current: { key: 'error.current-password' } },
};

/** The new password is checked first: a bad one must not cost an attempt. */
async function changePassword(
  deps: AccountPortal,
  http: HttpRequest,
  { session, account }: SignedIn,
): Promise<Refusal | undefined> {
  const current = normalisePassword(http.form.text('current'));
  const typed = http.form.text('password');
  const errors = await findErrors(deps, current, typed, account.attributes.email);
  if (Object.keys(errors).length > 0) return { status: 400, errors };

  const reservation = await deps.attempts.reserve({ sub: session.sub }, http.now);
  if (reservation.outcome === 'locked') {
    const alert = lockedMessage(reservation.until, http.now);
    return { status: 429, alert, headers: retryAfter(reservation.until, http.now) };
  }
  const verifiedHash = (await deps.accounts.findForSignIn(session.sub))?.passwordHash;
  const isRight = await deps.passwords.verify(current, verifiedHash);
  if (!isRight || verifiedHash === undefined) return NOT_CURRENT;

  const newHash = await deps.passwords.hash(normalisePassword(typed));
  const { now } = http;
  const changed = await deps.signIns.changePassword({ session, verifiedHash, newHash, now });
  return changed ? undefined : NOT_CURRENT;
}

async function findErrors(
  { passwords, settings }: AccountPortal,
  current: string,
  typed: string,
  email: string,
): Promise<NonNullable<Refusal['errors']>> {
  const unchanged: Message = { key: 'error.password-unchanged' };
  const { productName, passwordMinimumLength: minimumLength } = settings;
  const wrong =
    typed !== '' && normalisePassword(typed) === current
      ? unchanged
      : await findPasswordError(passwords, typed, { email, productName, minimumLength });
  return {
    ...(current === '' && { current: { key: 'error.required' } as const }),
    ...(wrong !== undefined && { password: wrong }),
  };
}

async function showPassword(
  { forms, pages, settings }: AccountPortal,
  http: HttpRequest,
  { account }: SignedIn,
  { status = 200, alert, errors, headers }: Partial<Refusal> = {},
): Promise<HttpResponse> {
  const seal = await forms.seal(http);
  return pages.show(
    http,
    {
      page: 'password',
      form: {
        action: '/account/password',
        hidden: seal.hidden,
        ...(errors !== undefined && { errors }),
        ...(alert !== undefined && { alert }),
      },
      passwordMinimumLength: settings.passwordMinimumLength,
      accountUrl: '/account',
      email: account.attributes.email,
    },
    { status, cookies: seal.cookies, ...(headers !== undefined && { headers }) },
  );
}
