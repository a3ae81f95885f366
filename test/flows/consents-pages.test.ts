/** Consent on pages: sign-up, sign-in after words changed, Global Privacy Control. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../harness/agent.ts';
import { createAgent } from '../harness/agent.ts';
import { registerApp, requireCode } from '../harness/apps.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, confirmByCode, newPerson, type Person } from '../harness/journeys.ts';
import { newestSub } from '../harness/newest-person.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { type RestPerson, rest, tokenFor } from './rest.ts';

const GPC = { headers: { 'sec-gpc': '1' } };

let cloud: TestCloud;
let dynamo: DynamoDBClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  const { endpoint, accessKeyId, secretAccessKey } = cloud.cloud.seed().aws;
  const credentials = { accessKeyId, secretAccessKey };
  dynamo = new DynamoDBClient({ endpoint, region: cloud.region, credentials });
});
afterAll(async () => {
  dynamo?.destroy();
  await cloud?.close();
});

async function itemsOf(sub: string): Promise<ReadonlyArray<StoredItem>> {
  const items = await cloud.items('data');
  return items.filter(({ pk }) => pk === `USER#${sub}`);
}

async function historyOf(sub: string): Promise<ReadonlyArray<StoredItem>> {
  const items = await itemsOf(sub);
  return items.filter(({ sk }) => String(sk).startsWith('CONSENT-EVENT#'));
}

function boxOf(page: Answer, name: string): string {
  const box = page.document.querySelector(`input[name="${name}"]`);
  return box?.getAttribute('value') ?? '';
}

async function signUpWith(
  fields: (page: Answer) => Readonly<Record<string, string>>,
  options = {},
): Promise<{ agent: Agent; person: Person; page: Answer }> {
  await cloud.advance(1);
  const agent = createAgent(cloud.issuer);
  const person = newPerson();
  const form = await agent.get('/sign-up');
  const page = await agent.submit(form, '/sign-up', { ...person, ...fields(form) }, options);
  return { agent, person, page };
}

describe('the sign-up form', () => {
  test('has a box for each purpose that is asked for, none of them ticked', async () => {
    const page = await createAgent(cloud.issuer).get('/sign-up');
    const box = page.document.querySelector('input[name="purpose-product-news"]');
    expect(box?.hasAttribute('checked')).toBe(false);
    expect(box?.hasAttribute('required')).toBe(false);
    expect(page.document.querySelectorAll('input[name^="purpose-"]')).toHaveLength(1);
    expect(page.body).toContain('News about our products');
  });

  test('writes what was ticked with the account, by the same calls, with proof of the words', async () => {
    const warmUp = await signUpWith(() => ({}));
    await confirmByCode(cloud, warmUp.agent, warmUp.page, warmUp.person);
    const mark = cloud.mark();
    const silent = await signUpWith(() => ({}));
    await confirmByCode(cloud, silent.agent, silent.page, silent.person);
    const calls = cloud.calls(mark).map(({ operation }) => operation);
    expect(await historyOf(await newestSub(cloud))).toEqual([]);

    const before = cloud.mark();
    const name = 'purpose-product-news';
    const { agent, person, page } = await signUpWith((form) => ({ [name]: boxOf(form, name) }));
    await confirmByCode(cloud, agent, page, person);
    expect(cloud.calls(before).map(({ operation }) => operation)).toEqual(calls);
    const [entry, ...others] = await historyOf(await newestSub(cloud));
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      kind: 'choice',
      purposeId: 'product-news',
      state: 'granted',
      version: '2026-11',
      language: 'en',
      page: '/sign-up',
      method: 'form',
      act: { kind: 'consent.given', object: 'product-news' },
    });
  });

  test('is shown again when the words are not those in force', async () => {
    const proof = 'en AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA 2026-11';
    const { page } = await signUpWith(() => ({ 'purpose-product-news': proof }));
    expect(page.status).toBe(400);
    expect(page.body).toContain('have just changed');
    expect(page.document.querySelector('input[name^="purpose-"]')?.hasAttribute('checked')).toBe(
      false,
    );
  });

  test('records Global Privacy Control with the account', async () => {
    const { agent, person, page } = await signUpWith(() => ({}), GPC);
    await confirmByCode(cloud, agent, page, person);
    const sub = await newestSub(cloud);
    expect(await historyOf(sub)).toMatchObject([
      { kind: 'do-not-sell', isOn: true, method: 'gpc', page: '/sign-up' },
    ]);
  });
});

describe('sign-in of somebody who agreed to words that have changed', () => {
  /** As after a deployment with a new version. */
  async function ageWords(sub: string): Promise<void> {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: 'domicile-data-eu',
        Key: { pk: { S: `USER#${sub}` }, sk: { S: 'ACCOUNT#PRIVACY' } },
        UpdateExpression: 'SET choices.#purpose.version = :old',
        ExpressionAttributeNames: { '#purpose': 'product-news' },
        ExpressionAttributeValues: { ':old': { S: '2020-01' } },
      }),
    );
  }

  async function personWithOldConsent() {
    const name = 'purpose-product-news';
    const { agent, person, page } = await signUpWith((form) => ({ [name]: boxOf(form, name) }));
    await confirmByCode(cloud, agent, page, person);
    const sub = await newestSub(cloud);
    await ageWords(sub);
    return { person, sub };
  }

  async function signInAnew(person: Person, options = {}) {
    const app = await registerApp(cloud);
    const agent = createAgent(cloud.issuer);
    const { answer: form } = await authorize(cloud, agent, app);
    const { email, password } = person;
    return { agent, page: await agent.submit(form, '/sign-in', { email, password }, options) };
  }

  test('asks again, with neither answer chosen, and goes on to the app with either', async () => {
    for (const answer of ['granted', 'withdrawn']) {
      const { person, sub } = await personWithOldConsent();
      const { agent, page } = await signInAnew(person);
      expect(new URL(page.url).pathname).toBe('/renew-consents');
      expect(page.document.querySelectorAll('input[type=radio][checked]')).toHaveLength(0);
      const fields = { decision: 'save', 'purpose-product-news': answer };
      expect(requireCode(await agent.submit(page, '/renew-consents', fields))).toBeTruthy();
      const last = (await historyOf(sub)).at(-1);
      expect(last).toMatchObject({ state: answer, version: '2026-11', page: '/renew-consents' });
    }
  });

  test('may be put off, and is then asked at the next sign-in', async () => {
    const { person, sub } = await personWithOldConsent();
    const { agent, page } = await signInAnew(person);
    const later = await agent.submit(page, '/renew-consents', { decision: 'later' });
    expect(requireCode(later)).toBeTruthy();
    expect(await historyOf(sub)).toHaveLength(1);
    const again = await signInAnew(person);
    expect(new URL(again.page.url).pathname).toBe('/renew-consents');
  });

  test('lets nobody pass who is not signed in, and says nothing to them', async () => {
    const { person } = await personWithOldConsent();
    const { page } = await signInAnew(person);
    const stranger = await createAgent(cloud.issuer).get(page.url);
    expect(new URL(stranger.url).pathname).toBe('/sign-in');
  });

  test('is no way to a code for whoever has nothing to decide any more', async () => {
    const { person } = await personWithOldConsent();
    const { agent, page } = await signInAnew(person);
    const answer = { decision: 'save', 'purpose-product-news': 'granted' };
    await agent.submit(page, '/renew-consents', answer);
    for (const again of [
      await agent.get(page.url),
      await agent.submit(page, '/renew-consents', answer),
    ]) {
      expect(again.leadsTo).toBeUndefined();
      expect(new URL(again.url).pathname).toBe('/sign-in');
    }
  });

  test('takes an answer from its own page in this browser alone', async () => {
    const { person, sub } = await personWithOldConsent();
    const { agent, page } = await signInAnew(person);
    const fields = { decision: 'save', 'purpose-product-news': 'granted' };
    const elsewhere = { headers: { 'sec-fetch-site': 'cross-site' } };
    const forged = await agent.submit(page, '/renew-consents', fields, elsewhere);
    expect(forged.status).toBe(403);
    const other = await createAgent(cloud.issuer).submit(page, '/renew-consents', fields);
    expect(other.status).toBe(403);
    expect(await historyOf(sub)).toHaveLength(1);
  });

  test('makes no further call for those who have nothing to decide', async () => {
    const { person } = await plantSignedIn(cloud);
    await signInAnew(person);
    const mark = cloud.mark();
    const { page } = await signInAnew(person);
    expect(requireCode(page)).toBeTruthy();
    const calls = cloud.calls(mark).filter(({ principal }) => principal.includes('interaction'));
    // Four of the sign-in (DESIGN §8), and one for an app that is new to the container.
    expect(calls.map(({ operation }) => operation).toSorted()).toEqual([
      'BatchGetItem',
      'GetItem',
      'Query',
      'TransactWriteItems',
      'UpdateItem',
    ]);
  });
});

