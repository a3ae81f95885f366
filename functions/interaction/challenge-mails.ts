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

/** How long an answer waits for another cell, which goes on without: TELLING_MS < UNIFORM_MS. */
const TELLING_MS = 600;

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
export async function mailChallenge(
  deps: Interaction,
  http: HttpRequest,
  mail: ChallengeMail,
): Promise<void> {
  const sending = send(deps, http, mail);
  if (!deps.cells.areSeveral || purposeOf(mail.content.kind) !== 'sign-up') return sending;
  const [sent] = await Promise.allSettled([sending, delay(UNIFORM_MS)]);
  if (sent.status === 'rejected') throw sent.reason;
}

/** When that fails, it was not counted and asking again works at once. */
async function send(
  deps: Interaction,
  http: HttpRequest,
  { content, ...rest }: ChallengeMail,
): Promise<void> {
  if (content.kind === 'known-elsewhere') return tellHome(deps, http, content, rest.email);
  const { challengeId, mailId, email } = rest;
  const mail = await composeMail(deps, http, { content, ...rest });
  try {
    await deps.mailer.send(email, renderMail(mail, content.locales));
  } catch (error) {
    const { sourceAddress: source, now } = http;
    const mailing = { email, purpose: purposeOf(content.kind), source, now };
    await deps.challenges.refund({ challengeId, mailId, ...mailing });
    throw error;
  }
}

/**
 * The home sends the mail. Whether it could must not show, neither in what is answered nor in how
 * long that takes.
 */
async function tellHome(
  { cellCalls }: Interaction,
  http: HttpRequest,
  { cell, locales }: ElsewhereChallenge,
  email: string,
): Promise<void> {
  const telling = cellCalls.tell(cell, { kind: 'address-known', email, locales });
  const told = telling.catch((error: unknown) => {
    if (!(error instanceof UnavailableError)) throw error;
    noteSubject(http, { untold: cell });
  });
  // Whatever becomes of it once the answer is under way, nobody is there to learn.
  told.catch(() => undefined);
  await Promise.race([told, delay(TELLING_MS)]);
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
    case 'no-account':
      return { kind: 'no-account', productName, ...(selfRegistration && { signUpUrl }) };
  }
}
