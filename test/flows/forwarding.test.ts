/** What reaches a cell and is at home in another one: answered by its home, over one call. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  clientCredentials,
  type JsonAnswer,
  pushRequest,
  redeem,
  refresh,
  registerApp,
  registerMachine,
  requireCode,
  requireText,
  revoke,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainCode, obtainTokens } from '../harness/journeys.ts';
import { basic, postForm, type RawAnswer } from './post-form.ts';
import { purposeOf, wordsOf } from './purposes.ts';
import { plantResident, requireUrl } from './residents.ts';
import { rest, tokenFor } from './rest.ts';

let cloud: TestCloud;
/** At home in `us`, which is not the primary cell. */
let agent: Agent;
let shop: App;
let machine: App;
let privacyApp: App;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
  shop = await registerApp(cloud);
  machine = await registerMachine(cloud, 'read consents');
  privacyApp = await registerApp(cloud, { scope: 'openid privacy' });
  await cloud.flushReplication();
  ({ agent } = await plantResident(cloud, 'us'));
});
afterAll(() => cloud?.close());

const through = (cell: string) => ({ issuer: requireUrl(cloud, cell) });
const regionOf = (cell: string) => cloud.regions[cell];
const tokensAtHome = (): Promise<JsonAnswer> => obtainTokens(cloud, agent, shop);

const introspect = (cell: string, token: string): Promise<RawAnswer> =>
  postForm(new URL('/oauth2/introspect', requireUrl(cloud, cell)), { token }, basic(shop));

/** Calls by the region that answered them, in no order. */
function callsSince(mark: number): ReadonlyArray<string> {
  return cloud
    .calls(mark)
    .map(({ service, operation, region }) => `${region} ${service}:${operation}`)
    .sort();
}

/** Without what differs from request to request. */
function shapeOf(answer: { readonly status: number; readonly headers: Headers }): object {
  const unlike = ['date', 'apigw-requestid', 'content-length', 'etag'];
  const headers = [...answer.headers].filter(([name]) => !unlike.includes(name));
  return { status: answer.status, headers: Object.fromEntries(headers) };
}

describe.each(['us', 'eu', 'ap'])('through %s, somebody at home in us', (cell) => {
  test('gets tokens for a code', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    expect(code.startsWith('us.')).toBe(true);
    const tokens = await redeem(through(cell), attempt, code);
    expect(Object.keys(tokens.json).sort()).toEqual([
      ...['access_token', 'expires_in', 'id_token', 'refresh_token', 'scope', 'token_type'],
    ]);
  });

  test('refreshes, and a superseded token ends the family everywhere', async () => {
    const first = requireText(await tokensAtHome(), 'refresh_token');
    const second = requireText(await refresh(through(cell), shop, first), 'refresh_token');
    await cloud.advance(11);
    expect((await refresh(through(cell), shop, first)).json['error']).toBe('invalid_grant');
    expect((await refresh(through('us'), shop, second)).json['error']).toBe('invalid_grant');
  });

  test('is shown by userinfo', async () => {
    const token = requireText(await tokensAtHome(), 'access_token');
    expect((await userinfo(through(cell), token)).json).toMatchObject({ email_verified: true });
  });

  test('decides on purposes, and apps are told', async () => {
    const token = await tokenFor(cloud, agent, privacyApp);
    const body = { state: 'granted', ...wordsOf(await purposeOf(through(cell), { token })) };
    const put = await rest(through(cell), 'PUT /v1/me/consents/product-news', { token, body });
    expect(put).toMatchObject({ status: 200, json: { state: 'granted' } });
    const asking = requireText(await clientCredentials(through(cell), machine), 'access_token');
    const checked = await rest(through(cell), 'POST /v1/consents/check', {
      token: asking,
      body: { sub: decodeJwt(token).sub, purposes: ['product-news'] },
    });
    expect(checked.json).toMatchObject({ purposes: { 'product-news': { allowed: true } } });
  });

  test.each(['access_token', 'refresh_token'])('has their %s described', async (kind) => {
    const token = requireText(await tokensAtHome(), kind);
    expect((await introspect(cell, token)).json).toMatchObject({
      ...{ active: true, client_id: shop.clientId, iss: cloud.issuer },
    });
  });

  test.each(['access_token', 'refresh_token'])('is rid of a grant by its %s', async (kind) => {
    const tokens = await tokensAtHome();
    expect((await revoke(through(cell), shop, requireText(tokens, kind))).status).toBe(200);
    const accessToken = requireText(tokens, 'access_token');
    expect((await userinfo(through('us'), accessToken)).status).toBe(401);
    expect((await introspect(cell, accessToken)).text).toBe('{"active":false}');
  });
});