describe('Global Privacy Control', () => {
  test('is recorded at sign-in, once, and withdraws what was agreed to of selling', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    for (let round = 0; round < 2; round += 1) {
      const other = createAgent(cloud.issuer);
      const page = await other.get('/sign-in');
      const { email, password } = person;
      await other.submit(page, '/sign-in', { email, password }, GPC);
    }
    expect(await historyOf(sub)).toMatchObject([{ kind: 'do-not-sell', page: '/sign-in' }]);
    const app = await registerApp(cloud, { scope: 'openid privacy' });
    const token = await tokenFor(cloud, agent, app);
    const { json } = await rest(cloud, 'GET /v1/me/preferences', { token });
    expect(json['doNotSell']).toMatchObject({ isOn: true, source: 'gpc' });
  });

  test('is recorded on account pages, with one read more and no write when it stands', async () => {
    const { agent } = await plantSignedIn(cloud);
    const sub = await newestSub(cloud);
    const mark = cloud.mark();
    await agent.get('/account');
    const without = cloud.calls(mark).length;
    await agent.get('/account', GPC);
    expect(await historyOf(sub)).toMatchObject([{ kind: 'do-not-sell', page: '/account' }]);
    const again = cloud.mark();
    await agent.get('/account', GPC);
    expect(cloud.calls(again)).toHaveLength(without + 1);
    expect(await historyOf(sub)).toHaveLength(1);
  });

  test('is said to be honoured', async () => {
    const { status, json } = await rest(cloud, 'GET /.well-known/gpc.json');
    expect(status).toBe(200);
    expect(json).toMatchObject({ gpc: true });
  });
});

