/** People's rights in several cells: whoever is asked, the home answers. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { type App, registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { readLink, signIn } from '../harness/journeys.ts';
import {
  accountOf,
  askForErasure,
  createOperator,
  type OperatorClient,
  requestOf,
  runTo,
} from './erasure-asking.ts';
import { purposeOf, wordsOf } from './purposes.ts';
import { cellOf, plantResident } from './residents.ts';
import { type RestPerson, rest, tokenFor } from './rest.ts';

let cloud: TestCloud;
let operator: OperatorClient;
let app: App;

/** Everything is asked for at the issuer, which the first cell answers. */
beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us'], parameters: { ErasureGraceDays: '1' } });
  operator = await createOperator(cloud);
  app = await registerApp(cloud, { scope: 'openid privacy consents' });
  await cloud.flushReplication();
});
afterAll(() => cloud?.close());

async function american(): Promise<RestPerson> {
  const { agent, person } = await plantResident(cloud, 'us');
  const token = await tokenFor(cloud, agent, app);
  return { agent, person, app, token, sub: String(decodeJwt(token).sub) };
}

test('operators ask any cell: the home finds, erases, holds and tells, and no other cell keeps a trace', async () => {
  const ada = await american();
  const found = await operator.call('POST /v1/admin/privacy/people', {
    body: { email: ada.person.email, reason: 'a letter' },
  });
  expect(found.json).toEqual({ sub: ada.sub, cell: 'us' });
  const placed = await operator.call(`POST /v1/admin/privacy/people/${ada.sub}/holds`, {
    body: { reason: 'tax law' },
  });
  expect(placed.status).toBe(201);
  const asked = await operator.call('POST /v1/admin/privacy/requests', {
    body: { kind: 'erasure', sub: ada.sub, reason: 'a letter' },
  });
  expect(asked.status).toBe(202);
  expect((await accountOf(cloud, ada.sub, 'us'))?.['status']).toBe('erasing');
  expect((await accountOf(cloud, ada.sub, 'us'))?.['holds']).toBe(1);
  for (const table of ['data', 'records', 'keys'] as const) {
    expect(JSON.stringify(await cloud.items(table, 'eu'))).not.toContain(ada.sub);
  }
});

test('what somebody said by telephone is entered at any cell, kept at home, and counts at once', async () => {
  const ada = await american();
  const { language, ...words } = wordsOf(await purposeOf(cloud, ada));
  const enter = (said: object) =>
    operator.call(`POST /v1/admin/privacy/people/${ada.sub}/consents`, {
      body: { purposeId: 'product-news', language, reason: 'said by telephone', ...said },
    });
  const granted = await enter({ state: 'granted', ...words });
  expect(granted).toMatchObject({ status: 200, json: { state: 'granted', isAllowed: true } });
  const withdrawn = await enter({ state: 'withdrawn' });
  expect(withdrawn).toMatchObject({ status: 200, json: { state: 'withdrawn', isAllowed: false } });
  const history = await rest(cloud, 'GET /v1/me/consents/history', { token: ada.token });
  expect(history.json['entries']).toMatchObject([
    { state: 'withdrawn', method: 'administrator' },
    { state: 'granted', method: 'administrator' },
  ]);
  const actor = { type: 'client', clientId: operator.clientId };
  const reason = 'said by telephone';
  expect(await linesOf(ada, 'us')).toMatchObject([
    { act: { kind: 'consent.given', actor, reason } },
    { act: { kind: 'consent.withdrawn', actor, reason } },
  ]);
  expect(await linesOf(ada, 'eu')).toEqual([]);
  expect((await enter({ state: 'granted', ...words, version: '1999' })).status).toBe(409);
});

/** Of the consents' history, as a cell has it. */
async function linesOf({ sub }: RestPerson, cell: string) {
  const items = await cloud.items('data', cell);
  return items.filter(
    ({ pk, sk }) => pk === `USER#${sub}` && String(sk).startsWith('CONSENT-EVENT#'),
  );
}

