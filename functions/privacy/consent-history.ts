/** What was ever chosen, line by line: `/v1/me/consents/history`. */
import { HttpError } from '../core/errors.ts';
import { addSeconds } from '../core/time.ts';
import { privateJson } from '../http/json-response.ts';
import type { HttpRequest } from '../http/message.ts';
import type { PrivacyPortal } from './dependencies.ts';
import type { Person, PersonEndpoint } from './person.ts';
import { viewEvent } from './purpose-views.ts';

const CURSOR_LIFETIME_SECONDS = 86_400;

/** GET, newest first, 50 at a time; `cursor` of one answer leads to the next. Two AWS calls. */
export function createConsentHistory(deps: PrivacyPortal): PersonEndpoint {
  return async (http, person) => {
    const cursor = await openCursor(deps, http, person);
    const page = await deps.choices.history(person.sub, cursor);
    const next = page.cursor && (await sealCursor(deps, http, person, page.cursor));
    return privateJson({
      entries: page.entries.map(viewEvent),
      ...(next !== undefined && { cursor: next }),
    });
  };
}

/** Somebody else's cursor is none. Throws HttpError 400. */
export async function openCursor(
  { sealer }: PrivacyPortal,
  http: HttpRequest,
  { sub }: Person,
): Promise<string | undefined> {
  const sealed = http.query.find('cursor');
  if (sealed === undefined) return undefined;
  const content = await sealer.open('cursor', sealed, http.now);
  // Authentic when it opens, hence written below.
  const opened = content as { readonly sub: string; readonly eventId: string } | undefined;
  if (opened?.sub !== sub) throw new HttpError(400, 'the cursor is none of ours, or too old');
  return opened.eventId;
}

/** Leads its person to the next page, for a day. */
export function sealCursor(
  { sealer }: PrivacyPortal,
  http: HttpRequest,
  { sub }: Person,
  eventId: string,
): Promise<string> {
  const expiresAt = addSeconds(http.now, CURSOR_LIFETIME_SECONDS);
  return sealer.seal('cursor', { sub, eventId }, expiresAt);
}
