/** Sign-up with e-mail and password. A known address answers alike: only its mailbox learns so. */
import { randomToken } from '../adapters/crypto/hash.ts';
import { orShowAgain } from '../browser/page-error.ts';
import { findPasswordError } from '../browser/password-choice.ts';
import type { Resident } from '../core/cells.ts';
import type { Addressed, ChallengeContent, SignUpChoices } from '../core/challenge.ts';
import { normaliseEmailAddress } from '../core/email-address.ts';
import type { Sub } from '../core/ids.ts';
import { normalisePassword } from '../core/password-policy.ts';
import type { Quarantined } from '../core/ports/directory.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../http/message.ts';
import { type CarriedRequest, openCarried, withRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { findHomeDetour } from './home-detour.ts';
import { beginChallenge, describeAsker } from './new-challenge.ts';
import { requireSelfRegistration } from './self-registration.ts';
import { areWordsOutdated, readSignUpChoices } from './sign-up-choices.ts';
import { findTermsUrl, type SignUpRefusal, showSignUp } from './sign-up-page.ts';

type Errors = NonNullable<SignUpRefusal['errors']>;

/** GET: no AWS call once warm, but for a hand-over to where the person will be at home. */
export function createSignUpPage(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await openCarried(deps, http);
    requireSelfRegistration(deps, carried);
    return (await findHomeDetour(deps, http, carried)) ?? showSignUp(deps, http, carried);
  };
}

/** POST: nothing is created but a challenge; the account comes with the confirmed address. */
export function createSignUp(deps: Interaction): Endpoint {
  return async (http) => {
    const carried = await openCarried(deps, http);
    requireSelfRegistration(deps, carried);
    await deps.forms.requireOwn(http, withRequest('/sign-up', carried));
    const detour = await findHomeDetour(deps, http, carried);
    if (detour !== undefined) return detour;
    return orShowAgain(
      () => signUp(deps, http, carried),
      () => showSignUp(deps, http, carried, { status: 503, alert: { key: 'error.unavailable' } }),
    );
  };
}

async function signUp(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
): Promise<HttpResponse> {
  const email = normaliseEmailAddress(http.form.text('email'));
  const errors = await findErrors(deps, http, carried, email);
  if (email === undefined || Object.keys(errors).length > 0) {
    return showSignUp(deps, http, carried, { status: 400, errors });
  }
  const choices = readChoices(deps, http);
  if (choices === 'outdated') {
    const alert = { key: 'error.words-changed' } as const;
    return showSignUp(deps, http, carried, { status: 400, alert });
  }
  const seal = await deps.forms.seal(http);
  const asker = await describeAsker(deps, http, carried, { email, browser: seal.browser });
  const content = await createContent(deps, http, carried, { asker, choices });
  const begun = await beginChallenge(deps, http, { asker, content, cookies: seal.cookies });
  return 'answer' in begun ? begun.answer : showSignUp(deps, http, carried, begun);
}

function readChoices(deps: Interaction, http: HttpRequest): SignUpChoices | undefined | 'outdated' {
  try {
    return readSignUpChoices(deps, http);
  } catch (error) {
    if (areWordsOutdated(error)) return 'outdated';
    throw error;
  }
}

/** The password is hashed whether or not the address is known, so that both take as long. */
async function createContent(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { asker, choices }: { readonly asker: Addressed; readonly choices: SignUpChoices | undefined },
): Promise<ChallengeContent> {
  const [known, passwordHash] = await Promise.all([
    findHolder(deps, asker.email, http.now),
    deps.passwords.hash(normalisePassword(http.form.text('password'))),
  ]);
  if (known !== undefined && 'quarantinedUntil' in known) {
    return { kind: 'address-resting', ...asker, until: known.quarantinedUntil };
  }
  if (known?.cell === deps.cells.own.name) return { kind: 'address-known', ...asker };
  if (known !== undefined) {
    const { browser, locales } = asker;
    return { kind: 'known-elsewhere', cell: known.cell, browser, locales };
  }
  const sub = randomToken() as Sub;
  const url = findTermsUrl(deps, carried);
  const terms = url === undefined ? undefined : { url, acceptedAt: http.now };
  return {
    ...{ kind: 'sign-up', ...asker, sub, passwordHash },
    ...(terms && { terms }),
    ...(choices && { choices }),
  };
}

/** Somebody who has an account with the address, here or elsewhere; or nobody, for a while yet. */
async function findHolder(
  { directory }: Interaction,
  email: string,
  now: EpochSeconds,
): Promise<Resident | Quarantined | undefined> {
  const holder = await directory.findHome(await directory.hash('email', email), { strict: true });
  if (holder === undefined) return undefined;
  if ('quarantinedUntil' in holder) return holder.quarantinedUntil > now ? holder : undefined;
  // A claim that is pending is settled when this address is confirmed.
  return holder.isPending ? undefined : holder;
}

async function findErrors(
  deps: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  email: string | undefined,
): Promise<Errors> {
  const { passwords, settings } = deps;
  const typed = http.form.text('email').trim();
  const password = await findPasswordError(passwords, http.form.text('password'), {
    email: email ?? '',
    productName: settings.productName,
    minimumLength: settings.passwordMinimumLength,
  });
  const emailKey = typed === '' ? 'error.required' : 'error.email-invalid';
  const isAsked = findTermsUrl(deps, carried) !== undefined;
  return {
    ...(email === undefined && { email: { key: emailKey } }),
    ...(password !== undefined && { password }),
    ...(isAsked && http.form.find('terms') === undefined && { terms: { key: 'error.terms' } }),
  };
}
