/** A sealed word by which somebody keeps an account that is to be erased. It does nothing else. */
import { type Cells, readTaggedBy, tagWithCell } from '../core/cells.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';

/** The query parameter and hidden field that carries it. */
export const KEEP_FIELD = 'token';

export const KEEP_PAGE = '/keep-account';

interface Deps {
  readonly cells: Cells;
  readonly sealer: Sealer;
}

/** Which request it undoes, and when that was to be carried out. */
export interface KeepWord {
  readonly requestId: PrivacyRequestId;
  readonly erasesAt: EpochSeconds;
}

/** Tagged with this cell, which alone can open it; good until `expiresAt`. */
export async function sealKeepWord(
  { cells, sealer }: Deps,
  { requestId, erasesAt }: KeepWord,
  expiresAt: EpochSeconds,
): Promise<string> {
  const sealed = await sealer.seal('keep-account', { r: requestId, e: erasesAt }, expiresAt);
  return tagWithCell(cells.own.name, sealed);
}

/** Undefined for what is stale, forged or another cell's. No call. */
export async function openKeepWord(
  { cells, sealer }: Deps,
  word: string,
  now: EpochSeconds,
): Promise<KeepWord | undefined> {
  const opened = await sealer.open('keep-account', readTaggedBy(cells.own.name, word) ?? '', now);
  if (opened === undefined) return undefined;
  // Authentic, hence written by `sealKeepWord`.
  const { r: requestId, e: erasesAt } = opened as { r: PrivacyRequestId; e: EpochSeconds };
  return { requestId, erasesAt };
}

/** The page that asks whether the account is to be kept. */
export function keepPage(word: string): string {
  return addToQuery(KEEP_PAGE, { [KEEP_FIELD]: word });
}

export function readKeepWord(http: HttpRequest): string {
  return (http.method === 'POST' ? http.form : http.query).text(KEEP_FIELD);
}

/** Hidden input of the form on that page. */
export function hiddenKeepWord(http: HttpRequest): Readonly<Record<string, string>> {
  return { [KEEP_FIELD]: readKeepWord(http) };
}

/** For whoever asked: until the account is closed for good, it can be kept. Undefined without grace. */
export async function keepWordOf(
  deps: Deps,
  { requestId, erasesAt }: Pick<PrivacyRequest, 'requestId' | 'erasesAt'>,
  now: EpochSeconds,
): Promise<string | undefined> {
  if (erasesAt === undefined || erasesAt <= now) return undefined;
  return sealKeepWord(deps, { requestId, erasesAt }, erasesAt);
}
