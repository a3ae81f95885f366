/** Codes and refresh tokens at the token endpoint: RFC 6749 §4.1.3, §6; RFC 7636 §4.6; RFC 9068. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import {
  type App,
  type JsonAnswer,
  redeem,
  refresh,
  registerApp,
  requireCode,
  requireText,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, obtainCode, obtainTokens, type Person, signIn } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

let cloud: TestCloud;
let agent: Agent;
let person: Person;
let shop: App;
let other: App;
let publicApp: App;
let withoutPkce: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  ({ agent, person } = await plantSignedIn(cloud));
  shop = await registerApp(cloud);
  other = await registerApp(cloud);
  publicApp = await registerApp(cloud, { authMethod: 'none' });
  withoutPkce = await registerApp(cloud, { metadata: { domicile_require_pkce: false } });
});
afterAll(() => cloud?.close());

function expectRefused({ status, json }: JsonAnswer, error: string): void {
  expect({ status, error: json['error'] }).toEqual({ status: 400, error });
  expect(json).not.toHaveProperty('access_token');
}

describe('a code is refused (RFC 6749 §4.1.3, §5.2)', () => {
  test.each([
    ['with another redirect_uri', { redirect_uri: 'https://elsewhere.example/' }, 'invalid_grant'],
    ['without redirect_uri', { redirect_uri: '' }, 'invalid_request'],
    ['with a wrong verifier (RFC 7636 §4.6)', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
    ['without verifier', { code_verifier: '' }, 'invalid_grant'],
    ['with a verifier that is too short', { code_verifier: 'x' }, 'invalid_grant'],
    ['when it is missing', { code: '' }, 'invalid_request'],
    ['when it is nonsense', { code: 'eu.nonsense' }, 'invalid_grant'],
  ])('%s', async (_, overrides, error) => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    expectRefused(await redeem(cloud, attempt, code, overrides), error);
  });

  test('when presented by another client, whose attempt does not spend it', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    expectRefused(await redeem(cloud, { ...attempt, app: other }, code), 'invalid_grant');
    expect((await redeem(cloud, attempt, code)).status).toBe(200);
  });

  test('the second time, which also ends what the first one got (§4.1.2)', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    const tokens = await redeem(cloud, attempt, code);
    expectRefused(await redeem(cloud, attempt, code), 'invalid_grant');
    const refreshToken = requireText(tokens, 'refresh_token');
    expectRefused(await refresh(cloud, shop, refreshToken), 'invalid_grant');
    expect((await userinfo(cloud, requireText(tokens, 'access_token'))).status).toBe(401);
  });

  test('when a refresh token is presented as a code, and the other way round', async () => {
    const tokens = await obtainTokens(cloud, agent, shop);
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    const refreshToken = requireText(tokens, 'refresh_token');
    expectRefused(await redeem(cloud, attempt, refreshToken), 'invalid_grant');
    expectRefused(await refresh(cloud, shop, code), 'invalid_grant');
  });

  test('with a verifier, when the request had no challenge (RFC 9700 §4.8.2)', async () => {
    const plain = { code_challenge: '', code_challenge_method: '' };
    const { attempt, code } = await obtainCode(cloud, agent, withoutPkce, plain);
    expectRefused(await redeem(cloud, attempt, code), 'invalid_grant');
  });
});

describe('a refresh token (RFC 6749 §6)', () => {
  test('is rotated at each use, also for confidential clients', async () => {
    const first = requireText(await obtainTokens(cloud, agent, shop), 'refresh_token');
    const second = requireText(await refresh(cloud, shop, first), 'refresh_token');
    expect(second).not.toBe(first);
    expect((await refresh(cloud, shop, second)).status).toBe(200);
  });

  test('is bound to its client', async () => {
    const refreshToken = requireText(await obtainTokens(cloud, agent, shop), 'refresh_token');
    expectRefused(await refresh(cloud, other, refreshToken), 'invalid_grant');
    expect((await refresh(cloud, shop, refreshToken)).status).toBe(200);
  });

  test('may narrow the scope of one access token, and never widen it', async () => {
    const refreshToken = requireText(await obtainTokens(cloud, agent, shop), 'refresh_token');
    expectRefused(await refresh(cloud, shop, refreshToken, { scope: 'admin' }), 'invalid_scope');
    const narrowed = await refresh(cloud, shop, refreshToken, { scope: 'openid' });
    expect(narrowed.json['scope']).toBe('openid');
    const whole = await refresh(cloud, shop, requireText(narrowed, 'refresh_token'));
    expect(whole.json['scope']).toBe(shop.scope);
  });

  test('keeps who signed in and when (OIDC Core §12.2)', async () => {
    const tokens = await obtainTokens(cloud, agent, publicApp);
    const before = decodeJwt(requireText(tokens, 'id_token'));
    await cloud.advance(30);
    const refreshed = await refresh(cloud, publicApp, requireText(tokens, 'refresh_token'));
    const { iss, sub, aud, iat, auth_time, nonce } = decodeJwt(requireText(refreshed, 'id_token'));
    const { iss: issuer, sub: subject, aud: audience, auth_time: authTime } = before;
    expect({ iss, sub, aud, auth_time }).toEqual({
      iss: issuer,
      sub: subject,
      aud: audience,
      auth_time: authTime,
    });
    expect(iat).toBeGreaterThan(Number(before.iat));
    expect(nonce).toBeUndefined();
  });
});

describe('resources (RFC 8707 §2)', () => {
  const [files, mail] = ['https://files.example', 'https://mail.example'];

  test('named in the request are what every token of the grant is for', async () => {
    const metadata = { domicile_audiences: [mail, files] };
    const app = await registerApp(cloud, { metadata });
    const audienceOf = (answer: JsonAnswer) => decodeJwt(requireText(answer, 'access_token')).aud;
    const { attempt, code } = await obtainCode(cloud, agent, app, { resource: files });
    const tokens = await redeem(cloud, attempt, code);
    expect(audienceOf(tokens)).toEqual([files, cloud.issuer]);
    const refreshToken = requireText(tokens, 'refresh_token');
    expectRefused(await refresh(cloud, app, refreshToken, { resource: mail }), 'invalid_target');
    expect(audienceOf(await refresh(cloud, app, refreshToken))).toEqual([files, cloud.issuer]);
  });

  test('are carried through the sign-in, and bind the code', async () => {
    const app = await registerApp(cloud, { metadata: { domicile_audiences: [mail, files] } });
    const stranger = createAgent(cloud.issuer);
    const { attempt, answer } = await authorize(cloud, stranger, app, { resource: files });
    const code = requireCode(await signIn(stranger, answer, person));
    expectRefused(await redeem(cloud, attempt, code, { resource: mail }), 'invalid_target');
  });
});

describe('tokens', () => {
  test('ID token: the claims of OIDC Core §2, and those of the scopes', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    const idToken = requireText(await redeem(cloud, attempt, code), 'id_token');
    expect(decodeProtectedHeader(idToken)).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    const claims = decodeJwt(idToken);
    expect(claims).toMatchObject({
      iss: cloud.issuer,
      aud: shop.clientId,
      nonce: attempt.nonce,
      amr: ['pwd'],
      email: person.email,
      email_verified: true,
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600);
    expect(claims).toHaveProperty('auth_time');
    expect(claims).toHaveProperty('sid');
  });

  test('access token: header and claims of RFC 9068 §2', async () => {
    const tokens = await obtainTokens(cloud, agent, shop);
    const accessToken = requireText(tokens, 'access_token');
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({
      iss: cloud.issuer,
      aud: cloud.issuer,
      sub: decodeJwt(requireText(tokens, 'id_token')).sub,
      client_id: shop.clientId,
      scope: shop.scope,
    });
    for (const claim of ['exp', 'iat', 'jti', 'auth_time']) expect(claims).toHaveProperty(claim);
    expect(JSON.stringify(claims)).not.toContain(person.email);
  });

  test('every access token has a jti of its own (RFC 9068 §2.2)', async () => {
    const tokens = await obtainTokens(cloud, agent, shop);
    const next = await refresh(cloud, shop, requireText(tokens, 'refresh_token'));
    const jtiOf = (answer: JsonAnswer) => decodeJwt(requireText(answer, 'access_token')).jti;
    expect(jtiOf(next)).not.toBe(jtiOf(tokens));
  });

  test('without openid there is no ID token (OIDC Core §3.1.2.1)', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop, { scope: 'email' });
    expect((await redeem(cloud, attempt, code)).json).not.toHaveProperty('id_token');
  });
});