describe('the caller notices nothing but time', () => {
  test('of tokens', async () => {
    const answers = [];
    for (const cell of ['us', 'eu']) {
      const { attempt, code } = await obtainCode(cloud, agent, shop);
      answers.push(await redeem(through(cell), attempt, code));
    }
    const [atHome, elsewhere] = answers.map(shapeOf);
    expect(elsewhere).toEqual(atHome);
  });

  test.each<[string, (cell: string) => Promise<JsonAnswer | RawAnswer>]>([
    [
      'userinfo',
      async (cell) => userinfo(through(cell), requireText(await tokensAtHome(), 'access_token')),
    ],
    [
      'a description',
      async (cell) => introspect(cell, requireText(await tokensAtHome(), 'refresh_token')),
    ],
    [
      'a revocation',
      async (cell) =>
        revoke(through(cell), shop, requireText(await tokensAtHome(), 'refresh_token')),
    ],
    [
      'a refusal',
      async (cell) => redeem(through(cell), attemptAuthorization(cloud, shop), 'us.never-issued'),
    ],
    [
      'a refused client',
      async (cell) => refresh(through(cell), { ...shop, clientSecret: 'wrong' }, 'us.x'),
    ],
  ])('of %s', async (_what, ask) => {
    const [atHome, elsewhere] = [await ask('us'), await ask('ap')];
    expect(shapeOf(elsewhere)).toEqual(shapeOf(atHome));
    expect(Object.keys(elsewhere.json)).toEqual(Object.keys(atHome.json));
  });
});

describe('calls', () => {
  /**
   * What a request costs once everything is warm: the least of some runs, since one that meets a new
   * container pays for its caches.
   */
  async function cost(act: () => Promise<() => Promise<unknown>>): Promise<ReadonlyArray<string>> {
    await (await act())();
    const runs: Array<ReadonlyArray<string>> = [];
    for (let run = 0; run < 3; run += 1) {
      const warm = await act();
      const mark = cloud.mark();
      await warm();
      runs.push(callsSince(mark));
    }
    return runs.reduce((least, calls) => (calls.length < least.length ? calls : least));
  }

  const redemption = (cell: string) => async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    return async () => requireText(await redeem(through(cell), attempt, code), 'id_token');
  };
  const withTokens =
    (kind: string, use: (token: string) => Promise<{ readonly status: number }>) => async () => {
      const token = requireText(await tokensAtHome(), kind);
      return async () => expect((await use(token)).status).toBe(200);
    };
  const hop = () => `${regionOf('us')} lambda:Invoke`;

  test('through a foreign cell are one more than at home, and only there', async () => {
    const atHome = await cost(redemption('us'));
    expect(atHome).toHaveLength(4);
    expect(atHome.every((call) => call.startsWith(`${regionOf('us')} `))).toBe(true);
    expect(await cost(redemption('eu'))).toEqual([...atHome, hop()].sort());
  });

  test.each<[string, string, (cell: string, token: string) => Promise<{ status: number }>, number]>(
    [
      ['refreshing', 'refresh_token', (cell, token) => refresh(through(cell), shop, token), 3],
      ['describing a refresh token', 'refresh_token', introspect, 1],
      ['revoking', 'refresh_token', (cell, token) => revoke(through(cell), shop, token), 1],
    ],
  )('for %s are one more than at home', async (_what, kind, use, calls) => {
    const atHome = await cost(withTokens(kind, (token) => use('us', token)));
    expect(atHome).toHaveLength(calls);
    const elsewhere = await cost(withTokens(kind, (token) => use('ap', token)));
    expect(elsewhere).toEqual([...atHome, hop()].sort());
  });

  test.each<[string, (cell: string, token: string) => Promise<{ status: number }>]>([
    ['userinfo', (cell, token) => userinfo(through(cell), token)],
    ['a description', introspect],
  ])('for %s are one read at home, and elsewhere one to learn whose it is', async (_what, use) => {
    const atHome = await cost(withTokens('access_token', (token) => use('us', token)));
    expect(atHome).toEqual([`${regionOf('us')} dynamodb:BatchGetItem`]);
    const elsewhere = await cost(withTokens('access_token', (token) => use('ap', token)));
    expect(elsewhere).toEqual([...atHome, `${regionOf('ap')} dynamodb:BatchGetItem`, hop()].sort());
  });

  test("for a client's own tokens go nowhere else", async () => {
    const calls = await cost(
      async () => async () =>
        requireText(await clientCredentials(through('ap'), machine), 'access_token'),
    );
    expect(calls).toEqual([`${regionOf('ap')} kms:Sign`]);
  });
});

