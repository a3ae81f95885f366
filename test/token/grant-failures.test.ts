import { describe, expect, it, test } from 'vitest';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import type { Account } from '../../functions/core/account.ts';
import { OAuthError, UnavailableError } from '../../functions/core/errors.ts';
import type { Grant } from '../../functions/core/grant.ts';
import type { ClientId, GrantId, SessionId, Sub } from '../../functions/core/ids.ts';
import type { Grants, OpenedCode, OpenedRefreshToken } from '../../functions/core/ports/grants.ts';
import { addSeconds, type EpochSeconds } from '../../functions/core/time.ts';
import { Parameters } from '../../functions/http/parameters.ts';
import { createAuthorizationCodeGrant } from '../../functions/token/grants/authorization-code.ts';
import { createRefreshTokenGrant } from '../../functions/token/grants/refresh-token.ts';
import { createTokenIssuer } from '../../functions/token/token-issuer.ts';
import { actingAt } from '../core/act-fixtures.ts';
import { clientWith, NOW } from '../core/client-fixtures.ts';
import { NO_CHOICES, policyOf } from '../core/consents-fixtures.ts';

const ISSUER = 'https://id.example';
const VERIFIER = 'v'.repeat(43);
const GRANT: Grant = {
  grantId: 'g1' as GrantId,
  sub: 's1' as Sub,
  clientId: 'app' as ClientId,
  sessionId: 'sid1' as SessionId,
  scope: 'openid email',
  redirectUri: 'https://app.example/callback',
  codeChallenge: hashSecret(VERIFIER),
  authTime: NOW,
  amr: ['pwd'],
};
const ACCOUNT: Account = {
  sub: GRANT.sub,
  status: 'active',
  emailVerified: true,
  attributes: { email: 'ada@example.com', locale: 'en' },
  terms: { url: 'https://example.com/terms', acceptedAt: NOW },
  createdAt: NOW,
  updatedAt: NOW,
};
const registration = {
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile email',
  domicile_audiences: ['https://api.example'],
} as const;
const client = clientWith(registration);
const CODE: OpenedCode = {
  kind: 'code',
  sub: GRANT.sub,
  grantId: GRANT.grantId,
  sessionId: GRANT.sessionId,
  secret: 'x',
};
const ENDS_AT = addSeconds(NOW, 1000);
const REFRESH_TOKEN: OpenedRefreshToken = {
  kind: 'refresh-token',
  sub: GRANT.sub,
  grantId: GRANT.grantId,
  secret: 'x',
  scope: GRANT.scope,
  familyEndsAt: ENDS_AT,
};
const BUSY = new UnavailableError('KMS', new Error('throttled'));

const API = 'https://api.example';

interface World {
  /** What the person granted it for. */
  readonly resources?: ReadonlyArray<string>;
  readonly account?: Account | undefined | Error;
  /** True once the session of the code was signed out of. */
  readonly signedOut?: boolean;
  readonly signing?: Error;
  /** When the grant ends. */
  readonly endsAt?: EpochSeconds;
  /** Undoing fails as well. */
  readonly undoing?: Error;
}

/** Both grants over ports that remember what was done to the token family. */
function grantsIn(world: World) {
  const { endsAt = ENDS_AT, resources } = world;
  const granted = resources === undefined ? {} : { resources };
  const grant = { ...GRANT, ...granted };
  const done: Array<string> = [];
  const undo = async (what: string) => {
    done.push(what);
    if (world.undoing !== undefined) throw world.undoing;
  };
  const grants: Grants = {
    open: async (presented) => (presented === 'c' ? CODE : { ...REFRESH_TOKEN, ...granted }),
    redeem: async () => ({
      outcome: 'redeemed',
      grant,
      endsAt,
      refreshToken: 'next',
    }),
    rotate: async () => {
      done.push('rotated');
      return { outcome: 'rotated', grant, endsAt, refreshToken: 'next' };
    },
    reopen: () => undo('reopened'),
    prolongGrace: () => undo('grace prolonged'),
    revoke: async () => {
      await undo('revoked');
      return 'revoked';
    },
  };
  const sign = async () => {
    if (world.signing !== undefined) throw world.signing;
    return 'signed';
  };
  const findWithSession = async () => {
    const account = 'account' in world ? world.account : ACCOUNT;
    if (account instanceof Error) throw account;
    return { account, hasSession: world.signedOut !== true, choices: NO_CHOICES };
  };
  const tokenIssuer = createTokenIssuer({
    signer: { sign },
    issuer: ISSUER,
    lifetimes: { accessTokenSeconds: 300, idTokenSeconds: 3600 },
    randomToken: () => 'jti',
    policy: policyOf([]),
  });
  const code = createAuthorizationCodeGrant({
    grants,
    profiles: { findWithSession },
    tokenIssuer,
    hashSecret,
    issuer: ISSUER,
  });
  const refresh = createRefreshTokenGrant({ grants, tokenIssuer, issuer: ISSUER });
  const formOf = (fields: Record<string, string>) =>
    Parameters.parse(new URLSearchParams(fields).toString());
  const noted: Array<string> = [];
  const noteSub = (sub: Sub) => void noted.push(sub);
  return {
    done,
    noted,
    redeem: (fields: Record<string, string> = {}, of = client) =>
      code({
        form: formOf({
          code: 'c',
          redirect_uri: GRANT.redirectUri,
          code_verifier: VERIFIER,
          ...fields,
        }),
        client: of,
        now: NOW,
        acting: actingAt(NOW),
        noteSub,
      }),
    refresh: (fields: Record<string, string> = {}, of = client) =>
      refresh({
        form: formOf({ refresh_token: 'r', ...fields }),
        client: of,
        now: NOW,
        acting: actingAt(NOW),
        noteSub,
      }),
  };
}

