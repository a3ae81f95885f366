import type { TUNABLES } from '../functions/environment.ts';
import type { ParameterSpec } from './parameter-spec.ts';
import { PRIVACY_TUNABLE_SPECS } from './privacy-tunables.ts';
import type { HttpSurface, Surface } from './surfaces.ts';

export type TunableName = keyof typeof TUNABLES;
export type Tunable = ParameterSpec & {
  /** Functions that read it; no other gets it. */
  readonly surfaces: ReadonlyArray<Surface>;
};

const HOUR = 3600;
const DAY = 24 * HOUR;

const PAGES: ReadonlyArray<HttpSurface> = ['interaction', 'account', 'privacy'];
/** Who writes to people in the operator's name. */
const WRITING: ReadonlyArray<Surface> = [...PAGES, 'export', 'erasure'];
/** As `WRITING`, and who has mail of theirs sent: it knows the language of the person. */
const MAILING: ReadonlyArray<Surface> = [...WRITING, 'privacy-admin'];
const HTTPS_URL_OR_EMPTY = '(https://[^\\s"<>]{1,500})?';

/**
 * What operators tune, by the key of its environment name in `functions/environment.ts`. Where two
 * limits bound one thing (idle ≤ absolute, grace < idle), the shorter one wins at run time, so that
 * no combination is wrong.
 */
