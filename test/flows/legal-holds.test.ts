/** Legal holds: a law that keeps an account from its erasure, as operators place and release it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EN_ACTS } from '../../functions/pages/acts/words-en.ts';
import { registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainTokens } from '../harness/journeys.ts';
import {
  accountOf,
  askForErasure,
  createOperator,
  DAY,
  type OperatorClient,
  placeHold,
  requestOf,
  runOf,
  runTo,
} from './erasure-asking.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { rest } from './rest.ts';

const BECAUSE = { body: { reason: 'a call' } };

let cloud: TestCloud;
let operator: OperatorClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  operator = await createOperator(cloud);
});
afterAll(() => cloud?.close());

describe('a legal hold', () => {
  test('keeps an erasure from being carried out; once it is released, it is', async () => {
    const ada = await plantedWithToken(cloud);
    const { requestId } = await askForErasure(cloud, ada);
    const holdId = await placeHold(operator, ada.sub);
    await runTo(cloud, requestId, 'WaitHold');
    await cloud.advance(3 * DAY);
    expect((await requestOf(cloud, requestId))?.['state']).toBe('held');
    expect((await accountOf(cloud, ada.sub))?.['status']).toBe('erasing');
    const released = await operator.call(
      `DELETE /v1/admin/privacy/people/${ada.sub}/holds/${holdId}`,
      BECAUSE,
    );
    expect(released.status).toBe(204);
    await cloud.advance(DAY);
    expect((await accountOf(cloud, ada.sub))?.['status']).toBe('closed');
    const { json } = await operator.call(`GET /v1/admin/privacy/requests/${requestId}`);
    const states = (json['history'] as ReadonlyArray<{ state: string }>).map(({ state }) => state);
    expect(states).toEqual(['grace', 'held', 'erasing']);
  });

  test('lets the person stay after all, while it stands', async () => {
    const ada = await plantedWithToken(cloud);
    const { requestId } = await askForErasure(cloud, ada);
    await placeHold(operator, ada.sub);
    await runTo(cloud, requestId, 'WaitHold');
    const undone = await operator.call(`DELETE /v1/admin/privacy/requests/${requestId}`, BECAUSE);
    expect(undone.json['state']).toBe('undone');
    expect((await runTo(cloud, requestId)).states.at(-1)?.name).toBe('Undone');
  });

  test('has a reason that operators read and no table shows, and its person’s history keeps quiet', async () => {
    const ada = await plantedWithToken(cloud);
    const holdId = await placeHold(operator, ada.sub, 'lawsuit 7 C 22/26');
    const { json } = await operator.call(`GET /v1/admin/privacy/people/${ada.sub}/holds`);
    expect(json).toEqual({
      holds: [
        {
          holdId,
          reason: 'lawsuit 7 C 22/26',
          placedAt: expect.any(String),
          placedBy: operator.clientId,
        },
      ],
    });
    for (const table of ['data', 'records'] as const) {
      const stored = JSON.stringify(await cloud.items(table));
      expect(stored).not.toContain('lawsuit');
    }
    await cloud.deliverStreams();
    const trail = JSON.stringify(await cloud.items('records'));
    const { body } = await ada.agent.get('/account/privacy/history');
    expect(body).toContain(EN_ACTS['account.created']);
    for (const kind of ['hold.placed', 'hold.read'] as const) {
      expect(trail).toContain(kind);
      expect(body).not.toContain(EN_ACTS[kind]);
    }
  });

  test('is one for one Idempotency-Key, counted once, and released once', async () => {
    const ada = await plantedWithToken(cloud);
    const route = `POST /v1/admin/privacy/people/${ada.sub}/holds` as const;
    const wanted = { body: { reason: 'tax' }, headers: { 'idempotency-key': 'k1' } };
    const [first, second] = [
      await operator.call(route, wanted),
      await operator.call(route, wanted),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json).toEqual(first.json);
    expect((await accountOf(cloud, ada.sub))?.['holds']).toBe(1);
    const release =
      `DELETE /v1/admin/privacy/people/${ada.sub}/holds/${String(first.json['holdId'])}` as const;
    expect((await operator.call(release, BECAUSE)).status).toBe(204);
    expect((await operator.call(release, BECAUSE)).status).toBe(404);
    expect((await accountOf(cloud, ada.sub))?.['holds']).toBe(0);
  });

  test('at the instant of the commit is either in time or too late, never both', async () => {
    const people = [];
    for (let count = 0; count < 4; count += 1) {
      const person = await plantedWithToken(cloud);
      const { requestId } = await askForErasure(cloud, person);
      people.push({ ...person, requestId });
    }
    await cloud.advance(1);
    const waits = people.flatMap(({ requestId }) => runOf(cloud, requestId).waitsUntil ?? []);
    const last = Math.max(...waits.map((until) => Date.parse(until)));
    const moving = cloud.advance(Math.ceil((last - cloud.cloud.clock.nowMs()) / 1000));
    const token = await operator.token();
    const placed = await Promise.all(
      people.map(({ sub }) =>
        rest(cloud, `POST /v1/admin/privacy/people/${sub}/holds`, {
          token,
          body: { reason: 'now' },
        }),
      ),
    );
    await moving;
    for (const { requestId } of people) await runTo(cloud, requestId, 'Commit');
    await cloud.advance(1);
    for (const [index, { sub, requestId }] of people.entries()) {
      const account = await accountOf(cloud, sub);
      const wasPlaced = placed[index]?.status === 201;
      expect([201, 409]).toContain(placed[index]?.status);
      expect(account?.['status']).toBe(wasPlaced ? 'erasing' : 'closed');
      const state = (await requestOf(cloud, requestId))?.['state'];
      expect(state).toBe(wasPlaced ? 'held' : 'erasing');
    }
  });

  test('cannot be placed on whoever is closed or gone', async () => {
    const ada = await plantedWithToken(cloud);
    const { requestId } = await askForErasure(cloud, ada);
    await runTo(cloud, requestId, 'Commit');
    await cloud.advance(1);
    const { status } = await operator.call(`POST /v1/admin/privacy/people/${ada.sub}/holds`, {
      body: { reason: 'too late' },
    });
    expect(status).toBe(409);
    const listed = await operator.call('GET /v1/admin/privacy/people/nobody/holds');
    expect(listed.status).toBe(404);
  });
});

test('apps of the person see nothing of it: their tokens are as before', async () => {
  const ada = await plantedWithToken(cloud);
  await placeHold(operator, ada.sub);
  const app = await registerApp(cloud, { scope: 'openid email' });
  const { status } = await obtainTokens(cloud, ada.agent, app);
  expect(status).toBe(200);
});