describe('redeeming a code', () => {
  it('that nothing disturbs undoes nothing', async () => {
    const { redeem, done } = grantsIn({});
    expect(await redeem()).toMatchObject({ refresh_token: 'next', scope: 'openid email' });
    expect(done).toEqual([]);
  });

  it.each<[string, World]>([
    ['signing fails', { signing: BUSY }],
    ['the profile cannot be read', { account: BUSY }],
  ])('leaves the code unspent when %s, so that the client can try again', async (_when, world) => {
    const { redeem, done } = grantsIn(world);
    await expect(redeem()).rejects.toBe(BUSY);
    expect(done).toEqual(['reopened']);
  });

  it('reports the first failure when undoing fails too', async () => {
    const { redeem } = grantsIn({ signing: BUSY, undoing: new Error('also busy') });
    await expect(redeem()).rejects.toBe(BUSY);
  });

  it.each<[string, World, Record<string, string>, string]>([
    ['another redirect_uri', {}, { redirect_uri: 'https://evil.example/' }, 'another redirect_uri'],
    ['a wrong verifier', {}, { code_verifier: 'w'.repeat(43) }, 'code_verifier does not match'],
    ['no verifier', {}, { code_verifier: '' }, 'code_verifier is missing'],
    ['an account that is gone', { account: undefined }, {}, 'the account is gone or disabled'],
    [
      'a disabled account',
      { account: { ...ACCOUNT, status: 'disabled' } },
      {},
      'the account is gone or disabled',
    ],
    ['a session that has ended', { signedOut: true }, {}, 'the session of the code has ended'],
  ])('with %s leaves no open grant behind', async (_what, world, fields, detail) => {
    const { redeem, done } = grantsIn(world);
    await expect(redeem(fields)).rejects.toMatchObject({ code: 'invalid_grant', detail });
    expect(done).toEqual(['revoked']);
  });

  it('for another resource than was granted leaves no open grant behind', async () => {
    const { redeem, done, noted } = grantsIn({ resources: [API] });
    const refused = redeem({ resource: ISSUER });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_target' });
    expect({ done, noted }).toEqual({ done: ['revoked'], noted: [GRANT.sub] });
  });

  it('for an unknown resource is refused before anything is spent', async () => {
    const { redeem, done } = grantsIn({});
    const refused = redeem({ resource: 'https://evil.example' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_target' });
    expect(done).toEqual([]);
  });
});

describe('refreshing', () => {
  it('keeps the presented token good when signing fails: nobody saw its successor', async () => {
    const { refresh, done } = grantsIn({ signing: BUSY });
    await expect(refresh()).rejects.toBe(BUSY);
    expect(done).toEqual(['rotated', 'grace prolonged']);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a scope that was not granted', { scope: 'admin' }, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://evil.example' }, 'invalid_target'],
    ['a code', { refresh_token: 'c' }, 'invalid_grant'],
  ])('with %s is refused before anything is rotated', async (_what, fields, code) => {
    const { refresh, done } = grantsIn({});
    await expect(refresh(fields)).rejects.toMatchObject({ code });
    expect(done).toEqual([]);
  });

  it('for another resource than was granted is refused before anything is rotated', async () => {
    const { refresh, done, noted } = grantsIn({ resources: [API] });
    const refused = refresh({ resource: ISSUER });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_target' });
    expect({ done, noted }).toEqual({ done: [], noted: [GRANT.sub] });
  });

  it('never prolongs a grace because of a refusal, whatever refuses', async () => {
    const refusal = new OAuthError('invalid_request', { detail: 'provoked by a thief' });
    const { refresh, done } = grantsIn({ signing: refusal });
    await expect(refresh()).rejects.toBe(refusal);
    expect(done).toEqual(['rotated']);
  });
});

describe('scopes that the operator took back from the client', () => {
  const reduced = clientWith({ ...registration, scope: 'openid' });
  const stranger = clientWith({ ...registration, scope: 'other' });

  it('are gone from the next tokens', async () => {
    const { redeem, refresh } = grantsIn({});
    expect(await refresh({}, reduced)).toMatchObject({ scope: 'openid' });
    expect(await redeem({}, reduced)).toMatchObject({ scope: 'openid' });
    await expect(refresh({ scope: 'email' }, reduced)).rejects.toMatchObject({
      code: 'invalid_scope',
    });
  });

  it('leave no tokens when none is left', async () => {
    const { redeem, refresh } = grantsIn({});
    const detail = 'the client may ask for nothing of what was granted';
    await expect(refresh({}, stranger)).rejects.toMatchObject({ code: 'invalid_grant', detail });
    await expect(redeem({}, stranger)).rejects.toMatchObject({ code: 'invalid_grant', detail });
  });
});

test('no access token outlives its grant', async () => {
  const { redeem, refresh } = grantsIn({ endsAt: addSeconds(NOW, 60) });
  expect(await redeem()).toMatchObject({ expires_in: 60 });
  expect(await refresh()).toMatchObject({ expires_in: 60 });
});
