import { describe, expect, it } from 'vitest';
import {
  chooseAudience,
  machineAccessTokenClaims,
  narrowResources,
  personAccessTokenClaims,
} from '../../functions/core/access-token.ts';
import type { Account } from '../../functions/core/account.ts';
import type { Grant } from '../../functions/core/grant.ts';
import {
  idTokenClaims,
  profileClaims,
  refreshedIdTokenClaims,
} from '../../functions/core/id-token.ts';
import type { ClientId, GrantId, SessionId, Sub } from '../../functions/core/ids.ts';
import { isScope, machineScope, narrowScope } from '../../functions/core/scope.ts';
import { clientWith, NOW } from './client-fixtures.ts';

const ISSUER = 'https://id.example';
const GRANT: Grant = {
  grantId: 'g1' as GrantId,
  sub: 's1' as Sub,
  clientId: 'app' as ClientId,
  sessionId: 'sid1' as SessionId,
  scope: 'openid email',
  redirectUri: 'https://app.example/callback',
  nonce: 'n1',
  authTime: NOW,
  amr: ['pwd'],
};
const ACCOUNT: Account = {
  sub: GRANT.sub,
  status: 'active',
  emailVerified: true,
  attributes: { email: 'ada@example.com', locale: 'de' },
  terms: { url: 'https://example.com/terms', acceptedAt: NOW },
  createdAt: NOW,
  updatedAt: NOW,
};

describe('access tokens (RFC 9068 §2.2)', () => {
  const issuance = {
    issuer: ISSUER,
    audience: [ISSUER],
    scope: 'openid',
    jti: 'j1',
    now: NOW,
    lifetimeSeconds: 300,
  };

  it('carry every required claim, and the grant that revokes them', () => {
    expect(personAccessTokenClaims(GRANT, issuance)).toEqual({
      iss: ISSUER,
      sub: 's1',
      aud: ISSUER,
      client_id: 'app',
      iat: NOW,
      exp: NOW + 300,
      jti: 'j1',
      scope: 'openid',
      auth_time: NOW,
      gid: 'g1',
    });
  });

  it('of a client for itself name the client as subject and no grant', () => {
    const claims = machineAccessTokenClaims(clientWith(), { ...issuance, scope: '' });
    expect(claims).toMatchObject({ sub: 'app', client_id: 'app' });
    expect(claims).not.toHaveProperty('gid');
    expect(claims).not.toHaveProperty('scope');
  });

  it.each<[string, ReadonlyArray<string>, ReadonlyArray<string>, string, ReadonlyArray<string>]>([
    ['the issuer when nothing is registered', [], [], '', [ISSUER]],
    [
      'the first registered one',
      ['https://a.example', 'https://b.example'],
      [],
      '',
      ['https://a.example'],
    ],
    [
      'the one asked for',
      ['https://a.example', 'https://b.example'],
      ['https://b.example'],
      '',
      ['https://b.example'],
    ],
    [
      'also the issuer with openid',
      ['https://a.example'],
      [],
      'openid',
      ['https://a.example', ISSUER],
    ],
  ])('are for %s', (_what, registered, asked, scope, audience) => {
    const client = clientWith({ domicile_audiences: registered });
    expect(chooseAudience(client, asked, { issuer: ISSUER, scope })).toEqual(audience);
  });

  it('are never for a resource that is not registered (RFC 8707 §2)', () => {
    const client = clientWith({ domicile_audiences: ['https://a.example'] });
    const ask = () =>
      chooseAudience(client, ['https://evil.example'], { issuer: ISSUER, scope: '' });
    expect(ask).toThrowError(expect.objectContaining({ code: 'invalid_target' }));
  });
});

describe('resources of a grant (RFC 8707 §2.2)', () => {
  const [A, B] = ['https://a.example', 'https://b.example'];
  const client = clientWith({ domicile_audiences: [A, B] });

  it.each<
    [string, ReadonlyArray<string> | undefined, ReadonlyArray<string>, typeof client, unknown]
  >([
    ['none named, none asked for', undefined, [], client, []],
    ['none named, a registered one asked for', undefined, [B], client, [B]],
    ['all that was granted', [A, B], [], client, [A, B]],
    ['one of those granted', [A, B], [B], client, [B]],
    ['the issuer', [ISSUER], [ISSUER], client, [ISSUER]],
    ['what is left of them', [A, B], [], clientWith({ domicile_audiences: [B] }), [B]],
  ])('are %s', (_, granted, requested, of, expected) => {
    expect(narrowResources(granted, requested, { client: of, issuer: ISSUER })).toEqual(expected);
  });

  it.each<[string, ReadonlyArray<string> | undefined, ReadonlyArray<string>, typeof client]>([
    ['another one than was granted', [A], [B], client],
    ['the issuer, which was not granted', [A], [ISSUER], client],
    ['one that is not registered', undefined, ['https://evil.example'], client],
    ['one that the operator took back', [A, B], [A], clientWith({ domicile_audiences: [B] })],
    ['what is left of nothing', [A], [], clientWith()],
  ])('are not %s', (_, granted, requested, of) => {
    const narrow = () => narrowResources(granted, requested, { client: of, issuer: ISSUER });
    expect(narrow).toThrowError(expect.objectContaining({ code: 'invalid_target' }));
  });
});

describe('ID tokens (OIDC Core §2)', () => {
  const issuance = { issuer: ISSUER, now: NOW, lifetimeSeconds: 3600 };

  it('carry the required claims, the session and the nonce', () => {
    expect(idTokenClaims(GRANT, issuance)).toEqual({
      iss: ISSUER,
      sub: 's1',
      aud: 'app',
      iat: NOW,
      exp: NOW + 3600,
      auth_time: NOW,
      amr: ['pwd'],
      sid: 'sid1',
      nonce: 'n1',
    });
  });

  it('keep auth_time and drop the nonce when refreshed (§12.2)', () => {
    const claims = refreshedIdTokenClaims(GRANT, issuance);
    expect(claims.auth_time).toBe(NOW);
    expect(claims).not.toHaveProperty('nonce');
  });

  it.each([
    ['openid', {}],
    ['openid email', { email: 'ada@example.com', email_verified: true }],
    ['openid profile', { locale: 'de', updated_at: NOW }],
  ])('with scope %s say only what it covers (§5.4)', (scope, claims) => {
    expect(profileClaims(ACCOUNT, scope)).toEqual(claims);
  });
});

describe('scopes', () => {
  it('may be narrowed and never widened (RFC 6749 §6)', () => {
    expect(narrowScope('openid email', 'email')).toBe('email');
    expect(narrowScope('openid email', undefined)).toBe('openid email');
    for (const wider of ['openid profile', 'admin', ' ']) {
      expect(() => narrowScope('openid email', wider)).toThrowError(
        expect.objectContaining({ code: 'invalid_scope' }),
      );
    }
  });

  it('of a client for itself say nothing of people', () => {
    expect(machineScope('openid email profile offline_access orders:read')).toBe('orders:read');
  });

  it('hold printable characters without quote and backslash (§3.3)', () => {
    expect(isScope('a b:c https://x')).toBe(true);
    for (const bad of ['a"b', 'a\\b', 'ä', 'a\tb']) expect(isScope(bad)).toBe(false);
  });
});
