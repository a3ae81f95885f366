import { randomBelow } from '../adapters/crypto/hash.ts';
import { type ChallengeContent, purposeOf } from '../core/challenge.ts';
import type { ChallengeId, MailId } from '../core/ids.ts';
import { formatOneTimeCode, ONE_TIME_CODE_VALUES } from '../core/one-time-code.ts';
import type { HttpRequest } from '../http/message.ts';
import { type Mail, renderMail } from '../pages/mail.ts';
import type { Interaction } from './dependencies.ts';
import { createLink } from './mailed-link.ts';

/** Undefined for decoys: their mail says why there is no code, and no code will fit. */
export function newCode(kind: ChallengeContent['kind']): string | undefined {
  if (kind !== 'sign-up' && kind !== 'recovery') return undefined;
  return formatOneTimeCode(randomBelow(ONE_TIME_CODE_VALUES));
}

interface ChallengeMail {
  readonly challengeId: ChallengeId;
  readonly content: ChallengeContent;
  readonly mailId: MailId;
  readonly code: string | undefined;
}

/** Sends a challenge's mail; when that fails, it was not counted and asking again works at once. */
export async function mailChallenge(
  deps: Interaction,
  http: HttpRequest,
  challengeMail: ChallengeMail,
): Promise<void> {
  const { challengeId, content, mailId } = challengeMail;
  const mail = await composeMail(deps, http, challengeMail);
  try {
    await deps.mailer.send(content.email, renderMail(mail, content.locales));
  } catch (error) {
    const { sourceAddress: source, now } = http;
    const mailing = { email: content.email, purpose: purposeOf(content.kind), source, now };
    await deps.challenges.refund({ challengeId, mailId, ...mailing });
    throw error;
  }
}

async function composeMail(
  deps: Interaction,
  http: HttpRequest,
  { challengeId, content, mailId, code = '' }: ChallengeMail,
): Promise<Mail> {
  const { productName, issuer, selfRegistration, codeLifetimeSeconds } = deps.settings;
  const signInUrl = `${issuer}/sign-in`;
  const recoverUrl = `${issuer}/recover`;
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
      return { kind: 'address-known', productName, signInUrl, recoverUrl };
    case 'no-account':
      return { kind: 'no-account', productName, ...(selfRegistration && { signUpUrl }) };
  }
}
