import { DAY, HOUR, PAGES, type Tunable } from './tunable.ts';

/** How long tokens and sessions last. */
export const TOKEN_TUNABLE_SPECS = {
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
} as const satisfies Readonly<Record<string, Tunable>>;
