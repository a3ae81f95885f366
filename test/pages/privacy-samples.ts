import { ACT_KINDS } from '../../functions/core/audit/act.ts';
import { COUNTRIES } from '../../functions/core/countries.ts';
import type { Form } from '../../functions/pages/form-state.ts';
import type {
  AppRow,
  HistoryRow,
  PrivacyView,
  PurposeRow,
  RequestRow,
} from '../../functions/pages/privacy-views.ts';

const HIDDEN = { form: 'eyJhbGciOiJkaXIifQ..token' };
const AT = 1_790_000_000;
const BACK = '/account/privacy';

function form(action: string): Form<never> {
  return { action, hidden: HIDDEN };
}

const NEWS: PurposeRow = {
  purposeId: 'product-news',
  title: 'News about our products',
  description: 'We send you e-mails about new products and offers, a few times a month at most.',
  language: 'en',
  basis: 'consent',
  state: 'unanswered',
  isStopped: false,
  dataCategories: ['e-mail address', 'language'],
  recipients: [{ name: 'Mail House', country: 'Germany' }],
  retention: 'P2Y6M',
  answers: ['granted', 'withdrawn'],
  proof: 'en iZUjyPuL2ovyuYb1IyJ1Q9GhZcTkLLxVGYXvxv4vBnw 2026-11',
};

const IMPROVEMENT: PurposeRow = {
  ...NEWS,
  purposeId: 'product-improvement',
  title: 'Making our products better',
  description:
    'We look at which functions are used, and where they fail, to improve them. You can object at any time.',
  basis: 'legitimate-interests',
  state: 'without-consent',
  recipients: [],
  retention: 'P1Y',
  answers: ['objected'],
};

const ADVERTISING: PurposeRow = {
  ...NEWS,
  purposeId: 'personalised-advertising',
  title: 'Advertising that fits you',
  description:
    'We share with partners what you looked at and bought, so that you see advertising that fits you on other sites.',
  retention: 'P30D',
};

const APPS: ReadonlyArray<AppRow> = [
  {
    clientId: 'jumLv3rZ0Gk',
    name: 'Juniper Shop',
    scopes: ['openid', 'email', 'offline_access', 'orders:read'],
    allowedAt: AT,
    isOpen: true,
  },
  { clientId: 'k0pM2', name: 'Reading List', scopes: ['openid'], isOpen: false },
];

const PRIVACY = {
  page: 'privacy',
  purposes: [NEWS, IMPROVEMENT, ADVERTISING],
  choose: form('/account/privacy/consents'),
  topics: ['offers', 'tips'].map((topicId) => ({
    topicId,
    title: topicId === 'offers' ? 'Offers' : 'Tips and guides',
    language: 'en',
    channels: (['email', 'sms', 'push'] as const).map((channel) => ({
      channel,
      isWanted: channel === 'email' && topicId === 'tips',
    })),
  })),
  preferences: form('/account/privacy/preferences'),
  doNotSell: { form: form('/account/privacy/do-not-sell'), isOn: false, isSignalled: false },
  apps: [],
  removeApp: form('/account/privacy/apps/remove'),
  copyUrl: '/account/privacy/export',
  historyUrl: '/account/privacy/history',
  deleteUrl: '/account/privacy/delete',
  accountUrl: '/account',
} as const;

const CHOICE = {
  kind: 'choice',
  title: 'News about our products',
  language: 'en',
  state: 'granted',
  method: 'form',
  at: AT,
  receiptUrl: '/account/privacy/receipts/x',
} as const satisfies HistoryRow;

const ACTS: ReadonlyArray<HistoryRow> = [
  { kind: 'act', act: 'session.begun', network: '198.51.100.0/24', at: AT + 90_000 },
  { kind: 'act', act: 'grant.issued', name: 'Corner Shop', network: '2001:db8:1::/48', at: AT },
  { kind: 'act', act: 'grant.reused', name: 'Reading List', by: 'app', at: AT },
  { kind: 'act', act: 'preferences.changed', about: 'topics', inApp: 'Reading List', at: AT },
  { kind: 'act', act: 'person.looked-up', by: 'staff', at: AT },
  { kind: 'act', act: 'processor.overdue', name: 'Analytics House', at: AT },
  { kind: 'act', act: 'export.expired', by: 'system', at: AT },
  { kind: 'act', act: 'account.created', at: AT - 60 },
];

const ENTRIES: ReadonlyArray<HistoryRow> = [
  { ...CHOICE, state: 'withdrawn', at: AT + 86_400 },
  { kind: 'do-not-sell', isOn: true, method: 'gpc', at: AT + 3600 },
  CHOICE,
  { ...CHOICE, state: 'awaiting-parent', method: 'api', title: 'Advertising that fits you' },
  { ...CHOICE, state: 'granted', method: 'parent', title: 'Advertising that fits you' },
];

const REQUESTS: ReadonlyArray<RequestRow> = [
  {
    kind: 'erasure',
    state: 'undone',
    requestedAt: AT,
    stateSince: AT + 7200,
    isByAdministrator: false,
  },
  {
    kind: 'export',
    state: 'expired',
    requestedAt: AT - 86_400,
    stateSince: AT,
    isByAdministrator: true,
  },
];

const EVERY_ACT: ReadonlyArray<HistoryRow> = ACT_KINDS.map((act) => ({ kind: 'act', act, at: AT }));

const HISTORY = {
  page: 'privacy-history',
  shows: 'everything',
  urls: {
    everything: '/account/privacy/history',
    choices: '/account/privacy/history?show=choices',
  },
  requests: [],
  entries: [],
  isFirst: true,
  passwordUrl: '/account/password',
  backUrl: BACK,
} as const satisfies PrivacyView;

