/** The mail to somebody whose address was used to sign up in another cell. */
import { pagesUrlOf } from '../browser/cell-hosts.ts';
import { staying } from '../browser/staying.ts';
import type { Cells } from '../core/cells.ts';
import type { CellMessage } from '../core/ports/cell-calls.ts';
import type { Challenges } from '../core/ports/challenges.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { EpochSeconds } from '../core/time.ts';
import { type Mail, renderMail } from '../pages/mail.ts';

export interface KnownAddressDeps {
  readonly cells: Cells;
  readonly challenges: Pick<Challenges, 'countNotice'>;
  readonly mailer: Mailer;
  readonly settings: { readonly productName: string; readonly issuer: string };
}

/** Where they are at home, so that their address rests nowhere else. Bounded per address. */
export async function tellKnownAddress(
  { cells, challenges, mailer, settings }: KnownAddressDeps,
  { email, locales }: Extract<CellMessage, { kind: 'address-known' }>,
  now: EpochSeconds,
): Promise<void> {
  const counting = await challenges.countNotice({ email, now });
  if (counting.outcome === 'too-many-mails') return;
  await mailer.send(email, renderMail(composeKnownAddress({ cells, settings }), locales));
}

/** Its links lead to the pages of this very cell, where the reader is at home. */
export function composeKnownAddress({
  cells,
  settings,
}: Pick<KnownAddressDeps, 'cells' | 'settings'>): Mail {
  const { productName, issuer } = settings;
  const here = (path: string) => staying(cells, `${pagesUrlOf(cells, issuer)}${path}`);
  return {
    kind: 'address-known',
    productName,
    signInUrl: here('/sign-in'),
    recoverUrl: here('/recover'),
  };
}
