import { randomToken } from '../adapters/crypto/hash.ts';
import type { FormSeal } from '../browser/forms.ts';
import { retryAfter, tooManyMailsMessage } from '../browser/waiting-time.ts';
import { withoutLoginHint } from '../core/authorization-request.ts';
import { type Addressed, type ChallengeContent, purposeOf } from '../core/challenge.ts';
import type { ChallengeId, MailId } from '../core/ids.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import { chooseLanguage } from '../pages/locale.ts';
import type { CarriedRequest } from './carried-request.ts';
import { mailChallenge, newCode } from './challenge-mails.ts';
import type { Interaction } from './dependencies.ts';
import { goToCodePage } from './flow.ts';

/** Too many mails lately: to be said above the form. */
interface TooManyMails {
  readonly status: 429;
  readonly alert: Message;
  readonly headers: Readonly<Record<string, string>>;
}

/** What every challenge says of who asked for it, and from where. */
export async function describeAsker(
  { directory, pages }: Interaction,
  http: HttpRequest,
  carried: CarriedRequest,
  { email, browser }: Pick<FormSeal, 'browser'> & { readonly email: string },
): Promise<Addressed> {
  const { current: identifier } = await directory.hash('email', email);
  const { request } = carried;
  // What their browser prefers besides is theirs, and would rest where they may not be at home.
  const locales = [chooseLanguage(pages.localesOf(http, carried)).tag];
  return {
    ...{ email, identifier, locales, browser },
    ...(request && { request: withoutLoginHint(request) }),
  };
}

interface Beginning {
  readonly asker: Addressed;
  readonly content: ChallengeContent;
  readonly cookies: ReadonlyArray<string>;
}

/**
 * Stores a challenge, mails it and goes to the page that asks for its code: one transaction, one
 * mail, whoever the address belongs to.
 */
export async function beginChallenge(
  deps: Interaction,
  http: HttpRequest,
  { asker, content, cookies }: Beginning,
): Promise<TooManyMails | { readonly answer: HttpResponse }> {
  const challengeId = randomToken() as ChallengeId;
  const mailId = randomToken() as MailId;
  const code = newCode(content.kind);
  const { sourceAddress: source, now } = http;
  const { email, browser, request } = asker;
  const challenge = { challengeId, email, content, mailId, code };
  const opening = await deps.challenges.open({ ...challenge, source, now });
  if (opening.outcome === 'too-many-mails') {
    const { until } = opening;
    return {
      status: 429,
      alert: tooManyMailsMessage(until, now),
      headers: retryAfter(until, now),
    };
  }
  await mailChallenge(deps, http, challenge);
  const kind = purposeOf(content.kind);
  const flow = { kind, challengeId, email, browser, ...(request && { request }) };
  return { answer: await goToCodePage(deps, http, flow, cookies) };
}