const RECEIPT = {
  page: 'privacy-receipt',
  entry: CHOICE,
  version: '2026-11',
  shownOn: '/account/privacy',
  textHash: 'iZUjyPuL2ovyuYb1IyJ1Q9GhZcTkLLxVGYXvxv4vBnw',
  controller: 'Your company',
  eventId: '01790000000-3mVq0cXkT8a2ZVbQf3Zs5Q',
  fileUrl: '/account/privacy/receipts/x/file',
  backUrl: '/account/privacy/history',
} as const;

const EXPORT = {
  page: 'privacy-export',
  form: form('/account/privacy/export'),
  reloadUrl: '/account/privacy/export',
  backUrl: BACK,
} as const;

const DELETE = {
  page: 'privacy-delete',
  form: form('/account/privacy/delete'),
  asksPassword: true,
  email: 'ada.lovelace@example.com',
  erasesAt: 1_800_000_000,
  hasGrace: true,
  isHeld: false,
  keepsConsents: false,
  processors: ['Mail House', 'Analytics House'],
  copyUrl: '/account/privacy/export',
  backUrl: BACK,
} as const;

const AGE = {
  page: 'privacy-age',
  purpose: { title: 'Advertising that fits you', language: 'en' },
  countries: COUNTRIES,
  backUrl: BACK,
} as const;

/** The pages about privacy, plain and with everything that they can show at once. */
export const PRIVACY_SAMPLES: Readonly<Record<string, PrivacyView>> = {
  privacy: PRIVACY,
  'privacy, everything decided': {
    ...PRIVACY,
    purposes: [
      { ...NEWS, state: 'granted', since: AT, answers: ['withdrawn'] },
      { ...IMPROVEMENT, state: 'objected', since: AT, answers: ['granted'], language: 'nl' },
      { ...ADVERTISING, state: 'withdrawn', since: AT, isStopped: true, answers: [] },
    ],
    doNotSell: { ...PRIVACY.doNotSell, isOn: true, since: AT, isSignalled: true },
    apps: APPS,
    copy: { state: 'ready', url: '/account/privacy/export/x', expiresAt: AT },
    notice: { section: 'purposes', message: { key: 'notice.choice-saved' } },
  },
  'privacy, to be decided anew': {
    ...PRIVACY,
    purposes: [
      { ...NEWS, state: 'stale' },
      { ...ADVERTISING, state: 'awaiting-parent', since: AT },
      { ...IMPROVEMENT, basis: 'contract', answers: [] },
    ],
    topics: [],
    doNotSell: { ...PRIVACY.doNotSell, isOn: true, since: AT },
    copy: { state: 'collecting', collected: 120 },
    alert: { section: 'purposes', message: { key: 'error.choice-outdated' } },
  },
  'privacy-age': { ...AGE, form: form('/account/privacy/consents') },
  'privacy-age, wrong': {
    ...AGE,
    form: {
      ...form('/account/privacy/consents'),
      values: { birthdate: '2999-01-01', country: '' },
      errors: {
        birthdate: { key: 'error.birthdate' },
        country: { key: 'error.choose-country' },
      },
    },
  },
  'privacy-history': {
    ...HISTORY,
    requests: REQUESTS,
    entries: [...ENTRIES.slice(0, 2), ...ACTS, ...ENTRIES.slice(2)],
    moreUrl: '/account/privacy/history?cursor=x',
  },
  'privacy-history, every act': { ...HISTORY, entries: EVERY_ACT.slice(0, 25), isFirst: false },
  'privacy-history, every act, on': { ...HISTORY, entries: EVERY_ACT.slice(25), isFirst: false },
  'privacy-history, choices': { ...HISTORY, shows: 'choices', entries: ENTRIES },
  'privacy-history, empty': HISTORY,
  'privacy-history, nothing chosen': { ...HISTORY, shows: 'choices' },
  'privacy-history, nothing here': {
    ...HISTORY,
    isFirst: false,
    moreUrl: '/account/privacy/history?cursor=x',
  },
  'privacy-receipt': {
    ...RECEIPT,
    words: { title: NEWS.title, description: NEWS.description },
  },
  'privacy-receipt, of words that are gone': { ...RECEIPT, shownOn: 'api' },
  'privacy-export': EXPORT,
  'privacy-export, collecting': { ...EXPORT, copy: { state: 'collecting', collected: 1 } },
  'privacy-export, waiting': {
    ...EXPORT,
    copy: { state: 'waiting', services: 1, until: 1_800_000_000 },
  },
  'privacy-export, writing': { ...EXPORT, copy: { state: 'writing' } },
  'privacy-export, ready': {
    ...EXPORT,
    copy: { state: 'ready', url: '/account/privacy/export/x', expiresAt: 1_800_000_000 },
  },
  'privacy-export, too many': {
    ...EXPORT,
    form: {
      ...EXPORT.form,
      alert: { key: 'error.export-too-many', values: { time: '23 November 2026' } },
    },
  },
  'privacy-delete': DELETE,
  'privacy-delete, held, wrong password': {
    ...DELETE,
    form: { ...DELETE.form, errors: { password: { key: 'error.current-password' } } },
    isHeld: true,
    keepsConsents: true,
  },
  'privacy-delete, at once': { ...DELETE, hasGrace: false, asksPassword: false, processors: [] },
  'account-leaving': {
    page: 'account-leaving',
    erasesAt: 1_800_000_000,
    hasGrace: true,
    isHeld: false,
  },
  'account-leaving, held': {
    page: 'account-leaving',
    erasesAt: 1_800_000_000,
    hasGrace: false,
    isHeld: true,
  },
};
