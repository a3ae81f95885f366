import type { Form } from '../../functions/pages/form-state.ts';
import type { PageContext, View } from '../../functions/pages/view.ts';
import { PRIVACY_SAMPLES } from './privacy-samples.ts';

const HIDDEN = { request: 'eyJhbGciOiJkaXIifQ..sealed', form: 'eyJhbGciOiJkaXIifQ..token' };

function form(action: string): Form<never> {
  return { action, hidden: HIDDEN };
}

const EMAIL = 'ada.lovelace@example.com';
const SIGN_IN = { page: 'sign-in', recoverUrl: '/recover?request=x' } as const;
const SIGN_UP = {
  page: 'sign-up',
  signInUrl: '/sign-in?request=x',
  passwordMinimumLength: 10,
  purposes: [
    {
      name: 'purpose-product-news',
      value: 'en hash 1',
      title: 'News about our products',
      description:
        'We send you e-mails about new products and offers, a few times a month at most.',
      language: 'en',
      isTicked: false,
    },
  ],
} as const;
const RESET = {
  page: 'reset',
  passwordMinimumLength: 10,
  signInUrl: '/sign-in?request=x',
} as const;

const EXPORT = {
  page: 'export',
  reloadUrl: '/account/privacy/export/x',
  accountUrl: '/account',
} as const;

/** ISO 3166-1 alpha-2, wherever people live: the longest page there can be. */
const COUNTRIES = [
  'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO',
  'BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ',
  'DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP',
  'GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG',
  'KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML',
  'MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE',
  'PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL',
  'SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG',
  'US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW',
].flatMap((line) => line.split(' '));

const BY_COUNTRY = {
  by: 'country',
  countries: COUNTRIES,
  regions: ['eu-central-1', 'us-east-1', 'ap-southeast-2'],
  other: 'other',
} as const;
const SIGN_UP_REGION = { page: 'sign-up-region', signInUrl: '/sign-in?request=x' } as const;

