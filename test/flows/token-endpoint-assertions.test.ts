/** `private_key_jwt` at the token endpoint: RFC 7521 §4.2, RFC 7523 §3, OIDC Core §9. */
import { type CryptoKey, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { postForm, type RawAnswer } from './post-form.ts';
import { type RegisteredParty, registerParty } from './registered-party.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let cloud: TestCloud;
let party: RegisteredParty;
let foreignKey: CryptoKey;

beforeAll(async () => {
  cloud = await startTestCloud();
  party = await registerParty(cloud, 'private_key_jwt');
  foreignKey = (await generateKeyPair('ES256')).privateKey;
});
afterAll(() => cloud?.close());

let assertions = 0;

/** A sound assertion; `changes` replace claims, and undefined leaves one out. */
function claims(changes: Readonly<Record<string, unknown>> = {}): JWTPayload {
  const now = Math.floor(cloud.cloud.clock.nowMs() / 1000);
  assertions += 1;
  return {
    iss: party.clientId,
    sub: party.clientId,
    aud: cloud.issuer,
    iat: now,
    exp: now + 60,
    jti: `assertion-${assertions}`,
    ...changes,
  };
}

function sign(payload: JWTPayload, key = party.privateKey): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'app-1' }).sign(key);
}

function present(
  assertion: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  return postForm(new URL('/oauth2/token', cloud.issuer), {
    grant_type: 'client_credentials',
    scope: 'read',
    client_assertion_type: TYPE,
    client_assertion: assertion,
    ...changes,
  });
}

test.each([
  ['the issuer', () => cloud.issuer],
  ['the token endpoint', () => `${cloud.issuer}/oauth2/token`],
])('an assertion for %s is accepted (RFC 7523 §3, 3)', async (_, audience) => {
  expect((await present(await sign(claims({ aud: audience() })))).status).toBe(200);
});

test('client_id beside the assertion may name the same client (RFC 7521 §4.2)', async () => {
  const answer = await present(await sign(claims()), { client_id: party.clientId });
  expect(answer.status).toBe(200);
});

describe('an assertion is refused with invalid_client (RFC 7523 §3.2)', () => {
  const nowSeconds = () => Math.floor(cloud.cloud.clock.nowMs() / 1000);
  const unsigned = (payload: JWTPayload, alg: string) => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    return `${encode({ alg, kid: 'app-1' })}.${encode(payload)}.`;
  };
  const symmetric = (payload: JWTPayload) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'app-1' }).sign(Buffer.alloc(32));

  test.each([
    ['without issuer (1)', () => sign(claims({ iss: undefined }))],
    ['by another issuer (1)', () => sign(claims({ iss: 'another' }))],
    ['without subject (2)', () => sign(claims({ sub: undefined }))],
    ['without audience (3)', () => sign(claims({ aud: undefined }))],
    ['for another audience (3)', () => sign(claims({ aud: 'https://other.example' }))],
    [
      'for us and somebody else, who could present it here (3)',
      () => sign(claims({ aud: [cloud.issuer, 'https://other.example'] })),
    ],
    ['without expiry (4)', () => sign(claims({ exp: undefined }))],
    ['that has expired (4)', () => sign(claims({ exp: nowSeconds() - 60 }))],
    ['that lives longer than five minutes (4)', () => sign(claims({ exp: nowSeconds() + 3600 }))],
    ['that is not valid yet (5)', () => sign(claims({ nbf: nowSeconds() + 120 }))],
    ['without jti (OIDC Core §9)', () => sign(claims({ jti: undefined }))],
    ['signed by a foreign key (9)', () => sign(claims(), foreignKey)],
    ['without signature, alg none (9)', async () => unsigned(claims(), 'none')],
    ['with an empty signature (9)', async () => unsigned(claims(), 'ES256')],
    ['signed with a shared secret (9)', () => symmetric(claims())],
    ['that is no JWT', async () => 'nonsense'],
  ])('%s', async (_, create) => {
    const answer = await present(await create());
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
  });

  test('the second time (7)', async () => {
    const assertion = await sign(claims());
    expect((await present(assertion)).status).toBe(200);
    expect((await present(assertion)).json['error']).toBe('invalid_client');
  });

  test('the second time, when both arrive together (7)', async () => {
    const assertion = await sign(claims());
    const answers = await Promise.all([assertion, assertion, assertion].map((a) => present(a)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  test('for another client than client_id names (RFC 7521 §4.2)', async () => {
    const answer = await present(await sign(claims()), { client_id: 'another' });
    expect(answer.json['error']).toBe('invalid_client');
  });
});

test.each([
  ['of an unknown type', { client_assertion_type: 'urn:ietf:params:oauth:other' }],
  ['without type', { client_assertion_type: '' }],
  ['beside a secret (RFC 6749 §2.3)', { client_secret: 'guess' }],
])('an assertion %s is an invalid_request', async (_, changes) => {
  const answer = await present(await sign(claims()), changes);
  expect({ status: answer.status, ...answer.json }).toMatchObject({
    status: 400,
    error: 'invalid_request',
  });
});
