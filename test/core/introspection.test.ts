import { describe, expect, it } from 'vitest';
import type { ClientId } from '../../functions/core/ids.ts';
import { describeAccessToken, mayIntrospect } from '../../functions/core/introspection.ts';
import { clientWith, NOW } from './client-fixtures.ts';

const ISSUER = 'https://id.example';
const API = 'https://api.example';
const api = { ...clientWith({ domicile_audiences: [API] }), clientId: 'api' as ClientId };

describe('who may ask about an access token (RFC 7662 §4)', () => {
  it.each([
    ['its client', { client_id: 'api', aud: 'https://other.example' }, true],
    ['a resource server that it is for', { client_id: 'shop', aud: API }, true],
    ['one of several that it is for', { client_id: 'shop', aud: [API, ISSUER] }, true],
    ['nobody whom it is not for', { client_id: 'shop', aud: 'https://other.example' }, false],
    ['nobody when it is for us', { client_id: 'shop', aud: ISSUER }, false],
    ['nobody without an audience', { client_id: 'shop' }, false],
  ])('%s', (_who, claims, expected) => {
    expect(mayIntrospect(api, claims, ISSUER)).toBe(expected);
  });

  it('not whoever is registered for the issuer: that is in most tokens', () => {
    const broad = { ...clientWith({ domicile_audiences: [ISSUER] }), clientId: 'api' as ClientId };
    expect(mayIntrospect(broad, { client_id: 'shop', aud: [API, ISSUER] }, ISSUER)).toBe(false);
  });
});

it('tells the members of RFC 7662 §2.2 and nothing of the grant', () => {
  const claims = { iss: ISSUER, sub: 'ada', aud: API, client_id: 'shop', exp: NOW, gid: 'g' };
  expect(describeAccessToken({ ...claims, scope: 'read', iat: NOW, jti: 'j' })).toEqual({
    active: true,
    token_type: 'Bearer',
    ...{ iss: ISSUER, sub: 'ada', aud: API, client_id: 'shop', scope: 'read' },
    ...{ exp: NOW, iat: NOW, jti: 'j' },
  });
});
