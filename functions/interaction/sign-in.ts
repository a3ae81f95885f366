/** Sign-in with e-mail and password. Unknown account and wrong password answer alike. */
import { findWayBack, forgetWayBack } from '../browser/after-sign-in.ts';
import { honourSignal } from '../browser/global-privacy-control.ts';
import { rememberDevice } from '../browser/known-devices.ts';
import { orShowAgain } from '../browser/page-error.ts';
import { isSettled, staying } from '../browser/staying.ts';
import { lockedMessage, retryAfter } from '../browser/waiting-time.ts';
import { normaliseEmailAddress } from '../core/email-address.ts';
import type { HashedIdentifier, IdentifierHash } from '../core/ids.ts';
import { normalisePassword } from '../core/password-policy.ts';
import type { SignInRecord } from '../core/ports/accounts.ts';
import type { AttemptsOf } from '../core/ports/attempts.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { findApparentHomeNearby } from './apparent-home.ts';
import { findCandidate } from './candidate.ts';
import { type CarriedRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { planDestination } from './destination.ts';
import { leadToKeeping } from './erasing-account.ts';
import { handOver } from './hand-over.ts';
import { showIdentify } from './identify.ts';
import { newSession } from './new-session.ts';
import { planRenewal } from './renewal.ts';
import { type SignInRefusal, showSignIn } from './sign-in-page.ts';
import { findTyped } from './typed-address.ts';

const WRONG: SignInRefusal = {
  status: 400,
  alert: { key: 'error.credentials' },
  counts: ['SignInFailed'],
};

/** GET: no AWS call once warm. Where the home has to be found first, asks for the address alone. */
export function createSignInPage(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await openCarried(deps, http);
    const email = (await findTyped(deps, http)) ?? carried.request?.loginHint ?? '';
    const show = isSettled(deps, http) ? showSignIn : showIdentify;
    return show(deps, http, carried, email);
  };
}

/** POST: four AWS calls, three deep. */
export function createSignIn(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await openCarried(deps, http);
    await deps.forms.requireOwn(http, staying(deps.cells, withRequest('/sign-in', carried)));
    const email = http.form.text('email');
    const password = http.form.text('password');
    const address = normaliseEmailAddress(email);
    const errors = findErrors(email, address, password);
    if (address === undefined || errors !== undefined) {
      return showSignIn(deps, http, carried, email, { status: 400, ...(errors && { errors }) });
    }
    return orShowAgain(
      async () => {
        const outcome = await signIn(deps, http, carried, address, password);
        return 'answer' in outcome
          ? outcome.answer
          : showSignIn(deps, http, carried, email, outcome);
      },
      () => showSignIn(deps, http, carried, email, UNAVAILABLE),
    );
  };
}

const UNAVAILABLE: SignInRefusal = { status: 503, alert: { key: 'error.unavailable' } };

async function signIn(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  address: string,
  password: string,
): Promise<SignInRefusal | { answer: HttpResponse }> {
  const identifier = await deps.directory.hash('email', address);
  const candidate = await findCandidate(deps, http, identifier);
  if ('lockedUntil' in candidate) return locked(candidate.lockedUntil, http.now);
  const { isResident, record, attempts } = candidate;
  const typed = normalisePassword(password);
  const isRight = await deps.passwords.verify(typed, record?.passwordHash);
  const keeping = isRight ? await leadToKeeping(deps, http, carried, record) : undefined;
  if (keeping !== undefined) return { answer: keeping };
  if (!isRight || record?.status !== 'active') {
    return lookElsewhere(deps, http, carried, { address, identifier, isResident });
  }
  return begin(deps, http, carried, {
    ...{ record, attempts, password: typed },
    identifier: identifier.current,
  });
}

interface Unproven {
  readonly address: string;
  readonly identifier: HashedIdentifier;
  readonly isResident: boolean;
}

/**
 * With several cells, no password that fits may be because the person is at home elsewhere. The
 * look-up is made, and counted, for residents too: else whoever has used up what their network may
 * look up, or is about to, could tell residents from people whom nobody knows.
 */
async function lookElsewhere(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { address, identifier, isResident }: Unproven,
): Promise<SignInRefusal | { answer: HttpResponse }> {
  if (!deps.cells.areSeveral) return WRONG;
  const found = await findApparentHomeNearby(deps, http, identifier);
  if (isResident || 'lockedUntil' in found || found.home === deps.cells.own.name) return WRONG;
  // The password goes no further: it is typed again where it can be compared.
  const handing = { to: found.home, page: 'sign-in', carried, email: address } as const;
  return { answer: await handOver(deps, http, handing) };
}

function locked(until: EpochSeconds, now: EpochSeconds): SignInRefusal {
  return {
    status: 429,
    alert: lockedMessage(until, now),
    headers: retryAfter(until, now),
    counts: ['SignInLocked'],
  };
}

interface Proven {
  readonly record: SignInRecord;
  readonly identifier: IdentifierHash;
  readonly attempts: AttemptsOf;
  readonly password: string;
}

async function begin(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { record, identifier, attempts, password }: Proven,
): Promise<SignInRefusal | { answer: HttpResponse }> {
  const verifiedHash = record.passwordHash ?? '';
  const where = { issuer: deps.settings.issuer, cells: deps.cells };
  // Signing in again keeps the session's id, so that signing out later ends all that began in it.
  const known = await deps.sessionCookies.locate(http);
  const reused = known?.sub === record.sub ? known.sessionId : undefined;
  const session = newSession(deps, http, record.sub, reused);
  const wayBack = findWayBack(where, http);
  const { choices } = record;
  const renewal = planRenewal(deps, carried, choices);
  const destination = renewal ?? planDestination(deps, http, carried, session, wayBack);
  const begun = await deps.signIns.begin({
    session,
    labelKey: record.labelKey,
    grant: destination.grant,
    verifiedHash,
    attempts,
    now: http.now,
    acting: actingOf(http, { type: 'person', sub: record.sub }),
    ...((await deps.passwords.isOutdated(verifiedHash)) && {
      renewedHash: await deps.passwords.hash(password),
    }),
  });
  if (begun.outcome === 'outdated') return WRONG;
  await honourSignal(deps, http, record.sub, choices);
  const { passwordChangedAt = http.now } = record;
  const cookies = [
    deps.sessionCookies.set(begun.sessionCookie),
    await rememberDevice(deps, http, identifier, passwordChangedAt),
    ...deps.homeHint.remember(),
    ...(renewal === undefined ? forgetWayBack(where, http) : []),
  ];
  return { answer: { ...destination.arrive(begun.code, cookies), counts: ['SignInSucceeded'] } };
}

/** What cannot be an address costs no attempt: nobody has an account with it. */
function findErrors(
  typed: string,
  address: string | undefined,
  password: string,
): SignInRefusal['errors'] | undefined {
  const required: Message = { key: 'error.required' };
  if (address !== undefined && password !== '') return undefined;
  const wrong: Message = typed.trim() === '' ? required : { key: 'error.email-invalid' };
  return {
    ...(address === undefined && { email: wrong }),
    ...(password === '' && { password: required }),
  };
}