describe('a tag that names', () => {
  test.each(['xx', 'unknown1'])('no cell, %s, is refused as an unknown code is', async (tag) => {
    const attempt = attemptAuthorization(cloud, shop);
    await redeem(through('eu'), attempt, 'eu.never-issued');
    const mark = cloud.mark();
    const answer = await redeem(through('eu'), attempt, `${tag}.never-issued`);
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      ...{ status: 400, error: 'invalid_grant' },
    });
    expect(callsSince(mark)).toEqual([]);
  });

  test('another cell than the one that sealed it is refused there', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    const lying = code.replace(/^us\./, 'ap.');
    for (const cell of ['us', 'ap', 'eu']) {
      expect((await redeem(through(cell), attempt, lying)).json['error']).toBe('invalid_grant');
    }
    expect((await redeem(through('eu'), attempt, code)).status).toBe(200);
  });
});

test('nobody can say that a request was handed on, but a cell', async () => {
  const { attempt, code } = await obtainCode(cloud, agent, shop);
  const url = new URL('/oauth2/token?forwardedBy=us', requireUrl(cloud, 'eu'));
  const fields = {
    grant_type: 'authorization_code',
    ...{ code, redirect_uri: shop.redirectUri, code_verifier: attempt.codeVerifier },
  };
  const headers = { ...basic(shop), forwardedby: 'us', 'x-forwarded-by': 'us' };
  const answer = await postForm(url, { ...fields, forwardedBy: 'us' }, headers);
  expect(answer.status).toBe(200);
});

test('logs join the two by request id, and name cells alone', async () => {
  const { attempt, code } = await obtainCode(cloud, agent, shop);
  const { requestId } = await redeem(through('eu'), attempt, code);
  const lines = cloud.logs().filter((entry) => JSON.stringify(entry).includes(requestId));
  const text = JSON.stringify(lines);
  expect(text).toContain('"forwardedTo":"us"');
  expect(text).toContain('"forwardedBy":"eu"');
  expect(text).not.toContain(code);
});

describe('somebody who has just signed up', () => {
  test('is found by userinfo although the replica does not know them yet', async () => {
    cloud.setReplication({ paused: true });
    try {
      const unseen = { ...cloud, flushReplication: async () => undefined };
      const { agent: fresh } = await plantResident(unseen, 'us');
      const token = requireText(await obtainTokens(cloud, fresh, shop), 'access_token');
      expect((await userinfo(through('ap'), token)).status).toBe(200);
      expect((await introspect('ap', token)).json['active']).toBe(true);
      expect((await revoke(through('ap'), shop, token)).status).toBe(200);
      expect((await userinfo(through('us'), token)).status).toBe(401);
    } finally {
      cloud.setReplication({ paused: false });
      await cloud.flushReplication();
    }
  });
});

