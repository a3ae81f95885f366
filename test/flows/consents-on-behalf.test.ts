/** Choices that an operator enters for somebody: by telephone, in a letter (GDPR Art. 7, 21). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAudits } from './audits.ts';
import { createOperator, type OperatorClient } from './erasure-asking.ts';
import { choose } from './journeys-of-choices.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { purposeOf, wordsOf } from './purposes.ts';
import { type RestPerson, rest } from './rest.ts';

const NEWS = 'product-news';
const ADS = 'personalised-advertising';

let cloud: TestCloud;
let operator: OperatorClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  operator = await createOperator(cloud);
});
afterAll(() => cloud?.close());

async function shownTo(person: RestPerson, purposeId: string) {
  return { purposeId, ...wordsOf(await purposeOf(cloud, person, purposeId)) };
}

/** Words as the person would read them, in what is said of them otherwise. */
async function enter(person: RestPerson, purposeId: string, said: object) {
  const body = { ...(await shownTo(person, purposeId)), reason: 'said by telephone', ...said };
  return operator.call(`POST /v1/admin/privacy/people/${person.sub}/consents`, { body });
}

async function historyOf({ token }: RestPerson) {
  const { json } = await rest<{ entries: ReadonlyArray<object> }>(
    cloud,
    'GET /v1/me/consents/history',
    { token },
  );
  return json.entries;
}

describe('what an operator enters for somebody', () => {
  test('counts, is told to the person as that, and is on record with operator and reason', async () => {
    const ada = await plantedWithToken(cloud);
    const granted = await enter(ada, NEWS, { state: 'granted' });
    expect(granted).toMatchObject({
      status: 200,
      json: { purposeId: NEWS, state: 'granted', isAllowed: true, version: '2026-11' },
    });
    const withdrawn = await enter(ada, NEWS, { state: 'withdrawn', reason: 'a letter' });
    expect(withdrawn.json).toMatchObject({ state: 'withdrawn', isAllowed: false });
    expect(await historyOf(ada)).toMatchObject([
      { purposeId: NEWS, state: 'withdrawn', method: 'administrator' },
      { purposeId: NEWS, state: 'granted', method: 'administrator' },
    ]);
    await cloud.deliverStreams();
    const audits = createAudits(cloud);
    const [given] = await audits.find({ person: ada.sub, kind: 'consent.given' });
    const [ended] = await audits.find({ person: ada.sub, kind: 'consent.withdrawn' });
    audits.close();
    const actor = { type: 'client', clientId: operator.clientId };
    expect(given).toMatchObject({ actor, object: NEWS, reason: 'said by telephone' });
    expect(ended).toMatchObject({ actor, object: NEWS, reason: 'a letter' });
  });

  test('objects for them, too', async () => {
    const ada = await plantedWithToken(cloud);
    const { json } = await enter(ada, 'product-improvement', { state: 'objected' });
    expect(json).toMatchObject({ state: 'objected', isAllowed: false });
  });

  test('proves as much as their own: no other words, no missing ones', async () => {
    const ada = await plantedWithToken(cloud);
    for (const said of [{ textHash: 'of other words' }, { version: '1999' }]) {
      expect((await enter(ada, NEWS, { state: 'granted', ...said })).status).toBe(409);
    }
    expect((await enter(ada, NEWS, { state: 'objected' })).status).toBe(409);
    expect(await historyOf(ada)).toEqual([]);
  });

  test('needs the age where a purpose does, and agrees for no child', async () => {
    const bob = await plantedWithToken(cloud);
    expect((await enter(bob, ADS, { state: 'granted' })).status).toBe(409);
    const child = { birthdate: '2015-05-05', country: 'DE' };
    await choose(cloud, bob, { purposeId: ADS, state: 'granted', ...child });
    const asked = await historyOf(bob);
    await choose(cloud, bob, { purposeId: ADS, state: 'withdrawn' });
    expect((await enter(bob, ADS, { state: 'granted' })).status).toBe(409);
    expect(await historyOf(bob)).toHaveLength(asked.length + 1);
    const eve = await plantedWithToken(cloud);
    const grown = { birthdate: '1990-05-05', country: 'DE' };
    await choose(cloud, eve, { purposeId: ADS, state: 'granted', ...grown });
    await choose(cloud, eve, { purposeId: ADS, state: 'withdrawn' });
    expect((await enter(eve, ADS, { state: 'granted' })).json).toMatchObject({ isAllowed: true });
  });

  test.each([
    ['without a reason', { reason: '' }, 400],
    ['in a state that nobody can wish for', { state: 'awaiting-parent' }, 400],
    ['with more than is asked for', { birthdate: '1990-01-01' }, 400],
    ['for a purpose that there is not', { purposeId: '__proto__' }, 404],
  ])('is refused %s', async (_what, said, status) => {
    const ada = await plantedWithToken(cloud);
    expect((await enter(ada, NEWS, { state: 'granted', ...said })).status).toBe(status);
  });

  test('is refused of nobody, and of an account that is being erased', async () => {
    const ada = await plantedWithToken(cloud);
    expect((await enter({ ...ada, sub: 'nobody' }, NEWS, { state: 'granted' })).status).toBe(409);
    const body = { ...(await shownTo(ada, NEWS)), state: 'granted', reason: 'a letter' };
    await rest(cloud, 'POST /v1/me/erasure', { token: ada.token, body: {} });
    const late = await operator.call(`POST /v1/admin/privacy/people/${ada.sub}/consents`, { body });
    expect(late.status).toBe(409);
  });
});
