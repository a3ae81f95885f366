/** `GET|POST /oauth2/userinfo`: OIDC Core §5.3, RFC 6750 §2 and §3. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  redeem,
  registerApp,
  registerMachine,
  requireText,
  revoke,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainCode, obtainTokens, type Person } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { postForm, type RawAnswer, readAnswer } from './post-form.ts';

let cloud: TestCloud;
let agent: Agent;
let person: Person;
let shop: App;
let accessToken: string;
let idToken: string;
let endpoint: URL;

beforeAll(async () => {
  cloud = await startTestCloud();
  endpoint = new URL('/oauth2/userinfo', cloud.issuer);
  ({ agent, person } = await plantSignedIn(cloud));
  shop = await registerApp(cloud);
  const tokens = await obtainTokens(cloud, agent, shop);
  accessToken = requireText(tokens, 'access_token');
  idToken = requireText(tokens, 'id_token');
});
afterAll(() => cloud?.close());

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

async function get(url: URL, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return readAnswer(await fetch(url, { headers }));
}

async function accessTokenFor(scope: string): Promise<string> {
  const { attempt, code } = await obtainCode(cloud, agent, shop, { scope });
  return requireText(await redeem(cloud, attempt, code), 'access_token');
}

describe('userinfo answers', () => {
  test('a bearer token in the header with the claims of its scopes (§5.3.2)', async () => {
    const { status, headers, json } = await get(endpoint, bearer(accessToken));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toMatchObject({
      sub: decodeJwt(idToken).sub,
      email: person.email,
      email_verified: true,
    });
  });

  test('the same token in a form body (RFC 6750 §2.2), and POST with the header', async () => {
    const inBody = await postForm(endpoint, { access_token: accessToken });
    const inHeader = await postForm(endpoint, '', bearer(accessToken));
    const { json } = await get(endpoint, bearer(accessToken));
    expect(inBody.json).toEqual(json);
    expect(inHeader.json).toEqual(json);
  });

  test('whatever case the scheme is written in (RFC 9110 §11.1)', async () => {
    const { status } = await get(endpoint, { authorization: `bearer ${accessToken}` });
    expect(status).toBe(200);
  });

  test.each([
    ['openid', ['sub']],
    ['openid email', ['email', 'email_verified', 'sub']],
  ])('scope %s with %j and nothing else', async (scope, members) => {
    const { json } = await get(endpoint, bearer(await accessTokenFor(scope)));
    expect(Object.keys(json).sort()).toEqual(members);
  });
});

describe('userinfo refuses (RFC 6750 §3.1)', () => {
  function expectChallenge(answer: RawAnswer, status: number, error: string): void {
    expect(answer.status).toBe(status);
    const challenge = answer.headers.get('www-authenticate');
    expect(challenge).toContain(`Bearer realm="${cloud.issuer}"`);
    expect(challenge).toContain(`error="${error}"`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.text).not.toContain(person.email);
  }

  test('a request without token: the scheme and no error (§3.1)', async () => {
    const { status, headers } = await get(endpoint, {});
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(`Bearer realm="${cloud.issuer}"`);
  });

  test('a token in the query, where logs would keep it (RFC 9700 §4.3.2)', async () => {
    const url = new URL(`?access_token=${accessToken}`, endpoint);
    expect((await get(url, {})).status).toBe(401);
  });

  test('a token sent twice (§2)', async () => {
    const answer = await postForm(endpoint, { access_token: accessToken }, bearer(accessToken));
    expectChallenge(answer, 400, 'invalid_request');
  });

  test('nonsense', async () => {
    expectChallenge(await get(endpoint, bearer('abc')), 401, 'invalid_token');
  });

  test('a token whose signature was changed', async () => {
    const changed = `${accessToken.slice(0, -6)}AAAAAA`;
    expectChallenge(await get(endpoint, bearer(changed)), 401, 'invalid_token');
  });

  test('an ID token, which is for the client alone (RFC 9068 §4)', async () => {
    expectChallenge(await get(endpoint, bearer(idToken)), 401, 'invalid_token');
  });

  test("a client's own token, which speaks for no person", async () => {
    const machine = await registerMachine(cloud);
    const token = requireText(await clientCredentials(cloud, machine), 'access_token');
    expectChallenge(await get(endpoint, bearer(token)), 401, 'invalid_token');
  });

  test('a token without the scope openid (§5.3)', async () => {
    const answer = await get(endpoint, bearer(await accessTokenFor('email')));
    expectChallenge(answer, 403, 'insufficient_scope');
    expect(answer.headers.get('www-authenticate')).toContain('scope="openid"');
  });

  test('a token for another API', async () => {
    const audience = 'https://api.example';
    const metadata = { domicile_audiences: [audience] };
    const app = await registerApp(cloud, { metadata });
    const { attempt, code } = await obtainCode(cloud, agent, app, { scope: 'email' });
    const tokens = await redeem(cloud, attempt, code, { resource: audience });
    const token = requireText(tokens, 'access_token');
    expect(decodeJwt(token).aud).toBe(audience);
    expectChallenge(await get(endpoint, bearer(token)), 401, 'invalid_token');
  });

  test('a token whose grant was revoked, at once', async () => {
    const tokens = await obtainTokens(cloud, agent, shop);
    await revoke(cloud, shop, requireText(tokens, 'refresh_token'));
    const answer = await get(endpoint, bearer(requireText(tokens, 'access_token')));
    expectChallenge(answer, 401, 'invalid_token');
  });

  test('a token that has expired', async () => {
    const token = requireText(await obtainTokens(cloud, agent, shop), 'access_token');
    expect((await userinfo(cloud, token)).status).toBe(200);
    await cloud.advance(301);
    expectChallenge(await get(endpoint, bearer(token)), 401, 'invalid_token');
  });
});
