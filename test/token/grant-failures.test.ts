import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import type { Account } from '../../functions/core/account.ts';
import { OAuthError, UnavailableError } from '../../functions/core/errors.ts';
import type { Grant } from '../../functions/core/grant.ts';
import type { ClientId, GrantId, SessionId, Sub } from '../../functions/core/ids.ts';
import type { Grants } from '../../functions/core/ports/grants.ts';
import { Parameters } from '../../functions/http/parameters.ts';
import { createAuthorizationCodeGrant } from '../../functions/token/grants/authorization-code.ts';
import { createRefreshTokenGrant } from '../../functions/token/grants/refresh-token.ts';
import { createTokenIssuer } from '../../functions/token/token-issuer.ts';
import { clientWith, NOW } from '../core/client-fixtures.ts';

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
  termsAcceptedAt: NOW,
  createdAt: NOW,
  updatedAt: NOW,
};
const client = clientWith({ grant_types: ['authorization_code', 'refresh_token'] });
const BUSY = new UnavailableError('KMS', new Error('throttled'));

interface World {
  readonly account?: Account | undefined | Error;
  readonly signing?: Error;
  /** Undoing fails as well. */
  readonly undoing?: Error;
}

/** Both grants over ports that remember what was done to the token family. */
function grantsIn(world: World) {
  const done: Array<string> = [];
  const undo = async (what: string) => {
    done.push(what);
    if (world.undoing !== undefined) throw world.undoing;
  };
  const grants: Grants = {
    open: async () => ({ sub: GRANT.sub, grantId: GRANT.grantId, secret: 'x' }),
    redeem: async () => ({ outcome: 'redeemed', grant: GRANT, refreshToken: 'next' }),
    rotate: async () => ({ outcome: 'rotated', grant: GRANT, refreshToken: 'next' }),
    reopen: () => undo('reopened'),
    prolongGrace: () => undo('grace prolonged'),
    revoke: async () => {
      await undo('revoked');
      return true;
    },
  };
  const sign = async () => {
    if (world.signing !== undefined) throw world.signing;
    return 'signed';
  };
  const find = async () => {
    const account = 'account' in world ? world.account : ACCOUNT;
    if (account instanceof Error) throw account;
    return account;
  };
  const tokenIssuer = createTokenIssuer({
    signer: { sign },
    issuer: ISSUER,
    lifetimes: { accessTokenSeconds: 300, idTokenSeconds: 3600 },
    randomToken: () => 'jti',
  });
  const profiles = { find, findWithGrant: async () => ({ account: ACCOUNT, grantIsOpen: true }) };
  const code = createAuthorizationCodeGrant({
    grants,
    profiles,
    tokenIssuer,
    hashSecret,
    issuer: ISSUER,
  });
  const refresh = createRefreshTokenGrant({ grants, tokenIssuer, issuer: ISSUER });
  const formOf = (fields: Record<string, string>) =>
    Parameters.parse(new URLSearchParams(fields).toString());
  return {
    done,
    redeem: (fields: Record<string, string> = {}) =>
      code({
        form: formOf({
          code: 'c',
          redirect_uri: GRANT.redirectUri,
          code_verifier: VERIFIER,
          ...fields,
        }),
        client,
        now: NOW,
      }),
    refresh: (fields: Record<string, string> = {}) =>
      refresh({ form: formOf({ refresh_token: 'r', ...fields }), client, now: NOW }),
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
  ])('with %s leaves no open grant behind', async (_what, world, fields, detail) => {
    const { redeem, done } = grantsIn(world);
    await expect(redeem(fields)).rejects.toMatchObject({ code: 'invalid_grant', detail });
    expect(done).toEqual(['revoked']);
  });

  it('for an unknown resource is refused before anything is spent', async () => {
    const { redeem, done } = grantsIn({});
    const refused = redeem({ resource: 'https://evil.example' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_target' });
    expect(done).toEqual([]);
  });
});

describe('refreshing', () => {
  it.each<[string, World, Record<string, string>]>([
    ['signing fails', { signing: BUSY }, {}],
    ['the scope is refused', {}, { scope: 'admin' }],
  ])(
    'keeps the presented token good when %s: nobody saw its successor',
    async (_when, world, fields) => {
      const { refresh, done } = grantsIn(world);
      await expect(refresh(fields)).rejects.toBeInstanceOf(
        world.signing ? UnavailableError : OAuthError,
      );
      expect(done).toEqual(['grace prolonged']);
    },
  );
});
