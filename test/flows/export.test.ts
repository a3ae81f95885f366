/** A person's own data, from the request to the end of the files: GDPR Art. 15 and 20. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parsePasswordHash } from '../../functions/core/password-hash.ts';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, signIn } from '../harness/journeys.ts';
import {
  ANSWER,
  answerAll,
  type ExportView,
  executionOf,
  exportData,
  exportedFiles,
  keysOf,
  linkTo,
} from './exports.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { type RestPerson, rest } from './rest.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

let cloud: TestCloud;
let ada: RestPerson;
let eve: RestPerson;
let asked: ExportView;

beforeAll(async () => {
  cloud = await startTestCloud();
  ada = await plantedWithToken(cloud);
  eve = await plantedWithToken(cloud);
  // Signing in again keeps the session.
  const page = await ada.agent.get('/sign-in');
  const headers = { 'user-agent': 'Gecko (X11; Linux) Firefox/140.0' };
  await ada.agent.submit(page, '/sign-in', { ...ada.person }, { headers });
  const chosen = { doNotSell: true };
  await rest(cloud, 'PUT /v1/me/preferences', { token: ada.token, body: chosen });
  await cloud.deliverStreams();
  asked = await exportData(cloud, ada);
});
afterAll(() => cloud?.close());

const statusOf = async (person: RestPerson) =>
  (await rest<ExportView>(cloud, 'GET /v1/me/export', { token: person.token })).json;

describe('the files', () => {
  test('lie ready, and nothing of the way there is left', async () => {
    expect(await keysOf(cloud, asked.requestId)).toEqual(['export.html', 'export.json']);
    const objects = await cloud.objects('exports');
    expect(objects.every(({ keyArn }) => keyArn !== undefined)).toBe(true);
    expect((await cloud.items('records')).filter(({ pk }) => /^SLOT#/.test(String(pk)))).toEqual(
      [],
    );
  });

  test('hold everything that is held, by the schema that they name', async () => {
    const { json } = await exportedFiles(cloud, asked.requestId);
    const published = await fetch(String(json['$schema']));
    expect(published.headers.get('content-type')).toBe('application/schema+json');
    const schema = z.record(z.string(), z.json()).parse(await published.json());
    expect(z.fromJSONSchema(schema).safeParse(json).error).toBeUndefined();
    expect(json).toMatchObject({
      sub: ada.sub,
      requestedBy: 'person',
      controller: { name: expect.any(String) },
      purposes: [{ purposeId: 'product-news', legalBasis: 'consent' }, {}, {}],
      profile: { sub: ada.sub, attributes: { email: ada.person.email }, isEmailVerified: true },
      credentials: [{ type: 'password', algorithm: 'argon2id' }],
      preferences: { doNotSell: { source: 'person' } },
      consentHistory: [{ kind: 'do-not-sell', isOn: true }],
      grants: [{ clientId: ada.app.clientId, state: 'open' }],
      sessions: [{ authenticationMethods: ['pwd'], device: 'Firefox on Linux' }],
      identifiers: [{ value: ada.person.email, directory: [{ home: 'eu' }] }],
      requests: [{ kind: 'export', requestId: asked.requestId }],
      organisations: [],
      processors: [{ processorId: 'analytics-house', hasAnswered: true, data: ANSWER }],
    });
    const kinds = z.array(z.object({ kind: z.string() })).parse(json['activity']);
    expect(kinds.map(({ kind }) => kind)).toContain('preferences.changed');
  });

  test('hold nothing that would let somebody in, and nothing of other people', async () => {
    const { json, html } = await exportedFiles(cloud, asked.requestId);
    const items = await cloud.items('data');
    const secrets = items.flatMap((item) =>
      ['phc', 'secretHash', 'codeHash', 'refreshHash', 'previousHash', 'wrapped'].flatMap((name) =>
        typeof item[name] === 'string' ? [item[name]] : [],
      ),
    );
    expect(secrets.length).toBeGreaterThan(4);
    for (const text of [JSON.stringify(json), html]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).not.toContain(eve.sub);
      expect(text).not.toContain(eve.person.email);
      expect(text).not.toContain(ada.person.password);
    }
  });

  test('say the same to people as to machines', async () => {
    const { html } = await exportedFiles(cloud, asked.requestId);
    const words = ['Where you are signed in', 'Firefox on Linux', 'Your rights'];
    for (const said of [ada.person.email, ...words]) {
      expect(html).toContain(said);
    }
  });

  test('hold the password hash when it was asked for, with a word on its pepper', async () => {
    const wanted = await exportData(cloud, eve, { withCredentials: true });
    const { json } = await exportedFiles(cloud, wanted.requestId);
    const [password] = z
      .array(z.object({ hash: z.string(), isPeppered: z.literal(true) }))
      .parse(json['credentials']);
    expect(parsePasswordHash(password?.hash ?? '')).toBeDefined();
  });
});

describe('asking', () => {
  test('tells how far it is, and when the files go', async () => {
    expect(await statusOf(ada)).toMatchObject({
      requestId: asked.requestId,
      ...{ state: 'ready', stage: 'ready' },
      page: `${cloud.issuer}/account/privacy/export/${asked.requestId}`,
      records: { profile: 1, sessions: 1 },
      files: [{ name: 'export.json' }, { name: 'export.html' }],
    });
  });

  test('twice while one is collected answers with that one, and more than three a day wait', async () => {
    const bob = await plantedWithToken(cloud);
    const ask = () => rest<ExportView>(cloud, 'POST /v1/me/export', { token: bob.token });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    expect(new Set(both.map(({ json }) => json.requestId)).size).toBe(1);
    expect(await statusOf(bob)).toMatchObject({ state: 'collecting', stage: 'collecting' });
    await cloud.advance(3);
    const { stage, waitingFor } = await statusOf(bob);
    expect({ stage, processors: waitingFor?.processors }).toEqual({
      stage: 'waiting',
      processors: ['analytics-house'],
    });
    const inDays = (Date.parse(waitingFor?.until ?? '') - cloud.cloud.clock.nowMs()) / 1000 / DAY;
    expect(inDays).toBeCloseTo(14, 1);
    await answerAll(cloud, both[0]?.json.requestId ?? '');
    await exportData(cloud, bob);
    await exportData(cloud, bob);
    const fourth = await ask();
    expect(fourth.status).toBe(429);
    expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(DAY - 60);
    // A workflow that was started for a request which another one forestalled simply ends.
    await cloud.advance(120);
    const names = cloud.executions('domicile-export').filter(({ status }) => status === 'FAILED');
    expect(names).toEqual([]);
  });

  test.each([
    [{ withCredentials: 'yes' }],
    [{ withCredentials: true, sub: 'somebody-else' }],
    ['export'],
  ])('takes nothing but what it knows: %j', async (body) => {
    const { status } = await rest(cloud, 'POST /v1/me/export', { token: ada.token, body });
    expect(status).toBe(400);
  });
});

describe('fetching', () => {
  const pathOf = (requestId: string) => `/account/privacy/export/${requestId}`;

  test('takes the mailed link, a fresh sign-in, and a link that works for a minute', async () => {
    const link = linkTo(cloud, ada.person.email);
    expect(new URL(link).pathname).toBe(pathOf(asked.requestId));
    const agent = createAgent(cloud);
    const signInPage = await agent.get(link);
    expect(new URL(signInPage.url).pathname).toBe('/sign-in');
    const page = await signIn(agent, signInPage, ada.person);
    expect(new URL(page.url).pathname).toBe(pathOf(asked.requestId));
    const hrefs = page.document
      .querySelectorAll('main section a')
      .map((a) => a.getAttribute('href'));
    expect(hrefs).toEqual(
      ['export.html', 'export.json'].map((f) => `${pathOf(asked.requestId)}/${f}`),
    );
    const { leadsTo } = await agent.get(hrefs[1] ?? '', { follow: false });
    const file = await fetch(leadsTo ?? '');
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="\d{4}-\d\d-\d\d-my-data\.json"$/,
    );
    expect(await file.json()).toMatchObject({ sub: ada.sub });
    await cloud.advance(61);
    expect((await fetch(leadsTo ?? '')).status).toBe(403);
    const acts = (await cloud.items('data')).flatMap(({ act }) => JSON.stringify(act) ?? []);
    expect(acts.filter((act) => act.includes('export.downloaded'))).toHaveLength(1);
  });

  test('by a link on another site leads to the page, and puts nothing on record', async () => {
    const downloads = async () =>
      (await cloud.items('data')).filter(({ act }) =>
        JSON.stringify(act)?.includes('export.downloaded'),
      ).length;
    const agent = createAgent(cloud);
    await signIn(agent, await agent.get(pathOf(asked.requestId)), ada.person);
    const before = await downloads();
    const file = `${pathOf(asked.requestId)}/export.json`;
    const options = { follow: false, headers: { 'sec-fetch-site': 'cross-site' } };
    const { status, leadsTo } = await agent.get(file, options);
    expect([status, leadsTo?.pathname]).toEqual([303, pathOf(asked.requestId)]);
    expect(await downloads()).toBe(before);
  });

  test('asks whoever signed in long ago to sign in again, and leads back', async () => {
    await cloud.advance(11 * 60);
    const again = await ada.agent.get(pathOf(asked.requestId));
    expect(new URL(again.url).pathname).toBe('/sign-in');
    const page = await signIn(ada.agent, again, ada.person);
    expect(page.document.querySelector('h1')?.text).toBe('Your data');
    // Once: who signs in later goes where they always went.
    const later = await signIn(ada.agent, await ada.agent.get('/sign-in'), ada.person);
    expect(new URL(later.url).pathname).toBe('/account');
  });

  test("is nobody else's: another person's request is as unknown as none at all", async () => {
    await signIn(eve.agent, await eve.agent.get('/sign-in'), eve.person);
    const foreign = await eve.agent.get(pathOf(asked.requestId));
    const unknown = await eve.agent.get(pathOf('AAAAAAAAAAAAAAAAAAAAAA'));
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(foreign.document.querySelector('main')?.text).toBe(
      unknown.document.querySelector('main')?.text,
    );
    const file = await eve.agent.get(`${pathOf(asked.requestId)}/export.json`, { follow: false });
    expect([file.status, file.leadsTo]).toEqual([404, undefined]);
    const strange = await ada.agent.get(`${pathOf(asked.requestId)}/parts`, { follow: false });
    expect(strange.status).toBe(404);
  });

  test('a way back that somebody else wrote leads to no other page', async () => {
    const person = newPerson();
    expect(person.email).not.toBe(ada.person.email);
    const agent = createAgent(cloud);
    agent.cookies.set('back', '//evil.example/account/privacy');
    const page = await signIn(agent, await agent.get('/sign-in'), ada.person);
    expect(new URL(page.url).pathname).toBe('/account');
  });
});

test('one mail says that it is ready and until when, in the language of the account', () => {
  const mails = cloud.inbox(ada.person.email).filter(({ subject }) => /is ready$/.test(subject));
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text).toMatch(/download it until \d{1,2} \w+ \d{4}/);
});

test('after its time nothing is left, and the workflow has ended', async () => {
  await cloud.advance(7 * DAY);
  expect(await keysOf(cloud, asked.requestId)).toEqual([]);
  expect(executionOf(cloud, asked.requestId).status).toBe('SUCCEEDED');
  await signIn(ada.agent, await ada.agent.get('/sign-in'), ada.person);
  const page = await ada.agent.get(`/account/privacy/export/${asked.requestId}`);
  expect(page.document.querySelector('main')?.text).toContain('were deleted');
  const [request] = (await cloud.items('records')).filter(
    ({ pk, sk }) => pk === `REQUEST#${asked.requestId}` && sk === 'REQUEST',
  );
  expect(request).toMatchObject({ state: 'expired' });
  expect(request).not.toHaveProperty('progress');
});
