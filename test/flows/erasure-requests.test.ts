/** Asking for the end of an account, and staying after all (GDPR Art. 17), as people do it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { introspect, registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  obtainTokens,
  readLink,
  resetPassword,
  signIn,
} from '../harness/journeys.ts';
import { accountOf, askForErasure, DAY, requestOf, runTo } from './erasure-asking.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { machineToken, type RestPerson, rest, signedInWithToken } from './rest.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

const CRASHES = (['crash-before', 'crash-after'] as const).flatMap((kind) =>
  ['StartExecution', 'TransactWriteItems', 'Query'].map((operation) => [kind, operation] as const),
);

/** The function that is asked, in which the faults are. */
const ASKED = 'domicile-privacy';

async function statusOf({ sub }: RestPerson): Promise<unknown> {
  return (await accountOf(cloud, sub))?.['status'];
}

/** Signs in at the page, in a browser that nobody has used. */
async function signInAnew({ person }: RestPerson, password = person.password) {
  const agent = createAgent(cloud);
  const answer = await signIn(agent, await agent.get('/sign-in'), { ...person, password });
  return { agent, answer };
}

describe('asking', () => {
  test('promises an end after the grace period, whose workflow runs already, and mails it', async () => {
    const ada = await plantedWithToken(cloud);
    const { requestId, state, erasesAt } = await askForErasure(cloud, ada);
    expect(state).toBe('grace');
    expect(Date.parse(erasesAt) - cloud.cloud.clock.nowMs()).toBeGreaterThan(13.9 * DAY * 1000);
    expect(await statusOf(ada)).toBe('erasing');
    expect(cloud.executions('domicile-erasure').map(({ name }) => name)).toContain(requestId);
    const { subject, links } = cloud.requireMail(ada.person.email);
    expect(subject).toContain('will be deleted');
    expect(links.map((link) => new URL(link).pathname)).toContain('/keep-account');
  });

  test('ends every session and token at once, the app that asks included', async () => {
    const ada = await plantedWithToken(cloud);
    await askForErasure(cloud, ada);
    const { json } = await introspect(cloud, ada.app, ada.token);
    expect(json).toEqual({ active: false });
    const { status } = await rest(cloud, 'GET /v1/me/consents', { token: ada.token });
    expect(status).toBe(401);
    expect(new URL((await ada.agent.get('/account')).url).pathname).toBe('/sign-in');
  });

  test('takes a fresh sign-in: a token of an older one is sent back for another (RFC 9470)', async () => {
    const ada = await plantedWithToken(cloud);
    const app = await registerApp(cloud, { scope: 'openid privacy' });
    await cloud.advance(11 * 60);
    const { json } = await obtainTokens(cloud, ada.agent, app);
    const token = String(json['access_token']);
    const { status, headers } = await rest(cloud, 'POST /v1/me/erasure', { token });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(
      /error="insufficient_user_authentication", max_age="600"/,
    );
    expect(await statusOf(ada)).toBe('active');
  });

  test('takes the scope privacy, and a person', async () => {
    const token = await machineToken(cloud, 'admin');
    expect((await rest(cloud, 'POST /v1/me/erasure', { token })).status).toBe(401);
    expect((await rest(cloud, 'POST /v1/me/erasure')).status).toBe(401);
  });

  test('at the same moment twice makes one request', async () => {
    const ada = await plantedWithToken(cloud);
    const answers = await Promise.all([1, 2, 3].map(() => rest(cloud, 'POST /v1/me/erasure', ada)));
    const asked = answers.filter(({ status }) => status === 202);
    expect(new Set(asked.map(({ json }) => json['requestId'])).size).toBe(1);
    const items = await cloud.items('records');
    expect(items.filter(({ pk }) => pk === `REQUESTS-OF#${ada.sub}`)).toHaveLength(1);
  });

  test('does not hide behind a mail that does not leave', async () => {
    const ada = await plantedWithToken(cloud);
    await cloud.advance(1);
    cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'error', times: 3 });
    await askForErasure(cloud, ada);
    cloud.clearFaults();
    expect(await statusOf(ada)).toBe('erasing');
  });

  test.each(CRASHES)('that dies %s %s is made good by asking again', async (kind, operation) => {
    const ada = await plantedWithToken(cloud);
    const service = operation === 'StartExecution' ? 'states' : 'dynamodb';
    // The workflow, which begins before the request is answered, reads and writes as well.
    cloud.fault({ service, operation, kind, principal: ASKED });
    const died = await rest(cloud, 'POST /v1/me/erasure', ada);
    cloud.clearFaults();
    expect(died.status).toBeGreaterThanOrEqual(500);
    const again = await rest(cloud, 'POST /v1/me/erasure', ada);
    // 401: the workflow has ended all access by now.
    expect([202, 401]).toContain(again.status);
    const records = await cloud.items('records');
    const made = records.filter(({ pk }) => pk === `REQUESTS-OF#${ada.sub}`);
    expect(made).toHaveLength(1);
    const runs = cloud.executions('domicile-erasure').map(({ name }) => name);
    expect(runs).toContain(made[0]?.['requestId']);
    await cloud.advance(1);
    const { json } = await introspect(cloud, ada.app, ada.token);
    expect(json).toEqual({ active: false });
  });

  test('that was never written leaves a run that ends by itself', async () => {
    const ada = await plantedWithToken(cloud);
    const operation = 'TransactWriteItems';
    cloud.fault({ service: 'dynamodb', operation, kind: 'crash-before', principal: ASKED });
    await rest(cloud, 'POST /v1/me/erasure', ada);
    cloud.clearFaults();
    const [run] = cloud.executions('domicile-erasure');
    const ended = await runTo(cloud, run?.name ?? '');
    expect(ended.states.at(-1)?.name).toBe('NothingAsked');
    expect(await statusOf(ada)).toBe('active');
  });
});