describe('while the home cell is down', () => {
  const expectBusy = ({ status, headers, json }: JsonAnswer | RawAnswer) => {
    expect({ status, error: json['error'] }).toEqual({
      ...{ status: 503, error: 'temporarily_unavailable' },
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('cache-control')).toBe('no-store');
  };

  test('its residents are told to come back, and nothing of theirs is used up', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, shop);
    const tokens = await tokensAtHome();
    const [accessToken, refreshToken] = ['access_token', 'refresh_token'].map((kind) =>
      requireText(tokens, kind),
    );
    if (accessToken === undefined || refreshToken === undefined) throw new Error('no tokens');
    await cloud.setCell('us', 'down');
    try {
      expectBusy(await redeem(through('eu'), attempt, code));
      expectBusy(await refresh(through('ap'), shop, refreshToken));
      expectBusy(await userinfo(through('eu'), accessToken));
      expectBusy(await introspect('ap', refreshToken));
      expectBusy(await revoke(through('eu'), shop, refreshToken));
      const own = await clientCredentials(through('eu'), machine);
      expect(own.status).toBe(200);
    } finally {
      await cloud.setCell('us', 'up');
    }
    expect((await redeem(through('eu'), attempt, code)).status).toBe(200);
    expect((await refresh(through('ap'), shop, refreshToken)).status).toBe(200);
  });

  test.each(['throttle', 'error', 'timeout'] as const)(
    'or a call to it meets a %s, it is asked once and never again',
    async (kind) => {
      const { attempt, code } = await obtainCode(cloud, agent, shop);
      cloud.fault({ service: 'lambda', operation: 'Invoke', kind });
      const mark = cloud.mark();
      expectBusy(await redeem(through('eu'), attempt, code));
      const invocations = cloud.calls(mark).filter(({ service }) => service === 'lambda');
      expect(invocations).toHaveLength(1);
      cloud.clearFaults();
      // Who was silent is left alone for as long.
      if (kind === 'timeout') await cloud.advance(15);
      expect((await redeem(through('eu'), attempt, code)).status).toBe(200);
    },
  );

  test('silently, nobody waits for it twice: whoever names it, and proves nothing', async () => {
    const junk = () => {
      const url = new URL('/oauth2/token', requireUrl(cloud, 'ap'));
      return postForm(url, { grant_type: 'refresh_token', refresh_token: 'us.junk' });
    };
    cloud.fault({ service: 'lambda', operation: 'Invoke', kind: 'timeout', times: 10 });
    try {
      const first = await junk();
      const mark = cloud.mark();
      // One after the other: each container learns of the silence by itself.
      const again = [await junk(), await junk(), await junk()];
      expect([first, ...again].map(({ status }) => status)).toEqual([503, 503, 503, 503]);
      expect(cloud.calls(mark)).toEqual([]);
    } finally {
      cloud.clearFaults();
      await cloud.advance(16);
    }
    expect((await junk()).status).toBe(401);
  });
});

describe('a request pushed in one cell', () => {
  /** Where the app sends the browser. */
  async function push(parameters: Readonly<Record<string, string>> = {}) {
    const attempt = attemptAuthorization(cloud, shop, parameters);
    const url = await pushRequest(through('ap'), attempt);
    expect(url.searchParams.get('request_uri')).toContain(':ap.');
    return { attempt, url: new URL(url.search, new URL('/oauth2/authorize', cloud.issuer)) };
  }

  test('is fetched from there by the cell with the session, once', async () => {
    const { attempt, url } = await push({ prompt: 'none' });
    const answer = await agent.get(url);
    expect((await redeem(through('eu'), attempt, requireCode(answer))).status).toBe(200);
    const again = await agent.get(url);
    expect({ status: again.status, leadsTo: again.leadsTo }).toEqual({ status: 400 });
  });

  test('is told by nobody but that cell, and stored so that no table shows it', async () => {
    await push({ login_hint: 'ada.marker@example.com' });
    for (const cell of ['eu', 'us', 'ap']) {
      const items = JSON.stringify(await cloud.items('data', cell));
      expect(items.includes('"PAR#')).toBe(cell === 'ap');
      expect(items).not.toContain('ada.marker');
    }
  });

  test('waits for its cell, and the browser is told to try again', async () => {
    const { url } = await push();
    await cloud.setCell('ap', 'down');
    try {
      const page = await agent.get(url);
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).not.toBeNull();
    } finally {
      await cloud.setCell('ap', 'up');
    }
    requireCode(await agent.get(url));
  });
});
