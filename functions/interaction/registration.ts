import { rememberDevice } from '../browser/known-devices.ts';
import { PageError } from '../browser/page-error.ts';
import type { SignUpChallenge } from '../core/challenge.ts';
import type { ChallengeId } from '../core/ids.ts';
import type { Registered, Registration } from '../core/ports/sign-ins.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { chooseLanguage } from '../pages/locale.ts';
import { type CarriedRequest, carry, withRequest } from './carried-request.ts';
import { settleAtHome } from './cell-messages.ts';
import type { Interaction } from './dependencies.ts';
import { planDestination } from './destination.ts';
import { linkInvalid } from './mailed-link.ts';
import { newSession } from './new-session.ts';

/**
 * Creates the account of a confirmed address and signs in: one transaction. In another browser
 * than the one that signed up, the app that waits there is not answered.
 */
export async function register(
  deps: Interaction,
  http: HttpRequest,
  challengeId: ChallengeId,
  content: SignUpChallenge,
): Promise<HttpResponse> {
  noteSubject(http, { sub: content.sub });
  const isSameBrowser = content.browser === deps.forms.browserOf(http);
  const carried = await carry(deps, isSameBrowser ? content.request : undefined);
  const session = newSession(deps, http, content.sub);
  const destination = planDestination(deps, http, carried, session);
  const acting = actingOf(http, { type: 'person', sub: content.sub });
  const registered = await registerOnce(deps, {
    challengeId,
    sub: content.sub,
    identifier: await deps.directory.hash('email', content.email),
    attributes: { email: content.email, locale: chooseLanguage(content.locales).tag },
    passwordHash: content.passwordHash,
    ...(content.terms !== undefined && { terms: content.terms }),
    ...(content.choices !== undefined && { privacy: content.choices }),
    session,
    grant: destination.grant,
    now: http.now,
    acting,
  });
  if (registered.outcome === 'gone') throw linkInvalid('sign-up', 'confirmed before');
  if (registered.outcome === 'taken') {
    throw registered.quarantinedUntil === undefined ? taken(carried) : resting(carried);
  }
  const cookies = [
    deps.sessionCookies.set(registered.sessionCookie),
    await rememberDevice(deps, http, content.identifier, http.now),
    ...deps.homeHint.remember(),
  ];
  return {
    ...destination.arrive(registered.code, cookies),
    counts: [
      'SignUpCompleted',
      ...(registered.isClaimPending === true ? (['ClaimLeftPending'] as const) : []),
    ],
  };
}

/**
 * An address that somebody else began to sign up with, and never came back, is settled where they
 * would be at home. Throws UnavailableError when that cell is away: whose it is cannot be told.
 */
async function registerOnce(
  deps: Interaction,
  registration: Registration,
): Promise<Exclude<Registered, { outcome: 'lapsed' }>> {
  const first = await deps.signIns.register(registration);
  if (first.outcome !== 'lapsed') return first;
  await settleAtHome(deps, first.claim);
  const second = await deps.signIns.register(registration);
  return second.outcome === 'lapsed' ? { outcome: 'taken' } : second;
}

/** Whoever reads this has shown that the mailbox is theirs: they may know. */
function taken(carried: CarriedRequest): PageError {
  return new PageError({
    status: 409,
    title: 'error-title.address-taken',
    text: 'error.address-taken',
    detail: 'the address got an account meanwhile',
    retryUrl: withRequest('/sign-in', carried),
  });
}

/** The account that the address had was erased while this one was being confirmed. */
function resting(carried: CarriedRequest): PageError {
  return new PageError({
    status: 409,
    title: 'error-title.address-resting',
    text: 'error.address-resting',
    detail: 'the address rests after an erasure',
    retryUrl: withRequest('/sign-up', carried),
  });
}
