/** The mail to somebody whose address was used to sign up in another cell. */
import type { CellMessage } from '../core/ports/cell-calls.ts';
import type { Challenges } from '../core/ports/challenges.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { EpochSeconds } from '../core/time.ts';
import { renderMail } from '../pages/mail.ts';

export interface KnownAddressDeps {
  readonly challenges: Pick<Challenges, 'countNotice'>;
  readonly mailer: Mailer;
  readonly settings: { readonly productName: string; readonly issuer: string };
}

/** Where they are at home, so that their address rests nowhere else. Bounded per address. */
export async function tellKnownAddress(
  { challenges, mailer, settings }: KnownAddressDeps,
  { email, locales }: Extract<CellMessage, { kind: 'address-known' }>,
  now: EpochSeconds,
): Promise<void> {
  const counting = await challenges.countNotice({ email, purpose: 'sign-up', now });
  if (counting.outcome === 'too-many-mails') return;
  const { productName, issuer } = settings;
  const ways = { signInUrl: `${issuer}/sign-in`, recoverUrl: `${issuer}/recover` };
  await mailer.send(email, renderMail({ kind: 'address-known', productName, ...ways }, locales));
}
