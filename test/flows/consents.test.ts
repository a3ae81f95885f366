/** What people consent to, by REST: GDPR Art. 7 and 21, ISO/IEC TS 27560. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import { redeem, requireText, userinfo } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainCode } from '../harness/journeys.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { type Purpose, type Purposes, purposeOf, wordsOf } from './purposes.ts';
import { machineToken, type RestPerson, rest, tokenFor } from './rest.ts';

let cloud: TestCloud;
let ada: RestPerson;

beforeAll(async () => {
  cloud = await startTestCloud();
  ada = await plantedWithToken(cloud);
});
afterAll(() => cloud?.close());

interface History {
  readonly entries: ReadonlyArray<object>;
}

interface Preferences {
  readonly topics: ReadonlyArray<{ readonly channels: object }>;
}

interface Receipt {
  readonly receipt: object;
  readonly jws: string;
}

interface Checked {
  readonly purposes?: Readonly<Record<string, object>>;
  readonly topics?: ReadonlyArray<object>;
}

const newsOf = (person: RestPerson) => purposeOf(cloud, person);

async function choose(person: RestPerson, id: string, state: string, changes: object = {}) {
  const body = { state, ...wordsOf(await purposeOf(cloud, person, id)), ...changes };
  return rest<Purpose>(cloud, `PUT /v1/me/consents/${id}`, { token: person.token, body });
}

describe('purposes', () => {
  test('are listed in the language asked for, and consent stands on nothing until it is given', async () => {
    const { status, json } = await rest<Purposes>(cloud, 'GET /v1/me/consents?language=de-AT', ada);
    expect(status).toBe(200);
    expect(json.doNotSell).toEqual({ isOn: false });
    expect(json.purposes.map((one) => [one.purposeId, one.state])).toEqual([
      ['product-news', 'unanswered'],
      ['product-improvement', 'without-consent'],
      ['personalised-advertising', 'unanswered'],
    ]);
    const [news] = json.purposes;
    expect(news).toMatchObject({ language: 'de', title: 'Neues zu unseren Produkten' });
    expect(news?.textHash).toBe(hashSecret(`${news?.title}\n${news?.description}`));
    expect(news?.processors).toEqual([
      { id: 'mail-house', name: 'Mail House', country: 'Germany' },
    ]);
  });

  test('are granted with proof of the words, withdrawn by one request as well, and both are told', async () => {
    const granted = await choose(ada, 'product-news', 'granted');
    expect(granted).toMatchObject({ status: 200, json: { state: 'granted', isAllowed: true } });
    const withdrawn = await rest(cloud, 'PUT /v1/me/consents/product-news', {
      token: ada.token,
      body: { state: 'withdrawn', language: 'en' },
    });
    expect(withdrawn).toMatchObject({
      status: 200,
      json: { state: 'withdrawn', isAllowed: false },
    });
    const { json } = await rest<History>(cloud, 'GET /v1/me/consents/history', ada);
    expect(json.entries.slice(0, 2)).toMatchObject([
      { kind: 'choice', purposeId: 'product-news', state: 'withdrawn', method: 'api' },
      { kind: 'choice', purposeId: 'product-news', state: 'granted', method: 'api' },
    ]);
    expect((await newsOf(ada)).state).toBe('withdrawn');
  });

  test('are not written again when nothing changes', async () => {
    await choose(ada, 'product-improvement', 'objected');
    const before = await rest(cloud, 'GET /v1/me/consents/history', ada);
    const again = await choose(ada, 'product-improvement', 'objected');
    const after = await rest(cloud, 'GET /v1/me/consents/history', ada);
    expect(again).toMatchObject({ status: 200, json: { state: 'objected', isAllowed: false } });
    expect(after.json).toEqual(before.json);
  });
});

describe('receipts', () => {
  test('say exactly what was shown, and can be checked with the published key', async () => {
    const granted = await choose(ada, 'product-news', 'granted');
    const { status, json } = await rest<Receipt>(
      cloud,
      `GET /${granted.json.receipt?.slice(1)}`,
      ada,
    );
    expect(status).toBe(200);
    const jwks = createRemoteJWKSet(new URL('/.well-known/evidence-jwks.json', cloud.issuer));
    const { payload, protectedHeader } = await jwtVerify(json.jws, jwks, {
      issuer: cloud.issuer,
      typ: 'consent-receipt+jwt',
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toEqual(json.receipt);
    const { title, description, textHash, version } = granted.json;
    expect(payload).toMatchObject({
      sub: ada.sub,
      shown: { title, description, text_hash: textHash, version, page: 'api' },
      event: [{ event_state: 'consent given', event_type: 'api' }],
    });
  });
});

describe('preferences', () => {
  test('are chosen per topic and channel, and none is on by itself', async () => {
    const before = await rest<Preferences>(cloud, 'GET /v1/me/preferences', ada);
    expect(before.json.topics[0]).toMatchObject({
      topicId: 'offers',
      channels: { email: false, sms: false, push: false },
    });
    const { json } = await rest<Preferences>(cloud, 'PUT /v1/me/preferences', {
      token: ada.token,
      body: { topics: { offers: { email: true } } },
    });
    expect(json.topics[0]?.channels).toEqual({ email: true, sms: false, push: false });
  });
});

describe('an app that is about to process', () => {
  test('is told by one AWS call what it may do, and of nobody that it may', async () => {
    const token = await machineToken(cloud, 'consents');
    const purposes = ['product-news', 'product-improvement'];
    const ask = (sub: string) =>
      rest<Checked>(cloud, 'POST /v1/consents/check', { token, body: { sub, purposes } });
    await ask(ada.sub);
    const mark = cloud.mark();
    const { status, json } = await ask(ada.sub);
    expect(status).toBe(200);
    expect(cloud.calls(mark).map(({ operation }) => operation)).toEqual(['BatchGetItem']);
    expect(json.purposes).toMatchObject({
      'product-news': { allowed: true, state: 'granted', basis: 'consent', version: '2026-11' },
      'product-improvement': { allowed: false, state: 'objected' },
    });
    const stranger = await ask('nobody');
    const newcomer = await ask((await plantedWithToken(cloud)).sub);
    const unasked = { allowed: false, state: 'unanswered', basis: 'consent' };
    const unobjected = { state: 'without-consent', basis: 'legitimate-interests' };
    expect(newcomer.json.purposes).toEqual({
      'product-news': unasked,
      'product-improvement': { allowed: true, ...unobjected },
    });
    // Who was erased is as unknown as who never was: there is no interest left to rest on.
    expect(stranger.json.purposes).toEqual({
      'product-news': unasked,
      'product-improvement': { allowed: false, ...unobjected },
    });
  });

  test('is told which topics are wanted by which channel, by the same call', async () => {
    const token = await machineToken(cloud, 'consents');
    const bob = await plantedWithToken(cloud);
    await rest(cloud, 'PUT /v1/me/preferences', {
      token: bob.token,
      body: { topics: { offers: { sms: true } } },
    });
    const topics = ['email', 'sms'].map((channel) => ({ topicId: 'offers', channel }));
    const ask = (body: object) =>
      rest<Checked>(cloud, 'POST /v1/consents/check', { token, body: { sub: bob.sub, ...body } });
    const answers = [
      { topicId: 'offers', channel: 'email', wanted: false },
      { topicId: 'offers', channel: 'sms', wanted: true },
    ];
    const mark = cloud.mark();
    expect((await ask({ topics })).json).toEqual({ sub: bob.sub, topics: answers });
    expect(cloud.calls(mark).map(({ operation }) => operation)).toEqual(['BatchGetItem']);
    expect((await ask({ topics, purposes: ['product-news'] })).json).toMatchObject({
      topics: answers,
      purposes: { 'product-news': { state: 'unanswered' } },
    });
    // Nothing is sent to somebody who is about to go.
    await rest(cloud, 'POST /v1/me/erasure', { token: bob.token, body: {} });
    expect((await ask({ topics })).json.topics).toEqual(
      answers.map((answer) => ({ ...answer, wanted: false })),
    );
  });

  test.each([
    ['a topic that does not exist', { topics: [{ topicId: '__proto__', channel: 'email' }] }, 404],
    ['a channel that does not exist', { topics: [{ topicId: 'offers', channel: 'fax' }] }, 404],
    ['neither purposes nor topics', {}, 400],
    ['no topic', { topics: [] }, 400],
    ['a topic by no channel', { topics: [{ topicId: 'offers' }] }, 400],
    [
      'more topics than there is time for',
      { topics: Array.from({ length: 51 }, () => ({ topicId: 'offers', channel: 'email' })) },
      400,
    ],
  ])('that asks about %s is refused', async (_what, asked, status) => {
    const token = await machineToken(cloud, 'consents');
    const body = { sub: ada.sub, ...asked };
    expect((await rest(cloud, 'POST /v1/consents/check', { token, body })).status).toBe(status);
  });

  test('learns it from the ID token and userinfo, too', async () => {
    const { attempt, code } = await obtainCode(cloud, ada.agent, ada.app);
    const tokens = await redeem(cloud, attempt, code);
    const wanted = {
      'product-news': true,
      'product-improvement': false,
      'personalised-advertising': false,
    };
    expect(decodeJwt(requireText(tokens, 'id_token'))['consents']).toEqual(wanted);
    const info = await userinfo(cloud, requireText(tokens, 'access_token'));
    expect(info.json['consents']).toEqual(wanted);
  });
});

describe('minors (Art. 8)', () => {
  const ADS = 'personalised-advertising';
  const child = { birthdate: '2015-05-05', country: 'DE' };

  async function answer(sub: string, requestId: string, given: 'granted' | 'refused') {
    const token = await machineToken(cloud, 'admin');
    const body = { purposeId: ADS, requestId, answer: given };
    return rest(cloud, `POST /v1/admin/privacy/people/${sub}/parental-consents`, { token, body });
  }

  test('are asked for their age only where it matters, and then have a parent asked', async () => {
    const bob = await plantedWithToken(cloud);
    const unknown = await choose(bob, ADS, 'granted');
    expect(unknown).toMatchObject({ status: 409 });
    const mark = cloud.events().at(-1)?.seq ?? 0;
    const waiting = await choose(bob, ADS, 'granted', child);
    expect(waiting).toMatchObject({ status: 200, json: { state: 'awaiting-parent' } });
    const [event] = cloud.events(mark);
    expect(event).toMatchObject({ detailType: 'ParentalConsentRequested' });
    const detail = z.object({ requestId: z.string() }).loose().parse(event?.detail);
    expect(detail).toEqual({ requestId: expect.any(String), sub: bob.sub, purposeId: ADS });
    expect(JSON.stringify(await cloud.items('data'))).not.toContain('2015-05-05');

    expect((await answer(bob.sub, 'another', 'granted')).status).toBe(409);
    expect((await answer(bob.sub, detail.requestId, 'granted')).status).toBe(204);
    expect((await answer(bob.sub, detail.requestId, 'granted')).status).toBe(409);
    expect((await purposeOf(cloud, bob, ADS)).state).toBe('granted');
    const { json } = await rest<History>(cloud, 'GET /v1/me/consents/history', bob);
    expect(json.entries[0]).toMatchObject({ state: 'granted', method: 'parent' });
  });

  test('have a parent asked by the next wish where the bus took nothing', async () => {
    const bob = await plantedWithToken(cloud);
    const mark = cloud.events().at(-1)?.seq ?? 0;
    cloud.fault({ service: 'events', operation: 'PutEvents', kind: 'error', times: 9 });
    expect((await choose(bob, ADS, 'granted', child)).status).toBe(503);
    cloud.clearFaults();
    expect((await choose(bob, ADS, 'granted', child)).json.state).toBe('awaiting-parent');
    expect(cloud.events(mark)).toHaveLength(1);
  });

  test('grow no older by asking again', async () => {
    const bob = await plantedWithToken(cloud);
    await choose(bob, ADS, 'granted', child);
    const grown = await choose(bob, ADS, 'granted', { ...child, birthdate: '1990-01-01' });
    expect(grown.json.state).toBe('awaiting-parent');
  });

  test('stay refused when a parent says no, and adults decide for themselves', async () => {
    const bob = await plantedWithToken(cloud);
    const mark = cloud.events().at(-1)?.seq ?? 0;
    await choose(bob, ADS, 'granted', child);
    const { requestId } = z.object({ requestId: z.string() }).parse(cloud.events(mark)[0]?.detail);
    await answer(bob.sub, requestId, 'refused');
    expect((await purposeOf(cloud, bob, ADS)).state).toBe('withdrawn');
    const adult = await choose(ada, ADS, 'granted', { birthdate: '1990-01-01', country: 'DE' });
    expect(adult.json.state).toBe('granted');
  });

  test('have a parent asked once an hour, however often they wish', async () => {
    const bob = await plantedWithToken(cloud);
    const mark = cloud.events().at(-1)?.seq ?? 0;
    const Asked = z.object({ requestId: z.string() });
    const asked = () => cloud.events(mark).map(({ detail }) => Asked.parse(detail).requestId);
    for (let wishes = 0; wishes < 3; wishes += 1) await choose(bob, ADS, 'granted', child);
    expect(asked()).toHaveLength(1);
    // Longer than the access token lives.
    await cloud.advance(3601);
    const later = { ...bob, token: await tokenFor(cloud, bob.agent, bob.app) };
    await choose(later, ADS, 'granted', child);
    expect(asked()).toHaveLength(2);
    expect(new Set(asked()).size).toBe(1);
  });
});
