/** Forged tokens, wherever one is taken: alg confusion, foreign keys, other types (RFC 8725). */
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../harness/agent.ts';
import {
  type App,
  findCallback,
  registerApp,
  requireText,
  revoke,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, endSession, obtainTokens } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

let cloud: TestCloud;
let agent: Agent;
let app: App;
/** A sound pair of tokens, from which the forgeries are made. */
let genuine: { readonly accessToken: string; readonly idToken: string };

beforeAll(async () => {
  cloud = await startTestCloud();
  ({ agent } = await plantSignedIn(cloud));
  app = await registerApp(cloud);
  const tokens = await obtainTokens(cloud, agent, app);
  genuine = {
    accessToken: requireText(tokens, 'access_token'),
    idToken: requireText(tokens, 'id_token'),
  };
});
afterAll(() => cloud?.close());

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

function assemble(header: object, payload: object, signature: string): string {
  return `${encode(header)}.${encode(payload)}.${signature}`;
}

interface Parts {
  readonly token: string;
  readonly header: JWTHeaderParameters;
  readonly payload: JWTPayload;
}

/** The published key that signed, as text that an attacker could use as a shared secret. */
async function publishedKey({ header }: Parts): Promise<object> {
  const jwks = createRemoteJWKSet(new URL('/oauth2/jwks', cloud.issuer));
  await jwks(header);
  return jwks.jwks()?.keys.find(({ kid }) => kid === header.kid) ?? {};
}

const FORGERIES: ReadonlyArray<readonly [name: string, forge: (parts: Parts) => Promise<string>]> =
  [
    ['alg none', async ({ header, payload }) => assemble({ ...header, alg: 'none' }, payload, '')],
    ['alg NONE', async ({ header, payload }) => assemble({ ...header, alg: 'NONE' }, payload, '')],
    ['no signature', async ({ header, payload }) => assemble(header, payload, '')],
    [
      'an all-zero signature',
      async ({ header, payload }) =>
        assemble(header, payload, Buffer.alloc(64).toString('base64url')),
    ],
    [
      'HS256 with the public key as the secret',
      async (parts) => {
        const secret = Buffer.from(JSON.stringify(await publishedKey(parts)));
        const header = { ...parts.header, alg: 'HS256' };
        return new SignJWT(parts.payload).setProtectedHeader(header).sign(secret);
      },
    ],
    [
      'another key under the published kid',
      async ({ header, payload }) => {
        const { privateKey } = await generateKeyPair(header.alg);
        return new SignJWT(payload).setProtectedHeader(header).sign(privateKey);
      },
    ],
    [
      'a key that the token brings along (jwk)',
      async ({ header: { kid: _, ...header }, payload }) => {
        const { privateKey, publicKey } = await generateKeyPair(header.alg);
        const jwk = await exportJWK(publicKey);
        return new SignJWT(payload).setProtectedHeader({ ...header, jwk }).sign(privateKey);
      },
    ],
    [
      'a key that the token links to (jku)',
      async ({ header, payload }) => {
        const { privateKey } = await generateKeyPair(header.alg);
        const linked = { ...header, jku: 'https://evil.example/jwks', kid: 'evil' };
        return new SignJWT(payload).setProtectedHeader(linked).sign(privateKey);
      },
    ],
    [
      'a kid that points elsewhere',
      async ({ header, payload, token }) =>
        assemble({ ...header, kid: '../../etc/passwd' }, payload, token.split('.')[2] ?? ''),
    ],
    [
      'claims of somebody else under a genuine signature',
      async ({ header, payload, token }) =>
        assemble(header, { ...payload, sub: 'somebody-else' }, token.split('.')[2] ?? ''),
    ],
    [
      'a critical extension that nobody knows',
      async ({ header, payload, token }) =>
        assemble({ ...header, crit: ['x'], x: 1 }, payload, token.split('.')[2] ?? ''),
    ],
    ['five parts, as if encrypted', async ({ token }) => `${token}.x.y`],
    ['two parts', async ({ token }) => token.split('.').slice(0, 2).join('.')],
  ];

function partsOf(token: string): Parts {
  const { alg = '', ...header } = decodeProtectedHeader(token);
  return { token, header: { ...header, alg }, payload: decodeJwt(token) };
}

describe.each(FORGERIES)('a token with %s', (_, forge) => {
  test('reads no profile and revokes nothing', async () => {
    const forged = await forge(partsOf(genuine.accessToken));
    expect((await userinfo(cloud, forged)).status).toBe(401);
    expect((await revoke(cloud, app, forged)).status).toBe(200);
    expect((await userinfo(cloud, genuine.accessToken)).status).toBe(200);
  });

  test('is no id_token_hint, neither for a sign-in nor for a sign-out', async () => {
    const forged = await forge(partsOf(genuine.idToken));
    const hinted = { id_token_hint: forged, prompt: 'none' };
    const { answer } = await authorize(cloud, agent, app, hinted);
    expect(findCallback(answer)).toMatchObject({ error: 'invalid_request', code: undefined });
    expectToAsk(await endSession(agent, app, forged));
    expect((await agent.get('/account', { follow: false })).status).toBe(200);
  });
});

test('an access token is no ID token, and the other way round (RFC 8725 §3.12)', async () => {
  expect((await userinfo(cloud, genuine.idToken)).status).toBe(401);
  expectToAsk(await endSession(agent, app, genuine.accessToken));
});

/** Whoever is signed in decides: nothing ended, and nobody was led anywhere. */
function expectToAsk({ status, leadsTo, body }: Answer): void {
  expect([status, leadsTo]).toEqual([200, undefined]);
  expect(body).toContain('Sign out?');
}

test("an ID token issued to one app hints nothing in another's name", async () => {
  const other = await registerApp(cloud);
  const { answer } = await authorize(cloud, agent, other, { id_token_hint: genuine.idToken });
  expect(findCallback(answer)?.error).toBe('invalid_request');
  const ended = await endSession(agent, other, genuine.idToken, { client_id: other.clientId });
  expect(ended.status).toBe(400);
});
