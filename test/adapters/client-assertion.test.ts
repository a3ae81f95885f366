import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAssertionVerifier } from '../../functions/adapters/crypto/client-assertion.ts';
import { clientWith, NOW } from '../core/client-fixtures.ts';

const ISSUER = 'https://id.example';

const verify = createAssertionVerifier([ISSUER, `${ISSUER}/oauth2/token`]);

/** Signed without a library that would refuse such a key. */
function assertionOf(modulusLength: number, claims: Readonly<Record<string, unknown>> = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const payload = { iss: 'app', sub: 'app', aud: ISSUER, exp: NOW + 60, jti: 'one', ...claims };
  const signed = `${encode({ alg: 'RS256' })}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(signed), privateKey).toString('base64url');
  const { kty = '', ...members } = publicKey.export({ format: 'jwk' });
  const client = clientWith({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ kty, ...members }] },
  });
  return { client, assertion: `${signed}.${signature}` };
}

describe('an assertion', () => {
  it.each([ISSUER, `${ISSUER}/oauth2/token`])('for %s alone is good', async (aud) => {
    const { client, assertion } = assertionOf(2048, { aud });
    expect(await verify(client, assertion, NOW)).toEqual({ jti: 'one', exp: NOW + 60 });
  });

  it.each([[[ISSUER]], [[ISSUER, 'https://other.example']], [[]], [`${ISSUER}/`]])(
    'for %j is not',
    async (aud) => {
      const { client, assertion } = assertionOf(2048, { aud });
      expect(await verify(client, assertion, NOW)).toBeUndefined();
    },
  );

  it('by a key that was registered when smaller ones were accepted is refused, no failure', async () => {
    const { client, assertion } = assertionOf(1024);
    expect(await verify(client, assertion, NOW)).toBeUndefined();
  });
});