/** Every page, plain and with everything it can show at once. */
export const SAMPLES: Readonly<Record<string, View>> = {
  ...PRIVACY_SAMPLES,
  'renew-consents': {
    page: 'renew-consents',
    form: { ...form('/renew-consents'), alert: { key: 'error.words-changed' } },
    purposes: SIGN_UP.purposes,
  },
  'keep-account': {
    page: 'keep-account',
    form: form('/keep-account'),
    erasesAt: 1_800_000_000,
    isHeld: false,
    leaveUrl: '/sign-in',
  },
  'keep-account, held': {
    page: 'keep-account',
    form: form('/keep-account'),
    erasesAt: 1_800_000_000,
    isHeld: true,
    leaveUrl: '/sign-in',
  },
  'export, collecting': { ...EXPORT, copy: { state: 'collecting', collected: 12 } },
  'export, waiting': {
    ...EXPORT,
    copy: { state: 'waiting', services: 2, until: 1_790_000_000 },
  },
  'export, ready': {
    ...EXPORT,
    copy: {
      state: 'ready',
      expiresAt: 1_790_000_000,
      files: [
        { kind: 'html', url: '/account/privacy/export/x/export.html', bytes: 34_567 },
        { kind: 'json', url: '/account/privacy/export/x/export.json', bytes: 12_345_678 },
      ],
    },
  },
  'export, expired': { ...EXPORT, copy: { state: 'expired' } },
  'account-kept': { page: 'account-kept', signInUrl: '/sign-in?request=x' },
  'sign-in': { ...SIGN_IN, form: form('/sign-in'), signUpUrl: '/sign-up?request=x' },
  'sign-in, wrong': {
    ...SIGN_IN,
    form: {
      ...form('/sign-in'),
      values: { email: EMAIL },
      alert: { key: 'error.credentials' },
    },
  },
  'sign-in, after recovery': {
    ...SIGN_IN,
    form: { ...form('/sign-in'), notice: { key: 'notice.password-changed' } },
  },
  'sign-in, with regions': {
    ...SIGN_IN,
    form: { ...form('/sign-in'), values: { email: EMAIL } },
    signUpUrl: '/sign-up?request=x',
    otherAccountUrl: '/sign-in?request=x&choose=1',
  },
  identify: {
    page: 'identify',
    form: form('/sign-in/identifier'),
    signUpUrl: '/sign-up?request=x',
  },
  'identify, wrong': {
    page: 'identify',
    form: {
      ...form('/sign-in/identifier'),
      values: { email: 'ada@' },
      errors: { email: { key: 'error.email-invalid' } },
    },
  },
  'region away': {
    page: 'error',
    title: { key: 'error-title.cell-away' },
    text: { key: 'error.cell-away' },
    retryUrl: '/sign-in?request=x',
  },
  'hand-over ended': {
    page: 'error',
    title: { key: 'error-title.hand-over' },
    text: { key: 'error.hand-over' },
    retryUrl: '/sign-in?request=x',
  },
  'sign-up': { ...SIGN_UP, form: form('/sign-up') },
  'sign-up, with its region': {
    ...SIGN_UP,
    form: form('/sign-up'),
    home: { region: 'me-central-1', country: 'CC', changeUrl: '/sign-up/region?country=CC' },
  },
  'sign-up, with a region of their choice': {
    ...SIGN_UP,
    form: form('/sign-up'),
    home: { region: 'eu-central-1', changeUrl: '/sign-up/region' },
  },
  'sign-up region': {
    ...SIGN_UP_REGION,
    form: form('/sign-up/region'),
    question: BY_COUNTRY,
  },
  'sign-up region, guessed': {
    ...SIGN_UP_REGION,
    form: { ...form('/sign-up/region'), values: { country: 'CC' } },
    question: BY_COUNTRY,
  },
  'sign-up region, none chosen': {
    ...SIGN_UP_REGION,
    form: {
      ...form('/sign-up/region'),
      errors: { country: { key: 'error.choose-country' } },
    },
    question: BY_COUNTRY,
  },
  'sign-up region, by place': {
    ...SIGN_UP_REGION,
    form: { ...form('/sign-up/region'), errors: { cell: { key: 'error.choose-place' } } },
    question: {
      by: 'place',
      places: [
        { cell: 'eu', region: 'eu-central-1' },
        { cell: 'us', region: 'us-east-1' },
        { cell: 'me', region: 'me-central-1' },
        { cell: 'new', region: 'xx-newest-1' },
      ],
      changeUrl: '/sign-up/region?request=x',
    },
  },
  'sign-up region, not offered': {
    ...SIGN_UP_REGION,
    form: form('/sign-up/region'),
    question: { by: 'place', places: [{ cell: 'eu', region: 'eu-central-1' }], country: 'CC' },
  },
  'sign-up, all wrong': {
    ...SIGN_UP,
    form: {
      ...form('/sign-up'),
      values: { email: 'ada@', terms: '' },
      errors: {
        email: { key: 'error.email-invalid' },
        password: { key: 'error.password-too-short', values: { minimum: 10 } },
        terms: { key: 'error.terms' },
      },
    },
    termsUrl: 'https://example.com/terms',
    privacyUrl: 'https://example.com/privacy',
  },
  'sign-up, unavailable': {
    ...SIGN_UP,
    form: {
      ...form('/sign-up'),
      values: { email: EMAIL, terms: 'accepted' },
      alert: { key: 'error.unavailable' },
    },
    termsUrl: 'https://example.com/terms',
  },
  verify: {
    page: 'verify',
    form: form('/verify'),
    resend: form('/verify/resend'),
    email: EMAIL,
    signUpUrl: '/sign-up?request=x',
  },
  'verify, wrong code': {
    page: 'verify',
    form: {
      ...form('/verify'),
      errors: { code: { key: 'error.code-wrong', values: { left: 1 } } },
    },
    resend: {
      ...form('/verify/resend'),
      alert: { key: 'error.resend-too-soon', values: { seconds: 42 } },
    },
    email: EMAIL,
    signUpUrl: '/sign-up?request=x',
  },
  'verify, code sent again': {
    page: 'verify',
    form: { ...form('/verify'), notice: { key: 'notice.code-sent' } },
    resend: form('/verify/resend'),
    email: EMAIL,
    signUpUrl: '/sign-up?request=x',
  },
  'verify-link': {
    page: 'verify-link',
    form: form('/verify'),
    asksPassword: false,
    email: EMAIL,
  },
  'verify-link, other browser': {
    page: 'verify-link',
    form: { ...form('/verify'), errors: { password: { key: 'error.required' } } },
    asksPassword: true,
    email: EMAIL,
  },
  recover: { page: 'recover', form: form('/recover'), signInUrl: '/sign-in?request=x' },
  'recover, locked': {
    page: 'recover',
    form: {
      ...form('/recover'),
      values: { email: EMAIL },
      alert: { key: 'error.too-many-mails', values: { minutes: 1 } },
    },
    signInUrl: '/sign-in?request=x',
  },
  reset: {
    ...RESET,
    form: form('/recover/reset'),
    asksCode: true,
    email: EMAIL,
    resend: form('/recover/resend'),
  },
  'reset, wrong': {
    ...RESET,
    form: {
      ...form('/recover/reset'),
      errors: {
        code: { key: 'error.code-wrong', values: { left: 3 } },
        password: { key: 'error.password-common' },
      },
    },
    asksCode: true,
    resend: form('/recover/resend'),
  },
  'reset, from the link': { ...RESET, form: form('/recover/reset'), asksCode: false },
  consent: {
    page: 'consent',
    form: form('/consent'),
    scopes: ['openid', 'email', 'profile', 'offline_access', 'orders:read'],
    email: EMAIL,
  },
  'sign-out': { page: 'sign-out', form: form('/oauth2/logout') },
  'sign-out, unavailable': {
    page: 'sign-out',
    form: { ...form('/oauth2/logout'), alert: { key: 'error.unavailable' } },
  },
  'signed-out': { page: 'signed-out' },
  'signed-out, with a way on': { page: 'signed-out', continueUrl: 'https://shop.example.com/' },
  account: {
    page: 'account',
    email: EMAIL,
    passwordUrl: '/account/password',
    privacyUrl: '/account/privacy',
    sessions: [
      {
        sessionId: 's1',
        userAgent: 'Firefox on Linux',
        createdAt: 1_790_000_000,
        lastSeenAt: 1_790_060_000,
        current: true,
      },
      {
        sessionId: 's2',
        userAgent: 'Safari on iPhone',
        createdAt: 1_789_000_000,
        lastSeenAt: 1_789_900_000,
        current: false,
      },
      {
        sessionId: 's3',
        userAgent: undefined,
        createdAt: 1_788_000_000,
        lastSeenAt: 1_788_000_000,
        current: false,
      },
    ],
    revoke: form('/account/sessions/revoke'),
    signOut: form('/account/sign-out'),
    notice: { key: 'notice.session-ended' },
  },
  password: {
    page: 'password',
    form: form('/account/password'),
    passwordMinimumLength: 10,
    accountUrl: '/account',
    email: EMAIL,
  },
  'password, wrong': {
    page: 'password',
    form: {
      ...form('/account/password'),
      errors: { current: { key: 'error.current-password' } },
    },
    passwordMinimumLength: 10,
    accountUrl: '/account',
    email: EMAIL,
  },
  'form-post': {
    page: 'form-post',
    form: { action: 'https://shop.example.com/callback', hidden: { code: 'eu.x', state: 's' } },
  },
  error: {
    page: 'error',
    title: { key: 'error-title.request' },
    text: { key: 'error.redirect-uri' },
    technical: 'invalid_request: redirect_uri is not registered',
    requestId: 'b1946ac9-2492-4d23-8f3c-0f2d8e6a1c55',
    retryUrl: '/account',
  },
  'error, nothing there': {
    page: 'error',
    title: { key: 'error-title.not-found' },
    text: { key: 'error.not-found' },
    retryUrl: '/account',
    retryLabel: { key: 'action.to-account' },
  },
};

export const PLAIN: PageContext = {
  locales: ['en'],
  productName: 'Northwind',
  pageUrl: '/sign-in?request=eyJhbGciOiJkaXIifQ..sealed',
  nonce: 'bm9uY2Utb2YtYS10ZXN0',
  formActions: [],
};

const LOGO_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#c2410c"/><path d="M12 26c8-18 14-8 16-14" stroke="#fff" stroke-width="4" fill="none"/></svg>';

export const BRANDED: PageContext = {
  ...PLAIN,
  client: {
    name: 'Juniper Shop',
    branding: {
      logo: `data:image/svg+xml;base64,${Buffer.from(LOGO_SVG).toString('base64')}`,
      color: '#c2410c',
    },
    policyUri: 'https://shop.example.com/privacy',
    tosUri: 'https://shop.example.com/terms',
  },
  formActions: ['https://shop.example.com'],
};