describe('whoever has changed their choices two hundred times in a day', () => {
  const TOPICS = { topics: { offers: { email: true } } };
  const LEFT_SECONDS = 3000;

  /** One change short of the limit, in a window that has `LEFT_SECONDS` to go. */
  async function restless(): Promise<RestPerson> {
    const person = await plantedWithToken(cloud);
    const { token, sub } = person;
    await rest(cloud, 'PUT /v1/me/preferences', { token, body: TOPICS });
    const until = Math.floor(cloud.cloud.clock.nowMs() / 1000) + LEFT_SECONDS;
    await dynamo.send(
      new UpdateItemCommand({
        TableName: 'domicile-data-eu',
        Key: { pk: { S: `USER#${sub}` }, sk: { S: 'ACCOUNT#PRIVACY' } },
        UpdateExpression: 'SET changed = :changed',
        ExpressionAttributeValues: {
          ':changed': { M: { count: { N: '199' }, until: { N: String(until) } } },
        },
      }),
    );
    return person;
  }

  test('is told when they may go on, by an app as on the page, and may say no all the same', async () => {
    const { agent, token } = await restless();
    const change = () => rest(cloud, 'PUT /v1/me/preferences', { token, body: TOPICS });
    expect((await change()).status).toBe(200);
    const refused = await change();
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(LEFT_SECONDS - 60);
    expect(seconds).toBeLessThanOrEqual(LEFT_SECONDS);

    const page = await agent.get('/account/privacy');
    for (const [form, fields] of [
      ['consents', { answer: 'granted product-news' }],
      ['preferences', { 'topic.offers.sms': 'on' }],
    ] as const) {
      const shown = await agent.submit(page, `/account/privacy/${form}`, fields);
      expect([shown.status, Number(shown.headers.get('retry-after')) > 0]).toEqual([429, true]);
      expect(shown.document.querySelector('[role=alert]')?.text).toContain('a lot of changes');
    }
    const body = { state: 'withdrawn', language: 'en' };
    const no = await rest(cloud, 'PUT /v1/me/consents/product-news', { token, body });
    expect(no).toMatchObject({ status: 200, json: { state: 'withdrawn' } });
  });
});
