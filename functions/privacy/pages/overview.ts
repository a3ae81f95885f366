/** `GET /account/privacy`: every right over one's own data, and how it stands. */
import { hasPrivacySignal } from '../../browser/global-privacy-control.ts';
import type { PrivacyChoices } from '../../core/ports/privacy-choices.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../../http/message.ts';
import type { Message, MessageKey } from '../../pages/form-state.ts';
import type { AppRow, PrivacySection, PrivacyView } from '../../pages/privacy-views.ts';
import { TooManyChanges } from '../choosing.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import { findCopy } from './copy-state.ts';
import { purposeRows, topicRows } from './purpose-rows.ts';
import { forSignedIn, PRIVACY_PAGE, type SignedIn } from './signed-in.ts';

/** What may be said after something was done; anybody can write an address line. */
const NOTICES: Readonly<Record<Done, { section: PrivacySection; key: MessageKey }>> = {
  purposes: { section: 'purposes', key: 'notice.choice-saved' },
  'parent-is-asked': { section: 'purposes', key: 'notice.parent-is-asked' },
  topics: { section: 'topics', key: 'notice.choice-saved' },
  'do-not-sell': { section: 'do-not-sell', key: 'notice.choice-saved' },
  apps: { section: 'apps', key: 'notice.access-removed' },
};

/** What a form did: mostly what its part of the page is for. */
type Done = PrivacySection | 'parent-is-asked';

/** Where a form leads that did what it was for. */
export function afterDoing(done: Done): string {
  return `${PRIVACY_PAGE}?done=${done}#${NOTICES[done].section}`;
}

/** Six AWS calls, two deep, and one for the apps that this container does not know yet. */
export function createPrivacyOverview(deps: PrivacyPortal): Endpoint {
  return forSignedIn(deps, PRIVACY_PAGE, (http, signedIn) => showPrivacy(deps, http, signedIn));
}

type PrivacyOverview = Extract<PrivacyView, { page: 'privacy' }>;

interface Refusal {
  readonly status: number;
  readonly section: PrivacySection;
  readonly message: Message;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function showPrivacy(
  deps: PrivacyPortal,
  http: HttpRequest,
  { sub }: SignedIn,
  refusal?: Refusal,
): Promise<HttpResponse> {
  const locales = deps.pages.localesOf(http);
  const [choices, apps, copy, { hidden, cookies }] = await Promise.all([
    deps.choices.load(sub),
    listApps(deps, http, sub),
    findCopy(deps, http, sub),
    deps.forms.seal(http),
  ]);
  const notice = findNotice(http);
  const doNotSell = viewDoNotSell(deps, http, choices);
  const view: PrivacyView = {
    page: 'privacy',
    purposes: purposeRows(deps.policy, choices, locales),
    choose: { action: `${PRIVACY_PAGE}/consents`, hidden },
    topics: topicRows(deps.policy, choices, locales),
    preferences: { action: `${PRIVACY_PAGE}/preferences`, hidden },
    ...(doNotSell !== undefined && {
      doNotSell: { ...doNotSell, form: { action: `${PRIVACY_PAGE}/do-not-sell`, hidden } },
    }),
    apps,
    removeApp: { action: `${PRIVACY_PAGE}/apps/remove`, hidden },
    ...(copy !== undefined && { copy }),
    copyUrl: `${PRIVACY_PAGE}/export`,
    historyUrl: `${PRIVACY_PAGE}/history`,
    deleteUrl: `${PRIVACY_PAGE}/delete`,
    accountUrl: '/account',
    ...(notice !== undefined && { notice }),
    ...(refusal !== undefined && { alert: refusal }),
  };
  const { status = 200, headers = {} } = refusal ?? {};
  return deps.pages.show(http, view, { status, cookies, headers });
}

/** Whoever has changed too much today reads on the page from when on they may again. */
export async function orTooMany(
  deps: PrivacyPortal,
  http: HttpRequest,
  signedIn: SignedIn,
  section: PrivacySection,
  change: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof TooManyChanges)) throw error;
    const { status, headers, until } = error;
    const values = { time: deps.pages.formatTime(http, until) };
    const message = { key: 'error.changes-too-many', values } as const;
    return showPrivacy(deps, http, signedIn, { status, section, message, headers });
  }
}

function findNotice({ query }: HttpRequest): PrivacyOverview['notice'] {
  const done = query.find('done') ?? '';
  if (!isDone(done)) return undefined;
  const { section, key } = NOTICES[done];
  return { section, message: { key } };
}

function isDone(written: string): written is Done {
  return Object.hasOwn(NOTICES, written);
}

/** Where nothing is sold or shared, nobody needs the switch, unless they have switched it on. */
function viewDoNotSell(
  { policy }: PrivacyPortal,
  http: HttpRequest,
  { doNotSell }: PrivacyChoices,
) {
  const isNeeded = policy.purposes.some(({ isSaleOrShare }) => isSaleOrShare);
  if (!isNeeded && doNotSell === undefined) return undefined;
  return {
    isOn: doNotSell !== undefined,
    ...(doNotSell !== undefined && { since: doNotSell.at }),
    isSignalled: hasPrivacySignal(http),
  };
}

/** By name; an app that was deleted since goes by its id. */
async function listApps(
  { appAccesses, clients }: PrivacyPortal,
  { now }: HttpRequest,
  sub: SignedIn['sub'],
): Promise<ReadonlyArray<AppRow>> {
  const accesses = await appAccesses.list(sub, now);
  const found = await clients.findAll(accesses.map(({ clientId }) => clientId));
  const rows = accesses.map((access) => ({
    ...access,
    name: found.get(access.clientId)?.clientName ?? access.clientId,
  }));
  return rows.toSorted((a, b) => a.name.localeCompare(b.name));
}
