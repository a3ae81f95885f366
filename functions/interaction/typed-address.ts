/** An address on its way from one page to the next: sealed, so that it stands in no URL or log. */
import { addToQuery } from '../core/redirect-uri.ts';
import { addSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';

/** As long as a page may stay open that begins with it. */
const LIFETIME_SECONDS = 3600;

const FIELD = 'typed';

/** A page's address that will find the typed address by `findTyped`, in this cell alone. */
export async function withTyped(
  { sealer }: Pick<Interaction, 'sealer'>,
  http: HttpRequest,
  path: string,
  email: string | undefined,
): Promise<string> {
  if (email === undefined || email === '') return path;
  const expiresAt = addSeconds(http.now, LIFETIME_SECONDS);
  return addToQuery(path, { [FIELD]: await sealer.seal('typed-address', { e: email }, expiresAt) });
}

/** What was typed on the page before; undefined when nothing was, or too long ago. */
export async function findTyped(
  { sealer }: Pick<Interaction, 'sealer'>,
  http: HttpRequest,
): Promise<string | undefined> {
  const sealed = http.query.find(FIELD);
  if (sealed === undefined) return undefined;
  // Authentic when it opens, hence written by `withTyped`.
  const content = (await sealer.open('typed-address', sealed, http.now)) as
    | { readonly e: string }
    | undefined;
  return content?.e;
}
