/** `GET /account/privacy/history`: what was chosen and asked for, in plain words. */
import { pickLanguage, versionInForce } from '../../core/consents/words.ts';
import type { ChoiceEvent } from '../../core/ports/privacy-choices.ts';
import type { PrivacyRequest } from '../../core/ports/privacy-requests.ts';
import type { PrivacyPolicy } from '../../core/privacy-policy.ts';
import { addToQuery } from '../../core/redirect-uri.ts';
import type { Endpoint } from '../../http/message.ts';
import type { HistoryRow, RequestRow } from '../../pages/privacy-views.ts';
import { openCursor, sealCursor } from '../consent-history.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { forSignedIn, PRIVACY_PAGE } from './signed-in.ts';

export const HISTORY_PAGE = `${PRIVACY_PAGE}/history`;

/** Newest first, 50 choices a page; requests, of which there are few, stand on the first. */
export function createHistoryPage(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, HISTORY_PAGE, async (http, person) => {
    const cursor = await openCursor(deps, http, person);
    const isFirst = cursor === undefined;
    const [page, requests] = await Promise.all([
      deps.choices.history(person.sub, cursor),
      isFirst ? deps.listRequests(person.sub) : [],
    ]);
    const next = page.cursor && (await sealCursor(deps, http, person, page.cursor));
    const locales = deps.pages.localesOf(http);
    return deps.pages.show(http, {
      page: 'privacy-history',
      requests: requests.map(requestRow),
      entries: page.entries.map((event) => historyRow(event, deps.policy, locales)),
      isFirst,
      ...(next !== undefined && { moreUrl: addToQuery(HISTORY_PAGE, { cursor: next }) }),
      backUrl: PRIVACY_PAGE,
    });
  });
}

export function historyRow(
  event: ChoiceEvent,
  policy: PrivacyPolicy,
  locales: ReadonlyArray<string>,
): HistoryRow {
  const { kind, method, at } = event;
  if (kind === 'do-not-sell') return { kind, method, at, isOn: event.isOn };
  return choiceRow(event, policy, locales);
}

/** By the title that was shown, else today's; a purpose that is gone goes by its id. */
export function choiceRow(
  { purposeId, version, language, state, method, at, eventId }: ChoiceEvent & { kind: 'choice' },
  { purposes }: PrivacyPolicy,
  locales: ReadonlyArray<string>,
): Extract<HistoryRow, { kind: 'choice' }> {
  const purpose = purposes.find(({ id }) => id === purposeId);
  const shown =
    purpose && (purpose.versions.find((one) => one.version === version) ?? versionInForce(purpose));
  const own = shown && pickLanguage(shown.texts, [language, ...locales]);
  return {
    kind: 'choice',
    title: (own !== undefined && shown?.texts[own]?.title) || purposeId,
    language: own ?? language,
    ...{ state, method, at },
    receiptUrl: `${PRIVACY_PAGE}/receipts/${eventId}`,
  };
}

function requestRow({ kind, state, requestedAt, stateSince, actor }: PrivacyRequest): RequestRow {
  return { kind, state, requestedAt, stateSince, isByAdministrator: actor.type === 'client' };
}
