/** Changing the password: signs out everybody else and ends what apps were granted elsewhere. */
import { concludePasswordChange } from '../browser/after-password-change.ts';
import { labelOf } from '../browser/browser-label.ts';
import { rememberDevice } from '../browser/known-devices.ts';
import { orShowAgain } from '../browser/page-error.ts';
import { seeOther } from '../browser/pages.ts';
import { findPasswordError } from '../browser/password-choice.ts';
import { lockedMessage, retryAfter } from '../browser/waiting-time.ts';
import { normaliseEmailAddress } from '../core/email-address.ts';
import { normalisePassword } from '../core/password-policy.ts';
import type { Changed } from '../core/ports/sign-ins.ts';
import { actingOf } from '../http/acting.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Form, Message } from '../pages/form-state.ts';
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
        const outcome = await changePassword(deps, http, signedIn);
        return 'status' in outcome
          ? showPassword(deps, http, signedIn, outcome)
          : conclude(deps, http, signedIn, outcome);
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
): Promise<Refusal | Changed> {
  const current = normalisePassword(http.form.text('current'));
  const typed = http.form.text('password');
  const errors = await findErrors(deps, current, typed, account.attributes.email);
  if (Object.keys(errors).length > 0) return { status: 400, errors };

  const acting = actingOf(http, { type: 'person', sub: session.sub });
  const reservation = await deps.attempts.reserve({ sub: session.sub }, http.now, acting);
  if (reservation.outcome === 'locked') {
    const alert = lockedMessage(reservation.until, http.now);
    return { status: 429, alert, headers: retryAfter(reservation.until, http.now) };
  }
  const record = await deps.accounts.findForSignIn(session.sub);
  const verifiedHash = record?.passwordHash;
  const isRight = await deps.passwords.verify(current, verifiedHash);
  if (!isRight || verifiedHash === undefined) return NOT_CURRENT;

  const newHash = await deps.passwords.hash(normalisePassword(typed));
  const changed = await deps.signIns.changePassword({
    session: { ...session, ...labelOf(http) },
    labelKey: record?.labelKey,
    verifiedHash,
    newHash,
    acting,
  });
  return changed.outcome === 'changed' ? changed : NOT_CURRENT;
}

/** The new cookie replaces one that may have been copied. */
async function conclude(
  deps: AccountPortal,
  http: HttpRequest,
  { account }: SignedIn,
  { session, sessionCookie }: Changed,
): Promise<HttpResponse> {
  const { email } = account.attributes;
  const owner = { email, locales: deps.pages.localesOf(http) };
  const counts = await concludePasswordChange(deps, http, session, owner);
  const normalised = normaliseEmailAddress(email) ?? email;
  const { current: identifier } = await deps.directory.hash('email', normalised);
  const cookies = [
    deps.sessionCookies.set(sessionCookie),
    await rememberDevice(deps, http, identifier, http.now),
  ];
  return { ...seeOther('/account?notice=password-changed', cookies), counts };
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
