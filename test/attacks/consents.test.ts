/** Consents and preferences against people who would have them otherwise. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plantedWithToken } from '../flows/planted-with-token.ts';
import { type Purposes, purposeOf, wordsOf } from '../flows/purposes.ts';
import { machineToken, type RestPerson, rest, tokenFor } from '../flows/rest.ts';
import { registerApp, revoke } from '../harness/apps.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';

let cloud: TestCloud;
let ada: RestPerson;
let eve: RestPerson;

beforeAll(async () => {
  cloud = await startTestCloud();
  ada = await plantedWithToken(cloud);
  eve = await plantedWithToken(cloud);
});
afterAll(() => cloud?.close());

const NEWS = 'product-news';
const PUT_NEWS = `PUT /v1/me/consents/${NEWS}` as const;

const newsOf = (person: RestPerson) => purposeOf(cloud, person, NEWS);

async function grantBy(person: RestPerson) {
  return { state: 'granted', ...wordsOf(await newsOf(person)) };
}

async function stored(sub: string, prefix: string): Promise<ReadonlyArray<StoredItem>> {
  const items = await cloud.items('data');
  return items.filter(({ pk, sk }) => pk === `USER#${sub}` && String(sk).startsWith(prefix));
}

test('an API that an app sends its token to cannot use it to decide for the person', async () => {
  const api = 'https://api.shop.example';
  const app = await registerApp(cloud, {
    scope: 'openid privacy',
    metadata: { domicile_audiences: [api] },
  });
  const token = await tokenFor(cloud, eve.agent, app);
  expect(decodeJwt(token).aud).toEqual([api, cloud.issuer]);
  const answer = await rest(cloud, 'GET /v1/me/consents', { token });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
});

describe('consent that was not given', () => {
  test.each([
    ['other words', { textHash: 'A'.repeat(43) }],
    ['another version', { version: '1999-01' }],
    ['another language than the hash is of', { language: 'de' }],
    ['no words', { version: undefined, textHash: undefined }],
  ])('by a hash of %s is refused, and nothing is written', async (_, changes) => {
    const body = { ...(await grantBy(eve)), ...changes };
    const answer = await rest(cloud, PUT_NEWS, { token: eve.token, body });
    expect(answer.status).toBe(409);
    expect(await stored(eve.sub, 'CONSENT-EVENT#')).toEqual([]);
  });

  test.each([
    ['a state of the machine alone', { state: 'awaiting-parent' }],
    ['a method of their choice', { method: 'parent' }],
    ['a time of their choice', { at: 1 }],
    ['a page of their choice', { page: '/sign-up' }],
  ])('with %s is no request at all', async (_, changes) => {
    const body = { ...(await grantBy(eve)), ...changes };
    const answer = await rest(cloud, PUT_NEWS, { token: eve.token, body });
    expect(answer.status).toBe(400);
  });
});

test('an app that decides in the name of a person is named with what it decided', async () => {
  const bob = await plantedWithToken(cloud);
  await rest(cloud, PUT_NEWS, { token: bob.token, body: await grantBy(bob) });
  const [event] = await stored(bob.sub, 'CONSENT-EVENT#');
  const { sub, app } = bob;
  expect(event).toMatchObject({
    method: 'api',
    act: { kind: 'consent.given', actor: { type: 'person', sub, clientId: app.clientId } },
  });
});

describe("another person's", () => {
  test('token changes and shows the own choices alone', async () => {
    await rest(cloud, PUT_NEWS, { token: ada.token, body: await grantBy(ada) });
    expect((await newsOf(eve)).state).toBe('unanswered');
    expect((await newsOf(ada)).state).toBe('granted');
  });

  test('receipt does not exist, nor does their place in the history', async () => {
    const [entry] = await stored(ada.sub, 'CONSENT-EVENT#');
    const receipt = `GET /v1/me/consents/receipts/${String(entry?.['eventId'])}` as const;
    expect((await rest(cloud, receipt, ada)).status).toBe(200);
    expect((await rest(cloud, receipt, eve)).status).toBe(404);
    for (const id of ['x', '..%2f..', `0000000000-00000001-${'A'.repeat(22)}`]) {
      const answer = await rest(cloud, `GET /v1/me/consents/receipts/${id}`, eve);
      expect(answer.status).toBe(404);
    }
    const forged = await rest(cloud, 'GET /v1/me/consents/history?cursor=eyJhbGciOiJkaXIifQ', eve);
    expect(forged.status).toBe(400);
  });
});

describe('a token', () => {
  test.each([
    'GET /v1/me/consents',
    'GET /v1/me/preferences',
    'GET /v1/me/consents/history',
  ] as const)('is needed for %s', async (route) => {
    const { status, headers } = await rest(cloud, route);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
  });

  test('without the scope, of a client, or of a grant that has ended opens nothing', async () => {
    const plain = await registerApp(cloud, { scope: 'openid email' });
    const token = await tokenFor(cloud, ada.agent, plain);
    expect((await rest(cloud, 'GET /v1/me/consents', { token })).status).toBe(403);

    const machine = await machineToken(cloud, 'consents read');
    expect((await rest(cloud, 'GET /v1/me/consents', { token: machine })).status).toBe(401);

    const app = await registerApp(cloud, { scope: 'openid privacy' });
    const ended = await tokenFor(cloud, ada.agent, app);
    expect((await rest(cloud, 'GET /v1/me/consents', { token: ended })).status).toBe(200);
    await revoke(cloud, app, ended);
    expect((await rest(cloud, 'GET /v1/me/consents', { token: ended })).status).toBe(401);
  });

  test('of a person, or of a client without the scope, asks about nobody', async () => {
    const body = { sub: eve.sub, purposes: [NEWS] };
    const check = (token: string) => rest(cloud, 'POST /v1/consents/check', { token, body });
    expect((await check(ada.token)).status).toBe(401);
    expect((await check(await machineToken(cloud, 'read'))).status).toBe(403);
    expect((await check('not a token')).status).toBe(401);
  });

  test('that asks about purposes which do not exist is told so', async () => {
    const token = await machineToken(cloud, 'consents');
    const answer = await rest(cloud, 'POST /v1/consents/check', {
      token,
      body: { sub: ada.sub, purposes: ['__proto__'] },
    });
    expect(answer.status).toBe(404);
  });
});

describe('at the same time', () => {
  test('different purposes are both kept, and the history has each once', async () => {
    const bob = await plantedWithToken(cloud);
    const grant = await grantBy(bob);
    const objection = { state: 'objected', language: 'en' };
    const put = (id: string, body: object) =>
      rest(cloud, `PUT /v1/me/consents/${id}`, { token: bob.token, body });
    const answers = await Promise.all([put(NEWS, grant), put('product-improvement', objection)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { json } = await rest<Purposes>(cloud, 'GET /v1/me/consents', bob);
    expect(json.purposes.slice(0, 2).map(({ state }) => state)).toEqual(['granted', 'objected']);
    expect(await stored(bob.sub, 'CONSENT-EVENT#')).toHaveLength(2);
  });

  test('a grant and a withdrawal end as the history does', async () => {
    const bob = await plantedWithToken(cloud);
    const grant = await grantBy(bob);
    const put = (body: object) => rest(cloud, PUT_NEWS, { token: bob.token, body });
    await Promise.all([put(grant), put({ state: 'withdrawn', language: 'en' })]);
    const last = (await stored(bob.sub, 'CONSENT-EVENT#')).toSorted((a, b) =>
      String(a['sk']).localeCompare(String(b['sk'])),
    );
    expect((await newsOf(bob)).state).toBe(last.at(-1)?.['state']);
  });

  test('an erasure and a grant leave no consent that somebody could rely on', async () => {
    const bob = await plantedWithToken(cloud);
    const body = await grantBy(bob);
    const asking = await machineToken(cloud, 'consents');
    const [, granted] = await Promise.all([
      rest(cloud, 'POST /v1/me/erasure', { token: bob.token, body: {} }),
      rest(cloud, PUT_NEWS, { token: bob.token, body }),
    ]);
    expect([200, 401, 409]).toContain(granted.status);
    const { json } = await rest<{ purposes: Record<string, { allowed: boolean }> }>(
      cloud,
      'POST /v1/consents/check',
      { token: asking, body: { sub: bob.sub, purposes: [NEWS, 'product-improvement'] } },
    );
    expect(Object.values(json.purposes).map(({ allowed }) => allowed)).toEqual([false, false]);
    const after = await rest(cloud, PUT_NEWS, { token: bob.token, body });
    expect(after.status).toBe(401);
  });
});

test('nothing changes a line of the history once it is written', async () => {
  const before = new Map(
    (await cloud.items('data'))
      .filter(({ sk }) => String(sk).startsWith('CONSENT-EVENT#'))
      .map((item) => [`${item['pk']} ${item['sk']}`, item]),
  );
  await cloud.advance(60);
  await rest(cloud, PUT_NEWS, { token: ada.token, body: { state: 'withdrawn', language: 'en' } });
  await rest(cloud, 'PUT /v1/me/preferences', { token: ada.token, body: { doNotSell: true } });
  for (const [key, item] of before) {
    const now = (await cloud.items('data')).find(({ pk, sk }) => `${pk} ${sk}` === key);
    expect(now).toEqual(item);
  }
});
