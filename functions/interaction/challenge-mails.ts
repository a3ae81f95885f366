import { setTimeout as delay } from 'node:timers/promises';
import { randomBelow } from '../adapters/crypto/hash.ts';
import { type ChallengeContent, type ElsewhereChallenge, purposeOf } from '../core/challenge.ts';
import { UnavailableError } from '../core/errors.ts';
import type { ChallengeId, MailId } from '../core/ids.ts';
import { formatOneTimeCode, ONE_TIME_CODE_VALUES } from '../core/one-time-code.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest } from '../http/message.ts';
import { type Mail, renderMail } from '../pages/mail.ts';
import type { Interaction } from './dependencies.ts';
import { composeKnownAddress } from './known-address.ts';
import { createLink } from './mailed-link.ts';

/** How long a sign-up's mail takes with several cells: no answer tells which of them sent it. */
const UNIFORM_MS = 700;

/** How long an answer waits for SES or another cell, which go on without: WAITING_MS < UNIFORM_MS. */
const WAITING_MS = 600;

/** Undefined for decoys: their mail says why there is no code, and no code will fit. */
export function newCode(kind: ChallengeContent['kind']): string | undefined {
  if (kind !== 'sign-up' && kind !== 'recovery') return undefined;
  return formatOneTimeCode(randomBelow(ONE_TIME_CODE_VALUES));
}

type MailedContent = Exclude<ChallengeContent, ElsewhereChallenge>;

interface ChallengeMail<Content extends ChallengeContent = ChallengeContent> {
  readonly challengeId: ChallengeId;
  readonly email: string;
  readonly content: Content;
  readonly mailId: MailId;
  readonly code: string | undefined;
}

/** Sends a challenge's mail, or has it sent where its address is at home. */
export function mailChallenge(
  deps: Interaction,
  http: HttpRequest,
  { content, ...rest }: ChallengeMail,
): Promise<void> {
  const { cellCalls, cells } = deps;
  if (content.kind === 'known-elsewhere') {
    const { cell, locales } = content;
    const telling = cellCalls.tell(cell, { kind: 'address-known', email: rest.email, locales });
    return unseen(http, telling, { untold: cell });
  }
  const mail = { content, ...rest };
  if (cells.areSeveral && purposeOf(content.kind) === 'sign-up') {
    return unseen(http, send(deps, http, mail), { isMailUnconfirmed: true });
  }
  return sendOrRefund(deps, http, mail);
}

/**
 * Whether the mail left, and how long that took, must not show: it would tell which cell had to
 * send it. Nothing is given back either, since what another cell could not send is not known here;
 * who gets no mail asks for another one. The log alone says what failed.
 */
async function unseen(
  http: HttpRequest,
  sending: Promise<unknown>,
  failure: Parameters<typeof noteSubject>[1],
): Promise<void> {
  const sent = sending.then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof UnavailableError)) throw error;
      return false;
    },
  );
  // What is under way goes on without the answer, and nobody is there to learn of it.
  sent.catch(() => undefined);
  const [isSent] = await Promise.all([
    Promise.race([sent, delay(WAITING_MS, false)]),
    delay(UNIFORM_MS),
  ]);
  if (!isSent) noteSubject(http, failure);
}

/** When that fails, it was not counted and asking again works at once. */
async function sendOrRefund(
  deps: Interaction,
  http: HttpRequest,
  mail: ChallengeMail<MailedContent>,
): Promise<void> {
  try {
    await send(deps, http, mail);
  } catch (error) {
    const { challengeId, mailId, email, content } = mail;
    const { sourceAddress: source, now } = http;
    const mailing = { email, purpose: purposeOf(content.kind), source, now };
    await deps.challenges.refund({ challengeId, mailId, ...mailing });
    throw error;
  }
}

async function send(
  deps: Interaction,
  http: HttpRequest,
  mail: ChallengeMail<MailedContent>,
): Promise<void> {
  const composed = await composeMail(deps, http, mail);
  await deps.mailer.send(mail.email, renderMail(composed, mail.content.locales));
}

async function composeMail(
  deps: Interaction,
  http: HttpRequest,
  { challengeId, content, mailId, code = '' }: ChallengeMail<MailedContent>,
): Promise<Mail> {
  const { productName, issuer, selfRegistration, codeLifetimeSeconds } = deps.settings;
  const signUpUrl = `${issuer}/sign-up`;
  switch (content.kind) {
    case 'sign-up':
    case 'recovery':
      return {
        kind: content.kind === 'sign-up' ? 'confirm-address' : 'reset-password',
        productName,
        code,
        link: await createLink(deps, http, content.kind, { challengeId, mailId }),
        minutes: Math.floor(codeLifetimeSeconds / 60),
      };
    case 'address-known':
      return composeKnownAddress(deps);
    case 'address-resting':
      return { kind: 'address-resting', productName, until: content.until };
    case 'no-account':
      return { kind: 'no-account', productName, ...(selfRegistration && { signUpUrl }) };
  }
}
