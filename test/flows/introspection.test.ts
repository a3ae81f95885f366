/** `POST /oauth2/introspect`: RFC 7662. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  type JsonAnswer,
  refresh,
  registerApp,
  registerMachine,
  requireText,
  revoke,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainCode, obtainTokens } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { callsBetween } from './answers.ts';
import { basic, postForm } from './post-form.ts';
import { expectRefusal, type Refusal } from './token-refusals.ts';

const API = 'https://api.example';

let cloud: TestCloud;
let agent: Agent;
let shop: App;
let publicApp: App;
let api: App;
let endpoint: URL;

beforeAll(async () => {
  cloud = await startTestCloud();
  endpoint = new URL('/oauth2/introspect', cloud.issuer);
  ({ agent } = await plantSignedIn(cloud));
  shop = await registerApp(cloud, { metadata: { domicile_audiences: [API] } });
  publicApp = await registerApp(cloud, { authMethod: 'none' });
  api = await registerApp(cloud, { metadata: { domicile_audiences: [API] } });
});
afterAll(() => cloud?.close());

const ask = (app: App, token: string, more: Readonly<Record<string, string>> = {}) =>
  postForm(endpoint, { token, ...more }, basic(app));

async function expectInactive(app: App, token: string): Promise<void> {
  const answer = await ask(app, token);
  // §2.2: nothing else, lest it tells why.
  expect({ status: answer.status, text: answer.text }).toEqual({
    ...{ status: 200, text: '{"active":false}' },
  });
}

const tokensOf = (app: App): Promise<JsonAnswer> => obtainTokens(cloud, agent, app);

describe('an access token is described (§2.2)', () => {
  test('to its client and to the resource server that it is for', async () => {
    const token = requireText(await tokensOf(shop), 'access_token');
    for (const asker of [shop, api]) {
      const { status, headers, json } = await ask(asker, token);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(json).toEqual({
        active: true,
        token_type: 'Bearer',
        iss: cloud.issuer,
        sub: expect.any(String),
        aud: [API, cloud.issuer],
        client_id: shop.clientId,
        scope: shop.scope,
        iat: expect.any(Number),
        exp: Number(json['iat']) + 300,
        jti: expect.any(String),
        auth_time: expect.any(Number),
      });
    }
  });

  test('of a client that acts for itself, as long as it is registered', async () => {
    const machine = await registerMachine(cloud);
    const token = requireText(await clientCredentials(cloud, machine), 'access_token');
    expect((await ask(machine, token)).json).toMatchObject({
      ...{ active: true, sub: machine.clientId, client_id: machine.clientId, scope: 'read' },
    });
  });

  test.each(['access_token', 'refresh_token', 'unknown_kind'])(
    'whatever token_type_hint says: %s (§2.1)',
    async (hint) => {
      const tokens = await tokensOf(shop);
      for (const kind of ['access_token', 'refresh_token']) {
        const answer = await ask(shop, requireText(tokens, kind), { token_type_hint: hint });
        expect(answer.json['active']).toBe(true);
      }
    },
  );

  test('at the price of one AWS call, none of them to KMS', async () => {
    const token = requireText(await tokensOf(shop), 'access_token');
    await ask(shop, token);
    const mark = cloud.mark();
    await ask(shop, token);
    expect(callsBetween(cloud, mark)).toEqual(['dynamodb:BatchGetItem']);
  });
});

describe('a refresh token is described', () => {
  test('to its client alone', async () => {
    const token = requireText(await tokensOf(shop), 'refresh_token');
    const { json } = await ask(shop, token);
    expect(json).toEqual({
      ...{ active: true, iss: cloud.issuer, client_id: shop.clientId, scope: shop.scope },
      ...{ sub: expect.any(String), exp: expect.any(Number) },
    });
    await expectInactive(api, token);
  });

  test('without being used up: it can be asked about and redeemed', async () => {
    const token = requireText(await tokensOf(shop), 'refresh_token');
    await ask(shop, token);
    await ask(shop, token);
    expect((await refresh(cloud, shop, token)).status).toBe(200);
  });

  test('and a superseded one neither counts after its grace nor ends its family', async () => {
    const old = requireText(await tokensOf(shop), 'refresh_token');
    const current = requireText(await refresh(cloud, shop, old), 'refresh_token');
    expect((await ask(shop, old)).json['active']).toBe(true);
    await cloud.advance(11);
    await expectInactive(shop, old);
    expect((await ask(shop, current)).json['active']).toBe(true);
  });

  test('at the price of one AWS call, none of them to KMS', async () => {
    const token = requireText(await tokensOf(shop), 'refresh_token');
    await ask(shop, token);
    const mark = cloud.mark();
    await ask(shop, token);
    expect(callsBetween(cloud, mark)).toEqual(['dynamodb:GetItem']);
  });
});

describe('not active, and nothing more (§2.2, §4)', () => {
  test.each(['nonsense', 'eu.nonsense', 'us.nonsense', 'a.b.c', 'eu.'])('is %s', async (token) => {
    await expectInactive(shop, token);
  });

  test("is another client's token that is not for the asker", async () => {
    const other = await registerApp(cloud);
    const tokens = await tokensOf(shop);
    await expectInactive(other, requireText(tokens, 'access_token'));
    await expectInactive(other, requireText(tokens, 'refresh_token'));
  });

  test('is a code, which is no token', async () => {
    await expectInactive(shop, (await obtainCode(cloud, agent, shop)).code);
  });

  test('is an ID token, which is for nobody to present', async () => {
    await expectInactive(shop, requireText(await tokensOf(shop), 'id_token'));
  });

  test.each(['access_token', 'refresh_token'])('is a revoked %s', async (kind) => {
    const tokens = await tokensOf(shop);
    await revoke(cloud, shop, requireText(tokens, 'refresh_token'));
    await expectInactive(shop, requireText(tokens, kind));
  });

  test('is an access token that has expired', async () => {
    const token = requireText(await tokensOf(shop), 'access_token');
    await cloud.advance(301);
    await expectInactive(shop, token);
  });

  test('is an access token with a signature that is not ours', async () => {
    const token = requireText(await tokensOf(shop), 'access_token');
    const flipped = token.endsWith('A') ? 'B' : 'A';
    await expectInactive(shop, token.slice(0, -4) + flipped + token.slice(-3));
  });
});

const REFUSALS: ReadonlyArray<Refusal> = [
  {
    promise: 'a request without client authentication (§2.1)',
    send: () => postForm(endpoint, { token: 'any' }),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a public client, which proves nothing (§2.1, §4)',
    send: () => postForm(endpoint, { token: 'any', client_id: publicApp.clientId }),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a wrong secret',
    send: () => ask({ ...shop, clientSecret: 'wrong' }, 'any'),
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a bearer token in place of client authentication',
    send: async () => {
      const token = requireText(await tokensOf(shop), 'access_token');
      return postForm(endpoint, { token }, { authorization: `Bearer ${token}` });
    },
    status: 401,
    error: 'invalid_client',
  },
  {
    promise: 'a request without a token (§2.1)',
    send: () => postForm(endpoint, '', basic(shop)),
    status: 400,
    error: 'invalid_request',
  },
  {
    promise: 'a token sent twice',
    send: () => postForm(endpoint, 'token=a&token=b', basic(shop)),
    status: 400,
    error: 'invalid_request',
  },
];

test.each(REFUSALS)('introspection refuses $promise', expectRefusal);

test('a token in the query is not looked at: it would end up in logs (§2.1)', async () => {
  const token = requireText(await tokensOf(shop), 'access_token');
  const url = new URL(`?token=${token}`, endpoint);
  expect((await postForm(url, '', basic(shop))).json['error']).toBe('invalid_request');
  expect((await fetch(url, { headers: basic(shop) })).status).toBe(404);
});
