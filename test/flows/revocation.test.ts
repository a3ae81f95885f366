/** `POST /oauth2/revoke`: RFC 7009. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  type JsonAnswer,
  redeem,
  refresh,
  registerApp,
  registerMachine,
  requireText,
  revoke,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainCode, obtainTokens } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { basic, postForm } from './post-form.ts';

let cloud: TestCloud;
let agent: Agent;
let shop: App;
let publicApp: App;
let endpoint: URL;

beforeAll(async () => {
  cloud = await startTestCloud();
  endpoint = new URL('/oauth2/revoke', cloud.issuer);
  ({ agent } = await plantSignedIn(cloud));
  shop = await registerApp(cloud);
  publicApp = await registerApp(cloud, { authMethod: 'none' });
});
afterAll(() => cloud?.close());

async function expectEnded(app: App, tokens: JsonAnswer): Promise<void> {
  const refreshed = await refresh(cloud, app, requireText(tokens, 'refresh_token'));
  expect(refreshed.json['error']).toBe('invalid_grant');
  expect((await userinfo(cloud, requireText(tokens, 'access_token'))).status).toBe(401);
}

async function expectAlive(app: App, tokens: JsonAnswer): Promise<void> {
  expect((await userinfo(cloud, requireText(tokens, 'access_token'))).status).toBe(200);
  expect((await refresh(cloud, app, requireText(tokens, 'refresh_token'))).status).toBe(200);
}

describe('revocation ends the whole grant', () => {
  test.each(['refresh_token', 'access_token'])('by its %s (§2.1)', async (kind) => {
    const tokens = await obtainTokens(cloud, agent, shop);
    expect((await revoke(cloud, shop, requireText(tokens, kind))).status).toBe(200);
    await expectEnded(shop, tokens);
  });

  test('of a public client too, which proves itself by having the token (§5)', async () => {
    const tokens = await obtainTokens(cloud, agent, publicApp);
    const answer = await revoke(cloud, publicApp, requireText(tokens, 'refresh_token'));
    expect(answer.status).toBe(200);
    await expectEnded(publicApp, tokens);
  });

  test('by a superseded refresh token as well', async () => {
    const tokens = await obtainTokens(cloud, agent, shop);
    const superseded = requireText(tokens, 'refresh_token');
    const current = await refresh(cloud, shop, superseded);
    expect((await revoke(cloud, shop, superseded)).status).toBe(200);
    await expectEnded(shop, current);
  });

  test.each(['refresh_token', 'access_token', 'unknown_kind'])(
    'whatever token_type_hint says: %s (§2.1)',
    async (hint) => {
      const tokens = await obtainTokens(cloud, agent, shop);
      const token = requireText(tokens, 'refresh_token');
      const fields = { token, token_type_hint: hint };
      expect((await postForm(endpoint, fields, basic(shop))).status).toBe(200);
      await expectEnded(shop, tokens);
    },
  );

  test('and no other grant of the same person', async () => {
    const [kept, ended] = [
      await obtainTokens(cloud, agent, shop),
      await obtainTokens(cloud, agent, shop),
    ];
    await revoke(cloud, shop, requireText(ended, 'refresh_token'));
    await expectAlive(shop, kept);
  });
});

describe('revocation is done already (§2.2)', () => {
  test.each(['nonsense', 'eu.nonsense', 'a.b.c', 'eu.'])('for the unknown token %s', async (t) => {
    const answer = await postForm(endpoint, { token: t }, basic(shop));
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '{}' });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('for a token that was revoked before', async () => {
    const token = requireText(await obtainTokens(cloud, agent, shop), 'refresh_token');
    await revoke(cloud, shop, token);
    expect((await revoke(cloud, shop, token)).status).toBe(200);
  });
});

describe('revocation is refused', () => {
  test.each(['refresh_token', 'access_token'])(
    "for another client's %s, which goes on working (§2.1)",
    async (kind) => {
      const tokens = await obtainTokens(cloud, agent, shop);
      const answer = await revoke(cloud, publicApp, requireText(tokens, kind));
      expect({ status: answer.status, ...answer.json }).toMatchObject({
        status: 400,
        error: 'invalid_grant',
      });
      await expectAlive(shop, tokens);
    },
  );

  test('without client authentication (§2.1)', async () => {
    const answer = await postForm(endpoint, { token: 'any' });
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
  });

  test('without a token (§2.1)', async () => {
    const answer = await postForm(endpoint, '', basic(shop));
    expect(answer.json['error']).toBe('invalid_request');
  });

  test("for a client's own token, which ends by expiring (§2.2.1)", async () => {
    const machine = await registerMachine(cloud);
    const token = requireText(await clientCredentials(cloud, machine), 'access_token');
    const answer = await revoke(cloud, machine, token);
    expect(answer.json['error']).toBe('unsupported_token_type');
  });
});

test('a code that is revoked before its redemption gets no tokens', async () => {
  const { attempt, code } = await obtainCode(cloud, agent, shop);
  expect((await revoke(cloud, shop, code)).status).toBe(200);
  expect((await redeem(cloud, attempt, code)).json['error']).toBe('invalid_grant');
});