describe('staying', () => {
  test('by the mailed link, in any browser: everything is as it was', async () => {
    const ada = await plantedWithToken(cloud);
    const { requestId } = await askForErasure(cloud, ada);
    const agent = createAgent(cloud);
    const page = await agent.get(await readLink(cloud, ada.person.email, '/keep-account'));
    expect(page.document.querySelector('h1')?.text).toBe('Keep your account?');
    expect(await statusOf(ada)).toBe('erasing');
    const kept = await agent.submit(page, '/keep-account');
    expect(kept.document.querySelector('h1')?.text).toBe('Your account stays');
    expect(await statusOf(ada)).toBe('active');
    expect((await requestOf(cloud, requestId))?.['state']).toBe('undone');
    expect(cloud.requireMail(ada.person.email).subject).toContain('stays');
    expect(new URL((await signInAnew(ada)).answer.url).pathname).toBe('/account');
  });

  test('is offered after the right password, before any session', async () => {
    const ada = await plantedWithToken(cloud);
    await askForErasure(cloud, ada);
    const { agent, answer } = await signInAnew(ada);
    expect(new URL(answer.url).pathname).toBe('/keep-account');
    expect([...agent.cookies.keys()].filter((name) => name.includes('session'))).toEqual([]);
    expect(answer.body).toMatch(/will be deleted from .* on, within some hours/);
    await agent.submit(answer, '/keep-account');
    expect(await statusOf(ada)).toBe('active');
    // Nobody is signed in by it.
    expect(new URL((await agent.get('/account')).url).pathname).toBe('/sign-in');
  });

  test('leads back to the app that somebody came from', async () => {
    const ada = await plantedWithToken(cloud);
    await askForErasure(cloud, ada);
    const agent = createAgent(cloud);
    const { answer } = await authorize(cloud, agent, ada.app);
    const page = await signIn(agent, answer, ada.person);
    const kept = await agent.submit(page, '/keep-account');
    const link = kept.document.querySelector('a.button')?.getAttribute('href') ?? '';
    const signInPage = await agent.get(new URL(link, kept.url));
    const back = await signIn(agent, signInPage, ada.person);
    expect(requireCode(back)).toMatch(/./);
  });

  test('is offered to whoever recovers the account by its mailbox', async () => {
    const ada = await plantedWithToken(cloud);
    await askForErasure(cloud, ada);
    const agent = createAgent(cloud);
    const page = await askRecovery(agent, ada.person.email);
    const answer = await resetPassword(cloud, agent, page, {
      ...ada.person,
      password: 'another quiet lake',
    });
    expect(new URL(answer.url).pathname).toBe('/keep-account');
    expect(await statusOf(ada)).toBe('erasing');
  });

  test('by the word that the app was given, and by nothing forged', async () => {
    const ada = await plantedWithToken(cloud);
    const { keepToken, requestId } = await askForErasure(cloud, ada);
    const asked = await rest(cloud, 'GET /v1/me/erasure', { token: keepToken });
    expect(asked.json).toMatchObject({ requestId, state: 'grace' });
    const forged = `${keepToken.slice(0, -2)}${keepToken.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const token of [forged, `eu.${'x'.repeat(40)}`, `us.${keepToken.slice(3)}`]) {
      expect((await rest(cloud, 'DELETE /v1/me/erasure', { token })).status).toBe(401);
    }
    expect(await statusOf(ada)).toBe('erasing');
    const undone = await rest(cloud, 'DELETE /v1/me/erasure', { token: keepToken });
    expect(undone.json).toMatchObject({ requestId, state: 'undone' });
    // Once more: it is undone, and nobody is mailed twice.
    const before = cloud.inbox(ada.person.email).length;
    expect((await rest(cloud, 'DELETE /v1/me/erasure', { token: keepToken })).status).toBe(200);
    expect(cloud.inbox(ada.person.email)).toHaveLength(before);
    expect(await statusOf(ada)).toBe('active');
  });

  test('can be followed by another request, which is another one', async () => {
    const ada = await plantedWithToken(cloud);
    const first = await askForErasure(cloud, ada);
    await rest(cloud, 'DELETE /v1/me/erasure', { token: first.keepToken });
    const again = await signInAnew(ada);
    const second = await askForErasure(
      cloud,
      await signedInWithToken(cloud, { agent: again.agent, person: ada.person }),
    );
    expect(second.requestId).not.toBe(first.requestId);
    // The word of the first one keeps nothing of the second.
    const old = await rest(cloud, 'DELETE /v1/me/erasure', { token: first.keepToken });
    expect(old.json['state']).toBe('undone');
    expect(await statusOf(ada)).toBe('erasing');
    expect((await runTo(cloud, first.requestId)).status).toBe('SUCCEEDED');
    expect((await requestOf(cloud, first.requestId))?.['state']).toBe('undone');
  });
});

describe('to others', () => {
  test('a wrong password looks as ever', async () => {
    const ada = await plantedWithToken(cloud);
    const before = await signInAnew(ada, 'not the password');
    await askForErasure(cloud, ada);
    const after = await signInAnew(ada, 'not the password');
    expect(after.answer.status).toBe(before.answer.status);
    const textOf = ({ answer }: typeof after) =>
      answer.document.querySelector('main')?.text.replaceAll(/\s+/g, ' ');
    expect(textOf(after)).toBe(textOf(before));
  });
});

describe('beyond return', () => {
  test('neither link nor word nor password keep an account that is closed', async () => {
    const ada = await plantedWithToken(cloud);
    const { requestId, keepToken } = await askForErasure(cloud, ada);
    const link = await readLink(cloud, ada.person.email, '/keep-account');
    await runTo(cloud, requestId, 'Commit');
    await cloud.advance(1);
    expect(await statusOf(ada)).toBe('closed');
    expect((await rest(cloud, 'DELETE /v1/me/erasure', { token: keepToken })).status).toBe(401);
    expect((await createAgent(cloud).get(link)).status).toBeGreaterThanOrEqual(400);
    const { answer } = await signInAnew(ada);
    expect(answer.status).toBe(400);
    expect(answer.document.querySelector('[role=alert]')).not.toBeNull();
    expect(await statusOf(ada)).toBe('closed');
  });
});
