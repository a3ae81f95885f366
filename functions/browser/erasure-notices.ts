import type { Account } from '../core/account.ts';
import type { Cells } from '../core/cells.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import type { CountedEvent } from '../environment.ts';
import { type Mail, renderMail } from '../pages/mail.ts';
import { pagesUrlOf } from './cell-hosts.ts';
import { keepPage } from './keep-account-link.ts';

interface NoticeDeps {
  readonly cells: Cells;
  readonly mailer: Mailer;
  readonly settings: { readonly productName: string; readonly issuer: string };
}

/** When the account goes, and how it stays. Without `keepWord` it goes at once. */
export function tellErasureAsked(
  deps: NoticeDeps,
  owner: Account | undefined,
  { requestedAt, erasesAt = requestedAt }: PrivacyRequest,
  keepWord: string | undefined,
): Promise<ReadonlyArray<CountedEvent>> {
  const { cells, settings } = deps;
  const { productName, issuer } = settings;
  return tell(deps, owner, {
    ...{ kind: 'erasure-asked', productName, erasesAt },
    ...(keepWord !== undefined && {
      keepUrl: `${pagesUrlOf(cells, issuer)}${keepPage(keepWord)}`,
    }),
  });
}

export function tellErasureUndone(
  deps: NoticeDeps,
  owner: Account | undefined,
): Promise<ReadonlyArray<CountedEvent>> {
  return tell(deps, owner, {
    kind: 'erasure-undone',
    productName: deps.settings.productName,
  });
}

/**
 * What was asked for is written by now: nothing that goes wrong with the mail may hide that, so
 * every failure is swallowed. Returns the events to count.
 */
async function tell(
  { mailer }: NoticeDeps,
  owner: Account | undefined,
  mail: Mail,
): Promise<ReadonlyArray<CountedEvent>> {
  if (owner === undefined) return [];
  const { email, locale } = owner.attributes;
  try {
    await mailer.send(email, renderMail(mail, [locale]));
    return [];
  } catch {
    return ['ErasureNotTold'];
  }
}