export const TUNABLE_SPECS: Readonly<Record<TunableName, Tunable>> = {
  accessTokenLifetimeSeconds: {
    group: 'Tokens',
    type: 'number',
    default: 300,
    min: 60,
    max: HOUR,
    description:
      'Seconds that an access token is valid. APIs accept it until then, even if revoked.',
    surfaces: ['token'],
  },
  idTokenLifetimeSeconds: {
    group: 'Tokens',
    type: 'number',
    default: HOUR,
    min: 60,
    max: DAY,
    description: 'Seconds that an ID token is valid.',
    surfaces: ['token'],
  },
  authorizationCodeLifetimeSeconds: {
    group: 'Tokens',
    type: 'number',
    default: 60,
    min: 10,
    max: 600,
    description: 'Seconds within which an app must redeem an authorization code.',
    surfaces: ['interaction'],
  },
  refreshTokenIdleLifetimeSeconds: {
    group: 'Tokens',
    type: 'number',
    default: 30 * DAY,
    min: 300,
    max: 365 * DAY,
    description: 'Seconds after which an unused refresh token expires.',
    surfaces: ['token'],
  },
  refreshTokenAbsoluteLifetimeSeconds: {
    group: 'Tokens',
    type: 'number',
    default: 90 * DAY,
    min: 300,
    max: 730 * DAY,
    description: 'Seconds after which a refresh token expires however often it was used.',
    surfaces: ['token'],
  },
  refreshTokenGraceSeconds: {
    group: 'Tokens',
    type: 'number',
    default: 10,
    min: 0,
    max: 60,
    description:
      'Seconds during which a rotated refresh token still works, for apps that lost the answer.',
    surfaces: ['token'],
  },
  sessionIdleLifetimeSeconds: {
    group: 'Sessions',
    type: 'number',
    default: 14 * DAY,
    min: 300,
    max: 365 * DAY,
    description: 'Seconds after which an unused browser session ends.',
    surfaces: PAGES,
  },
  sessionAbsoluteLifetimeSeconds: {
    group: 'Sessions',
    type: 'number',
    default: 30 * DAY,
    min: 300,
    max: 730 * DAY,
    description: 'Seconds after which a browser session ends however often it was used.',
    surfaces: PAGES,
  },
  oneTimeCodeLifetimeSeconds: {
    group: 'One-time codes and mail',
    type: 'number',
    default: 600,
    min: 120,
    max: HOUR,
    description: 'Seconds that a mailed code or link is valid.',
    surfaces: ['interaction'],
  },
  oneTimeCodeTries: {
    group: 'One-time codes and mail',
    type: 'number',
    default: 5,
    min: 3,
    max: 10,
    description: 'Wrong entries after which a mailed code is void.',
    surfaces: ['interaction'],
  },
  oneTimeCodeResendIntervalSeconds: {
    group: 'One-time codes and mail',
    type: 'number',
    default: 30,
    min: 10,
    max: 600,
    description: 'Seconds to wait before a code can be sent again.',
    surfaces: ['interaction'],
  },
  oneTimeCodeMailsPerHour: {
    group: 'One-time codes and mail',
    type: 'number',
    default: 5,
    min: 1,
    max: 20,
    description:
      'Mails with a code that one e-mail address gets per hour, for sign-up and for recovery each.',
    surfaces: ['interaction'],
  },
  oneTimeCodeMailsPerHourAndSource: {
    group: 'One-time codes and mail',
    type: 'number',
    default: 100,
    min: 5,
    max: 10_000,
    description:
      'Mails with a code that one network address causes per hour. Offices share an address.',
    surfaces: ['interaction'],
  },
  fromAddress: {
    group: 'One-time codes and mail',
    type: 'text',
    default: 'no-reply@domicile.invalid',
    pattern: "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\\.)+[A-Za-z]{2,63}",
    maxLength: 254,
    expected: 'an e-mail address such as no-reply@example.com',
    description:
      'Sender of all mail: an address or domain verified in SES. With the default no mail leaves, so nobody can sign up.',
    surfaces: MAILING,
  },
  signInFailureLimit: {
    group: 'Passwords and sign-in',
    type: 'number',
    default: 10,
    min: 3,
    max: 100,
    description: 'Failed sign-ins per e-mail address after which further ones must wait.',
    surfaces: PAGES,
  },
  signInFailureWindowSeconds: {
    group: 'Passwords and sign-in',
    type: 'number',
    default: 900,
    min: 60,
    max: DAY,
    description: 'Seconds over which failed sign-ins are counted, and the longest wait.',
    surfaces: PAGES,
  },
  lookUpsPerQuarterHourAndSource: {
    group: 'Passwords and sign-in',
    type: 'number',
    default: 100,
    min: 10,
    max: 100_000,
    description:
      'Several cells: times in 15 minutes that one network address may ask where somebody is at home. Offices share an address.',
    surfaces: ['interaction'],
  },
  passwordMinimumLength: {
    group: 'Passwords and sign-in',
    type: 'number',
    default: 10,
    min: 8,
    max: 64,
    description:
      'Characters that a new password needs. NIST SP 800-63B-4 asks for 15 where nothing else proves who it is.',
    surfaces: PAGES,
  },
  argon2MemoryKiB: {
    group: 'Passwords and sign-in',
    type: 'number',
    default: 19_456,
    min: 19_456,
    max: 131_072,
    description: 'Memory in KiB of one Argon2id hash. Raised, passwords are re-hashed at sign-in.',
    surfaces: PAGES,
  },
  argon2Passes: {
    group: 'Passwords and sign-in',
    type: 'number',
    default: 2,
    min: 2,
    max: 10,
    description: 'Passes of Argon2id over its memory.',
    surfaces: PAGES,
  },
  argon2Parallelism: {
    group: 'Passwords and sign-in',
    type: 'number',
    default: 1,
    min: 1,
    max: 4,
    description: 'Lanes of Argon2id.',
    surfaces: PAGES,
  },
  selfRegistration: {
    group: 'Passwords and sign-in',
    type: 'choice',
    default: 'enabled',
    values: ['enabled', 'disabled'],
    description: 'Whether anybody can create an account.',
    surfaces: ['interaction'],
  },
  productName: {
    group: 'Pages',
    type: 'text',
    default: 'Domicile',
    pattern: '[^\\x00-\\x1f\\x7f<>"]{1,60}',
    maxLength: 60,
    expected: '1 to 60 characters without control characters, quotes or angle brackets',
    description: 'Your name on pages and in mail.',
    surfaces: MAILING,
  },
  termsUrl: {
    group: 'Pages',
    type: 'text',
    default: '',
    pattern: HTTPS_URL_OR_EMPTY,
    maxLength: 508,
    expected: 'empty, or a URL that starts with https://',
    description:
      'Your terms of use, which sign-up asks to accept; empty: those of the app, if it has any.',
    surfaces: ['interaction'],
  },
  privacyUrl: {
    group: 'Pages',
    type: 'text',
    default: '',
    pattern: HTTPS_URL_OR_EMPTY,
    maxLength: 508,
    expected: 'empty, or a URL that starts with https://',
    description: 'Your privacy notice, linked where people sign up.',
    surfaces: ['interaction'],
  },
  defaultLanguage: {
    group: 'Pages',
    type: 'choice',
    default: 'en',
    values: ['en', 'de'],
    description: 'Language for browsers that ask for none that the pages have.',
    surfaces: WRITING,
  },
  ...PRIVACY_TUNABLE_SPECS,
};
