/** A new password after recovery: with the mailed code, or from the mailed link. */
import { concludePasswordChange } from '../browser/after-password-change.ts';
import { rememberDevice } from '../browser/known-devices.ts';
import { orShowAgain } from '../browser/page-error.ts';
import { findPasswordError } from '../browser/password-choice.ts';
import type { RecoveryChallenge } from '../core/challenge.ts';
import { InvariantError } from '../core/errors.ts';
import type { ChallengeId } from '../core/ids.ts';
import { normaliseOneTimeCode } from '../core/one-time-code.ts';
import { normalisePassword } from '../core/password-policy.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import { carry } from './carried-request.ts';
import { describeTrial } from './code-page.ts';
import type { Interaction } from './dependencies.ts';
import { planDestination } from './destination.ts';
import { leadToKeeping } from './erasing-account.ts';
import { flowPage, openFlow } from './flow.ts';
import { isLinkPresent, linkInvalid, openLink } from './mailed-link.ts';
import { orGiveBack } from './matched-try.ts';
import { newSession } from './new-session.ts';
import { type ResetBasis, type ResetErrors, showReset } from './reset-page.ts';

/** GET, with the state of a recovery or with a mail's link. Consumes nothing. */
export function createResetPage(deps: Interaction): Endpoint {
  return async (http) => showReset(deps, http, await openBasis(deps, http));
}

export function createReset(deps: Interaction): Endpoint {
  return async (http) => {
    const basis = await openBasis(deps, http);
    await deps.forms.requireOwn(http, 'flow' in basis ? flowPage(basis.flow) : '/recover');
    return orShowAgain(
      () => reset(deps, http, basis),
      () => showReset(deps, http, basis, {}, { key: 'error.unavailable' }),
    );
  };
}

async function openBasis(deps: Interaction, http: HttpRequest): Promise<ResetBasis> {
  if (isLinkPresent(http)) return { link: await openLink(deps, http, 'recovery') };
  return { flow: await openFlow(deps, http, 'recovery') };
}

/** The password is checked first: a bad one must not cost a try. */
async function reset(
  deps: Interaction,
  http: HttpRequest,
  basis: ResetBasis,
): Promise<HttpResponse> {
  const typed = http.form.text('password');
  const code = normaliseOneTimeCode(http.form.text('code'));
  const { productName, passwordMinimumLength: minimumLength } = deps.settings;
  const email = 'flow' in basis ? basis.flow.email : basis.link.content.email;
  const wrong = await findPasswordError(deps.passwords, typed, {
    email,
    productName,
    minimumLength,
  });
  const errors: ResetErrors = {
    ...('flow' in basis && code === undefined && { code: { key: 'error.code-malformed' } }),
    ...(wrong !== undefined && { password: wrong }),
  };
  if (Object.keys(errors).length > 0) return showReset(deps, http, basis, errors);
  const password = normalisePassword(typed);
  if ('link' in basis) {
    return setPassword(deps, http, basis.link.challengeId, basis.link.content, password);
  }
  const { challengeId } = basis.flow;
  const { current: identifier } = await deps.directory.hash('email', email);
  const tried = { challengeId, identifier };
  const trial = await deps.challenges.tryCode(tried, code ?? '', http.now);
  if (trial.outcome !== 'matched') {
    return showReset(deps, http, basis, { code: describeTrial(trial) });
  }
  const { content } = trial;
  if (content.kind !== 'recovery') throw new InvariantError('a code fitted a decoy');
  return orGiveBack(deps.challenges, tried, () =>
    setPassword(deps, http, challengeId, content, password),
  );
}

/** Everybody else is signed out; this browser is signed in. */
async function setPassword(
  deps: Interaction,
  http: HttpRequest,
  challengeId: ChallengeId,
  content: RecoveryChallenge,
  password: string,
): Promise<HttpResponse> {
  const isSameBrowser = content.browser === deps.forms.browserOf(http);
  const carried = await carry(deps, isSameBrowser ? content.request : undefined);
  const { sub, identifier } = content;
  noteSubject(http, { sub });
  const session = newSession(deps, http, sub);
  const home = '/account?notice=password-changed';
  const destination = planDestination(deps, http, carried, session, home);
  const recovered = await deps.signIns.recover({
    challengeId,
    sub,
    identifier,
    passwordHash: await deps.passwords.hash(password),
    session,
    labelKey: content.labelKey,
    grant: destination.grant,
    now: http.now,
    acting: actingOf(http, { type: 'person', sub }),
  });
  if (recovered.outcome === 'gone') {
    // Whoever reads the mailbox may keep the account, as by the mail about its end.
    const record = await deps.accounts.findForSignIn(sub);
    const keeping = await leadToKeeping(deps, http, carried, record);
    if (keeping !== undefined) return keeping;
    throw linkInvalid('recovery', 'used before');
  }
  const counts = await concludePasswordChange(deps, http, session, content);
  const cookies = [
    deps.sessionCookies.set(recovered.sessionCookie),
    await rememberDevice(deps, http, identifier, http.now),
    ...deps.homeHint.remember(),
  ];
  return {
    ...destination.arrive(recovered.code, cookies),
    counts: ['PasswordRecovered', ...counts],
  };
}
