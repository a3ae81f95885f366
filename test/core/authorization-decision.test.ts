import { describe, expect, it } from 'vitest';
import { asksToSignIn, decideAuthorization } from '../../functions/core/authorization-decision.ts';
import type { AuthorizationRequest } from '../../functions/core/authorization-request.ts';
import type { ClientId, Sub } from '../../functions/core/ids.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';

const at = (seconds: number) => seconds as EpochSeconds;
const ADA = 'ada' as Sub;
const BOB = 'bob' as Sub;

const REQUEST: AuthorizationRequest = {
  clientId: 'shop' as ClientId,
  redirectUri: 'https://shop.example/cb',
  responseMode: 'query',
  scope: 'openid email',
  prompt: [],
  uiLocales: [],
  requestedAt: at(1000),
};

interface Row {
  readonly request?: Partial<AuthorizationRequest>;
  /** `authTime`; absent without a session. */
  readonly signedInAt?: number;
  readonly back?: boolean;
  readonly now?: number;
  readonly thirdParty?: boolean;
  readonly consented?: string;
  /** Of the client; the decision is made in `eu`. */
  readonly allowedCells?: ReadonlyArray<string>;
}

function decide({ request, signedInAt, back = false, now = 1000, ...row }: Row): string {
  const decision = decideAuthorization({
    request: { ...REQUEST, ...request },
    client: {
      firstParty: row.thirdParty !== true,
      ...(row.allowedCells !== undefined && { allowedCells: row.allowedCells }),
    },
    cell: 'eu',
    session: signedInAt === undefined ? undefined : { sub: ADA, authTime: at(signedInAt) },
    consentedScope: row.consented,
    hasJustArrived: !back,
    now: at(now),
  });
  return decision.next === 'refuse' ? decision.code : decision.next;
}

describe('an authorization request', () => {
  const rows: ReadonlyArray<readonly [string, Row, string]> = [
    ['without a session', {}, 'sign-in'],
    ['with a session', { signedInAt: 900 }, 'issue'],
    ['prompt=none without a session', { request: { prompt: ['none'] } }, 'login_required'],
    ['prompt=none with one', { request: { prompt: ['none'] }, signedInAt: 900 }, 'issue'],
    ['prompt=login', { request: { prompt: ['login'] }, signedInAt: 900 }, 'sign-in'],
    ['prompt=login, same second', { request: { prompt: ['login'] }, signedInAt: 1000 }, 'sign-in'],
    [
      'prompt=login, back from signing in',
      { request: { prompt: ['login'] }, signedInAt: 1000, back: true },
      'issue',
    ],
    [
      'prompt=login, back without signing in',
      { request: { prompt: ['login'] }, signedInAt: 999, back: true },
      'sign-in',
    ],
    [
      'prompt=select_account',
      { request: { prompt: ['select_account'] }, signedInAt: 1 },
      'sign-in',
    ],
    ['a client that takes this cell', { signedInAt: 900, allowedCells: ['us', 'eu'] }, 'issue'],
    ['a client that takes others', { signedInAt: 900, allowedCells: ['us'] }, 'access_denied'],
    [
      'a client that takes others, prompt=none',
      { request: { prompt: ['none'] }, signedInAt: 900, allowedCells: ['us'] },
      'access_denied',
    ],
    [
      'a client that takes others, consent not given',
      { signedInAt: 900, allowedCells: ['us'], thirdParty: true },
      'access_denied',
    ],
    ['a client that takes others, without a session', { allowedCells: ['us'] }, 'sign-in'],
    ['max_age not over', { request: { maxAgeSeconds: 100 }, signedInAt: 900 }, 'issue'],
    ['max_age over', { request: { maxAgeSeconds: 99 }, signedInAt: 900 }, 'sign-in'],
    ['max_age=0', { request: { maxAgeSeconds: 0 }, signedInAt: 1000 }, 'sign-in'],
    [
      'max_age=0, back from signing in slowly',
      { request: { maxAgeSeconds: 0 }, signedInAt: 1050, back: true, now: 1100 },
      'issue',
    ],
    [
      'max_age=0, back ten minutes after signing in',
      { request: { maxAgeSeconds: 0 }, signedInAt: 1050, back: true, now: 1650 },
      'issue',
    ],
    [
      'max_age=0, brought back later',
      { request: { maxAgeSeconds: 0 }, signedInAt: 1050, back: true, now: 1651 },
      'sign-in',
    ],
    [
      'prompt=login, brought back hours after signing in',
      { request: { prompt: ['login'] }, signedInAt: 1050, back: true, now: 70_000 },
      'sign-in',
    ],
    [
      'max_age over since signing in, though that followed the request',
      { request: { maxAgeSeconds: 60 }, signedInAt: 1050, back: true, now: 1111 },
      'sign-in',
    ],
    [
      'max_age not over since signing in',
      { request: { maxAgeSeconds: 60 }, signedInAt: 1050, back: true, now: 1110 },
      'issue',
    ],
    [
      'max_age over and prompt=none',
      { request: { maxAgeSeconds: 9, prompt: ['none'] }, signedInAt: 900 },
      'login_required',
    ],
    ['a hint at this person', { request: { subHint: ADA }, signedInAt: 900 }, 'issue'],
    ['a hint at another person', { request: { subHint: BOB }, signedInAt: 900 }, 'sign-in'],
    [
      'a hint at another person than the one who signed in',
      { request: { subHint: BOB }, signedInAt: 1001, back: true },
      'login_required',
    ],
    ['of a third party', { signedInAt: 900, thirdParty: true }, 'consent'],
    [
      'of a third party, allowed before',
      { signedInAt: 900, thirdParty: true, consented: 'email openid profile' },
      'issue',
    ],
    [
      'of a third party that wants more',
      { signedInAt: 900, thirdParty: true, consented: 'openid' },
      'consent',
    ],
    [
      'of a third party, prompt=none',
      { request: { prompt: ['none'] }, signedInAt: 900, thirdParty: true },
      'consent_required',
    ],
    ['prompt=consent', { request: { prompt: ['consent'] }, signedInAt: 900 }, 'consent'],
  ];
  it.each(rows)('%s', (_, row, expected) => {
    expect(decide(row)).toBe(expected);
  });

  it('need not read a session that cannot count', () => {
    expect(asksToSignIn({ ...REQUEST, prompt: ['login'] })).toBe(true);
    expect(asksToSignIn({ ...REQUEST, maxAgeSeconds: 0 })).toBe(true);
    expect(asksToSignIn({ ...REQUEST, prompt: ['none'], maxAgeSeconds: 1 })).toBe(false);
  });
});
