import type { Cells } from '../core/cells.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { CountedEvent } from '../environment.ts';
import type { HttpRequest } from '../http/message.ts';
import { renderMail } from '../pages/mail.ts';
import { pagesUrlOf } from './cell-hosts.ts';
import { staying } from './staying.ts';

interface NoticeDeps {
  readonly cells: Cells;
  readonly mailer: Mailer;
  readonly settings: { readonly productName: string; readonly issuer: string };
}

interface Owner {
  readonly email: string;
  /** BCP 47 tags, the most wanted first. */
  readonly locales: ReadonlyArray<string>;
}

/**
 * Tells somebody that their password was changed, so that a thief cannot do it unnoticed. It is
 * changed by now: nothing that goes wrong with the mail may hide that, so every failure is
 * swallowed. Returns the events to count.
 */
export async function tellPasswordChanged(
  { cells, mailer, settings }: NoticeDeps,
  http: HttpRequest,
  { email, locales }: Owner,
): Promise<ReadonlyArray<CountedEvent>> {
  const { productName, issuer } = settings;
  const recoverUrl = staying(cells, `${pagesUrlOf(cells, issuer)}/recover`);
  try {
    const mail = { kind: 'password-changed', productName, recoverUrl, at: http.now } as const;
    await mailer.send(email, renderMail(mail, locales));
    return [];
  } catch {
    return ['PasswordChangeNotTold'];
  }
}