test('a person asks at any cell, and stays by the word or the mailed link, from wherever', async () => {
  const ada = await american();
  const { keepToken, requestId } = await askForErasure(cloud, ada);
  expect(keepToken).toMatch(/^us\./);
  const asked = await rest(cloud, 'GET /v1/me/erasure', { token: keepToken });
  expect(asked.json).toMatchObject({ requestId, state: 'grace' });
  const link = await readLink(cloud, ada.person.email, '/keep-account');
  const elsewhere = new URL(link);
  const page = await createAgent(cloud).get(`${elsewhere.pathname}${elsewhere.search}`);
  expect(cellOf(cloud, page)).toBe('us');
  expect(page.status).toBe(200);
  const undone = await rest(cloud, 'DELETE /v1/me/erasure', { token: keepToken });
  expect(undone.json['state']).toBe('undone');
});

test('after the right password, at home, whatever cell somebody came by', async () => {
  const ada = await american();
  await askForErasure(cloud, ada);
  const agent = createAgent(cloud);
  const page = await signIn(agent, await agent.get('/sign-in'), ada.person);
  expect(new URL(page.url).pathname).toBe('/keep-account');
  expect(cellOf(cloud, page)).toBe('us');
  await agent.submit(page, '/keep-account');
  expect((await accountOf(cloud, ada.sub, 'us'))?.['status']).toBe('active');
});

test('processors acknowledge, and certificates are shown, at any cell', async () => {
  const ada = await american();
  const { requestId } = await askForErasure(cloud, ada);
  await runTo(cloud, requestId, 'TellProcessors');
  await cloud.advance(1);
  const told = cloud.events().filter(({ detail }) => JSON.stringify(detail).includes(requestId));
  expect(told.map(({ region }) => region)).toEqual(['us-east-1', 'us-east-1']);
  for (const { detail } of told) {
    const { acknowledgement } = detail as { acknowledgement: string };
    const { status } = await rest(cloud, 'POST /v1/privacy/acknowledgements', {
      body: { acknowledgement },
    });
    expect(status).toBe(200);
  }
  await runTo(cloud, requestId, 'WaitQuarantine');
  const certificateId = String((await requestOf(cloud, requestId, 'us'))?.['certificateId']);
  expect(certificateId).toMatch(/^us\./);
  const { status, json } = await rest<{ claims: { iss: string; erasure: object } }>(
    cloud,
    `GET /v1/privacy/certificates/${certificateId}`,
  );
  expect(status).toBe(200);
  expect(json.claims.iss).toBe(cloud.issuer);
  expect(json.claims.erasure).toMatchObject({ deleted: { cell: 'us', region: 'us-east-1' } });
});

test('a word that cannot be a processor’s is handed to no other cell', async () => {
  const acknowledge = async (acknowledgement: string) => {
    const body = { acknowledgement };
    return (await rest(cloud, 'POST /v1/privacy/acknowledgements', { body })).status;
  };
  const id = 'A'.repeat(22);
  await cloud.setCell('us', 'down');
  const forms = [`us.${id}.mail-house.${id}x`, `us.${id}.${id}`, 'us.x', `us.REQUEST#1.a-b.${id}`];
  const answers = await Promise.all(forms.map(acknowledge));
  const possible = await acknowledge(`us.${id}.mail-house.${id}`);
  await cloud.setCell('us', 'up');
  expect(answers).toEqual(forms.map(() => 404));
  expect(possible).toBe(503);
});

test('with the home down, an operator is told so, and nothing is begun elsewhere', async () => {
  const ada = await american();
  const token = await operator.token();
  await cloud.setCell('us', 'down');
  const { status } = await rest(cloud, 'POST /v1/admin/privacy/requests', {
    token,
    body: { kind: 'erasure', sub: ada.sub, reason: 'a letter' },
  });
  await cloud.setCell('us', 'up');
  expect(status).toBe(503);
  expect((await accountOf(cloud, ada.sub, 'us'))?.['status']).toBe('active');
});
