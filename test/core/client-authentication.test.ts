import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readAssertionSubject,
  readClientCredentials,
} from '../../functions/core/client-authentication.ts';
import { OAuthError } from '../../functions/core/errors.ts';
import { Parameters } from '../../functions/http/parameters.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function read(authorization: string | undefined, form: Record<string, string> = {}) {
  const encoded = new URLSearchParams(form).toString();
  return readClientCredentials(authorization, Parameters.parse(encoded));
}

function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

function refusal(authorization: string | undefined, form: Record<string, string> = {}): OAuthError {
  try {
    read(authorization, form);
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('client authentication (RFC 6749 §2.3)', () => {
  it('reads any id and secret from Basic, form-decoded as §2.3.1 says', () => {
    const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (id, secret) => {
          // A lone surrogate has no encoding.
          fc.pre(id.isWellFormed() && secret.isWellFormed());
          expect(read(basic(encode(id), encode(secret)))).toEqual({
            method: 'client_secret_basic',
            clientId: id,
            secret,
          });
        },
      ),
    );
  });

  it('reads secrets with colons and ignores the case of the scheme', () => {
    const header = basic('app', 'a:b').replace('Basic', 'bAsIc');
    expect(read(header)).toMatchObject({ clientId: 'app', secret: 'a:b' });
  });

  it('reads the form: a secret, an assertion, or a name alone', () => {
    expect(read(undefined, { client_id: 'app', client_secret: 's' }).method).toBe(
      'client_secret_post',
    );
    expect(read(undefined, { client_id: 'app' })).toEqual({ method: 'none', clientId: 'app' });
    const assertion = { client_assertion: 'x.y.z', client_assertion_type: JWT_BEARER };
    expect(read(undefined, assertion).method).toBe('private_key_jwt');
  });

  it.each<[string, string, string | undefined, Record<string, string>]>([
    ['two methods', 'invalid_request', basic('a', 's'), { client_id: 'a', client_secret: 's' }],
    [
      'an assertion beside a secret',
      'invalid_request',
      undefined,
      { client_secret: 's', client_assertion: 'x', client_assertion_type: JWT_BEARER },
    ],
    ['an assertion without its type', 'invalid_request', undefined, { client_assertion: 'x' }],
    [
      'an unknown assertion type',
      'invalid_request',
      undefined,
      { client_assertion: 'x', client_assertion_type: 'saml' },
    ],
    ['two different ids', 'invalid_request', basic('a', 's'), { client_id: 'b' }],
    ['nothing', 'invalid_client', undefined, {}],
    ['a secret without an id', 'invalid_client', undefined, { client_secret: 's' }],
    ['another scheme', 'invalid_client', 'Bearer x', {}],
    ['Basic that is no base64', 'invalid_client', 'Basic ???', {}],
    [
      'Basic without a colon',
      'invalid_client',
      `Basic ${Buffer.from('app').toString('base64')}`,
      {},
    ],
    ['a broken percent-encoding', 'invalid_client', basic('app', '%zz'), {}],
  ])('refuses %s with %s', (_what, code, authorization, form) => {
    expect(refusal(authorization, form).code).toBe(code);
  });

  it('never fails on an assertion, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (assertion) => {
        const subject = readAssertionSubject(assertion);
        expect(['string', 'undefined']).toContain(typeof subject);
      }),
    );
  });
});
