import { describe, expect, it } from 'vitest';
import {
  type ClientMetadata,
  createClient,
  describeClient,
} from '../../functions/core/client-metadata.ts';
import { ClientMetadataError } from '../../functions/core/client-metadata-error.ts';
import { clientWith } from './client-fixtures.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');

function refusal(metadata: ClientMetadata): ClientMetadataError {
  try {
    clientWith(metadata);
  } catch (error) {
    if (error instanceof ClientMetadataError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('redirect URIs', () => {
  it.each([
    'https://app.example/callback',
    'https://app.example/callback?tenant=1',
    'https://app.example:8443/callback',
    'http://localhost:3000/callback',
    'http://127.0.0.1/callback',
    'http://[::1]:9000/callback',
    'com.example.app:/callback',
  ])('accepts %s', (uri) => {
    expect(clientWith({ redirect_uris: [uri] }).redirectUris).toEqual([uri]);
  });

  it.each([
    ['http://app.example/callback', 'must use https'],
    ['http://localhost.evil.example/', 'must use https'],
    ['https://app.example/#here', 'has a fragment'],
    ['https://app.example/#', 'has a fragment'],
    ['https://*.example/callback', 'has a wildcard'],
    ['https://user:pass@app.example/', 'has credentials'],
    ['https://app.example/a b', 'white space'],
    ['https://app.example/zurück', 'non-ASCII'],
    ['/callback', 'is not an absolute URI'],
    ['javascript:alert(1)', 'private-use scheme with a dot'],
    ['data:text/html,x', 'private-use scheme with a dot'],
    ['myapp://callback', 'private-use scheme with a dot'],
    [`https://app.example/${'a'.repeat(2048)}`, 'is too long'],
  ])('refuses %s: it %s', (uri, problem) => {
    const error = refusal({ redirect_uris: [uri] });
    expect(error.code).toBe('invalid_redirect_uri');
    expect(error.message).toContain(problem);
  });

  it('are needed for the code grant and not for machines', () => {
    expect(refusal({ redirect_uris: [] }).code).toBe('invalid_redirect_uri');
    const machine = clientWith({ redirect_uris: [], grant_types: ['client_credentials'] });
    expect(machine.redirectUris).toEqual([]);
  });
});

describe('what must fit together', () => {
  it.each<[string, ClientMetadata]>([
    [
      'a public client with client_credentials',
      {
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'client_credentials'],
      },
    ],
    ['refresh tokens without codes', { grant_types: ['refresh_token'] }],
    ['no grant type at all', { grant_types: [] }],
    [
      'a public client without PKCE',
      { token_endpoint_auth_method: 'none', domicile_require_pkce: false },
    ],
    ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }],
    [
      'private_key_jwt with an empty key set',
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } },
    ],
    ['keys for a client with a secret', { jwks: { keys: [{ kty: 'EC' }] } }],
    ['a name without a letter', { client_name: '  ' }],
    ['a name with a line break', { client_name: 'Shop\nAdmin' }],
    ['a scope with a quote', { scope: 'openid "x"' }],
    ['an audience that is no URI', { domicile_audiences: ['api'] }],
    ['an audience with a quote', { domicile_audiences: ['https://api.example/"x'] }],
    ['an audience with a fragment', { domicile_audiences: ['https://api.example/#x'] }],
    ['a policy link without https', { policy_uri: 'http://app.example/privacy' }],
    ['a home page that runs script', { client_uri: 'javascript:alert(1)' }],
    ['a colour that is none', { domicile_color: 'red;}' }],
    ['a list of cells that allows none', { domicile_allowed_cells: [] }],
    ['a logo from elsewhere', { domicile_logo: 'https://app.example/logo.png' }],
    ['a logo that is not what it says', { domicile_logo: `data:image/webp;base64,${PNG}` }],
    [
      'a logo of more than 12 KiB',
      { domicile_logo: `data:image/png;base64,${PNG}${'A'.repeat(12_288)}` },
    ],
  ])('refuses %s', (_what, metadata) => {
    expect(refusal(metadata).code).toBe('invalid_client_metadata');
  });

  it('lets a confidential client go without PKCE', () => {
    expect(clientWith({ domicile_require_pkce: false }).requirePkce).toBe(false);
  });

  it('accepts a small logo and a colour', () => {
    const branding = { logo: `data:image/png;base64,${PNG}`, color: '#0f766e' };
    const client = clientWith({ domicile_logo: branding.logo, domicile_color: branding.color });
    expect(client.branding).toEqual(branding);
  });
});

describe('defaults (RFC 7591 §2)', () => {
  it('are a confidential first-party client with codes and PKCE', () => {
    expect(clientWith()).toMatchObject({
      clientName: 'app',
      grantTypes: ['authorization_code'],
      tokenEndpointAuthMethod: 'client_secret_basic',
      scope: 'openid profile email',
      requirePkce: true,
      firstParty: true,
      idTokenSignedResponseAlg: 'RS256',
      accessTokenSignedResponseAlg: 'ES256',
    });
  });

  it('what is described can be registered again and is the same', () => {
    const client = clientWith({
      grant_types: ['authorization_code', 'refresh_token'],
      domicile_audiences: ['https://api.example'],
      policy_uri: 'https://app.example/privacy',
      domicile_color: '#0f766e',
      domicile_allowed_cells: ['eu', 'us', 'eu'],
    });
    expect(client.allowedCells).toEqual(['eu', 'us']);
    expect(createClient(describeClient(client), client)).toEqual(client);
  });
});
