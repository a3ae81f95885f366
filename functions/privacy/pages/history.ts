/** `GET /account/privacy/history`: what was chosen, asked for and done, in plain words. */
import type { PrivacyRequest } from '../../core/ports/privacy-requests.ts';
import { addToQuery } from '../../core/redirect-uri.ts';
import type { Endpoint, HttpRequest } from '../../http/message.ts';
import type { HistoryRow, RequestRow } from '../../pages/privacy-views.ts';
import { openCursor, sealCursor } from '../consent-history.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import type { Person } from '../person.ts';
import { choiceOrSwitchRow } from './choice-rows.ts';
import { forSignedIn, PRIVACY_PAGE } from './signed-in.ts';
import { readTimeline } from './timeline.ts';

export const HISTORY_PAGE = `${PRIVACY_PAGE}/history`;

const URLS = {
  everything: HISTORY_PAGE,
  choices: addToQuery(HISTORY_PAGE, { show: 'choices' }),
} as const;

interface Page {
  readonly entries: ReadonlyArray<HistoryRow>;
  readonly cursor?: string;
}

/**
 * Newest first, 50 lines a page; requests, of which there are few, stand on the first. Seven AWS
 * calls, three deep, and one for the apps that this container does not know yet; with `?show=choices`
 * five.
 */
export function createHistoryPage(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, HISTORY_PAGE, async (http, person) => {
    const cursor = await openCursor(deps, http, person);
    const isFirst = cursor === undefined;
    const shows = http.query.find('show') === 'choices' ? 'choices' : 'everything';
    const read = shows === 'choices' ? readChoices : readTimeline;
    const [{ entries, cursor: next }, requests] = await Promise.all([
      read(deps, http, person, cursor),
      isFirst ? deps.listRequests(person.sub) : [],
    ]);
    const sealed = next && (await sealCursor(deps, http, person, next));
    return deps.pages.show(http, {
      page: 'privacy-history',
      ...{ shows, urls: URLS, isFirst, entries },
      requests: requests.map(requestRow),
      ...(sealed !== undefined && { moreUrl: addToQuery(URLS[shows], { cursor: sealed }) }),
      passwordUrl: '/account/password',
      backUrl: PRIVACY_PAGE,
    });
  });
}

async function readChoices(
  deps: PrivacyPortal,
  http: HttpRequest,
  { sub }: Person,
  from: string | undefined,
): Promise<Page> {
  const { entries, cursor } = await deps.choices.history(sub, from);
  const locales = deps.pages.localesOf(http);
  return {
    entries: entries.map((event) => choiceOrSwitchRow(event, deps.policy, locales)),
    ...(cursor !== undefined && { cursor }),
  };
}

function requestRow({ kind, state, requestedAt, stateSince, actor }: PrivacyRequest): RequestRow {
  return { kind, state, requestedAt, stateSince, isByAdministrator: actor.type === 'client' };
}
