/** Operators and people's rights: requests with their evidence, and on somebody's behalf. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { readLink } from '../harness/journeys.ts';
import {
  accountOf,
  askForErasure,
  createOperator,
  DAY,
  type OperatorClient,
  placeHold,
} from './erasure-asking.ts';
import { executionOf } from './exports.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { machineToken, rest } from './rest.ts';

let cloud: TestCloud;
let operator: OperatorClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  operator = await createOperator(cloud);
});
afterAll(() => cloud?.close());

interface Listed {
  readonly requests: ReadonlyArray<{
    readonly requestId: string;
    readonly state: string;
    readonly dueAt: string;
    readonly isOverdue: boolean;
  }>;
  readonly cursor?: string;
}

const ROUTES = [
  'GET /v1/admin/privacy/requests',
  'POST /v1/admin/privacy/requests',
  'GET /v1/admin/privacy/requests/x',
  'DELETE /v1/admin/privacy/requests/x',
  'POST /v1/admin/privacy/people',
  'POST /v1/admin/privacy/people/x/consents',
  'GET /v1/admin/privacy/people/x/holds',
  'POST /v1/admin/privacy/people/x/holds',
  'DELETE /v1/admin/privacy/people/x/holds/x',
] as const;

const BECAUSE = { body: { reason: 'a call' } };

async function eraseOnBehalf(sub: string, headers: Record<string, string> = {}) {
  return operator.call('POST /v1/admin/privacy/requests', {
    body: { kind: 'erasure', sub, reason: 'asked by letter' },
    headers,
  });
}

describe('these endpoints open for nobody but', () => {
  test('an administrator’s client in its own name: not for people', async () => {
    const ada = await plantedWithToken(cloud);
    for (const route of ROUTES) {
      expect((await rest(cloud, route, { token: ada.token })).status).toBe(401);
    }
  });

  test('one with the scope admin', async () => {
    const token = await machineToken(cloud, 'consents');
    for (const route of ROUTES) {
      const { status, headers } = await rest(cloud, route, { token });
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toContain('scope="admin"');
    }
  });

  test('one whose token is for this deployment', async () => {
    const client = await cloud.registerClient({
      client_name: 'Of another API',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'admin',
      domicile_audiences: ['https://api.example.com'],
    });
    const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
    const response = await fetch(`${cloud.issuer}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const token = String(((await response.json()) as Record<string, unknown>)['access_token']);
    for (const route of ROUTES) expect((await rest(cloud, route, { token })).status).toBe(401);
  });

  test('who says what they want: anything else is refused in words, and not quoted', async () => {
    const bodies = [
      undefined,
      [],
      { kind: 'erasure' },
      { kind: 'erasure', sub: '../x', reason: 'r' },
      { kind: 'erasure', sub: 'x', reason: '' },
      { kind: 'erasure', sub: 'x', reason: 'r'.repeat(257) },
      { kind: 'erasure', sub: 'x', reason: 'r', more: true },
      { kind: 'deletion', sub: 'x', reason: 'r' },
    ];
    for (const body of bodies) {
      const { status, headers } = await operator.call('POST /v1/admin/privacy/requests', { body });
      expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    }
    for (const route of ['requests/x', 'people/x/holds/x']) {
      const answer = await operator.call(`DELETE /v1/admin/privacy/${route}`);
      expect([answer.status, answer.json['detail']]).toEqual([400, expect.any(String)]);
    }
    for (const query of ['state=gone', 'kind=x', 'dueBefore=tomorrow', 'cursor=x']) {
      const answer = await operator.call(`GET /v1/admin/privacy/requests?${query}`);
      expect(answer.status).toBe(400);
    }
  });
});

test('a reason is no place for an address: it is refused in words, and not quoted; a hold’s is sealed', async () => {
  const ada = await plantedWithToken(cloud);
  const reason = `asked by ${ada.person.email}`;
  const body = { reason };
  const asking = { kind: 'export', sub: ada.sub, reason };
  const said = { purposeId: 'product-news', state: 'withdrawn', language: 'en', reason };
  const id = 'A'.repeat(22);
  const answers = [
    await operator.call('POST /v1/admin/privacy/requests', { body: asking }),
    await operator.call(`DELETE /v1/admin/privacy/requests/${id}`, { body }),
    await operator.call(`POST /v1/admin/privacy/requests/${id}/files`, { body }),
    await operator.call('POST /v1/admin/privacy/people', {
      body: { email: ada.person.email, reason },
    }),
    await operator.call(`POST /v1/admin/privacy/people/${ada.sub}/consents`, { body: said }),
    await operator.call(`DELETE /v1/admin/privacy/people/${ada.sub}/holds/${id}`, { body }),
  ];
  for (const { status, json } of answers) {
    expect([status, json['detail']]).toEqual([
      400,
      expect.stringMatching(/^no personal data in reasons: /),
    ]);
    expect(JSON.stringify(json)).not.toContain(ada.person.email);
  }
  expect(JSON.stringify(cloud.logs())).not.toContain(ada.person.email);
  await placeHold(operator, ada.sub, reason);
  expect(JSON.stringify(await cloud.items('data'))).not.toContain(ada.person.email);
});

describe('requests', () => {
  test('that are listed are on record: by whom, and narrowed by what', async () => {
    const before = await listings();
    const soon = '2026-12-24T00:00:00Z';
    for (const query of ['', '?kind=erasure&state=held', `?dueBefore=${soon}`]) {
      await operator.call(`GET /v1/admin/privacy/requests${query}`);
    }
    const told = (await listings()).filter(({ id }) => !before.some((one) => one.id === id));
    const actor = { type: 'client', clientId: operator.clientId };
    expect(told.toSorted((a, b) => a.object.localeCompare(b.object))).toMatchObject([
      { object: 'all', actor },
      { object: 'dueBefore=2026-12-24T00:00:00.000Z', actor },
      { object: 'kind=erasure&state=held', actor },
    ]);
    for (const act of told) expect(act).not.toHaveProperty('sub');
  });

  const Listing = z.looseObject({ id: z.string(), object: z.string() });

  async function listings() {
    return (await cloud.items('data'))
      .filter(({ act }) => JSON.stringify(act ?? '').includes('request.listed'))
      .map(({ act }) => Listing.parse(act));
  }

  test('are listed with their deadline of a month, by kind, state and time, page by page', async () => {
    const people = [await plantedWithToken(cloud), await plantedWithToken(cloud)];
    const ids: Array<string> = [];
    for (const person of people) ids.push((await askForErasure(cloud, person)).requestId);
    const all = await operator.call<Listed>('GET /v1/admin/privacy/requests?kind=erasure');
    const found = all.json.requests.filter(({ requestId }) => ids.includes(requestId));
    expect(found).toHaveLength(2);
    for (const { dueAt, isOverdue, state } of found) {
      const days = (Date.parse(dueAt) - cloud.cloud.clock.nowMs()) / (DAY * 1000);
      expect(days).toBeGreaterThan(27);
      expect(days).toBeLessThanOrEqual(31);
      expect([isOverdue, state]).toEqual([false, 'grace']);
    }
    const exports = await operator.call<Listed>('GET /v1/admin/privacy/requests?kind=export');
    expect(exports.json.requests).toEqual([]);
    const soon = new Date(cloud.cloud.clock.nowMs() + DAY * 1000).toISOString();
    const due = await operator.call<Listed>(`GET /v1/admin/privacy/requests?dueBefore=${soon}`);
    expect(due.json.requests.map(({ requestId }) => requestId)).not.toContain(ids[0]);
    let cursor = due.json.cursor;
    for (let pages = 0; cursor !== undefined; pages += 1) {
      expect(pages).toBeLessThan(5);
      const next = await operator.call<Listed>(
        `GET /v1/admin/privacy/requests?dueBefore=${soon}&cursor=${encodeURIComponent(cursor)}`,
      );
      expect(next.status).toBe(200);
      cursor = next.json.cursor;
    }
  });

  test('are made on somebody’s behalf, who is told, and once for one Idempotency-Key', async () => {
    const ada = await plantedWithToken(cloud);
    const headers = { 'idempotency-key': `letter-${ada.sub}` };
    const first = await eraseOnBehalf(ada.sub, headers);
    expect(first.status).toBe(202);
    expect(first.json).toMatchObject({
      kind: 'erasure',
      sub: ada.sub,
      state: 'grace',
      actor: { type: 'client', clientId: operator.clientId },
      reason: 'asked by letter',
    });
    const again = await eraseOnBehalf(ada.sub, headers);
    expect(again.json['requestId']).toBe(first.json['requestId']);
    expect(cloud.requireMail(ada.person.email).subject).toContain('will be deleted');
    const bob = await plantedWithToken(cloud);
    expect((await eraseOnBehalf(bob.sub, headers)).status).toBe(409);
    expect((await accountOf(cloud, bob.sub))?.['status']).toBe('active');
    // The person may still stay.
    const agent = createAgent(cloud);
    const page = await agent.get(await readLink(cloud, ada.person.email, '/keep-account'));
    await agent.submit(page, '/keep-account');
    expect((await accountOf(cloud, ada.sub))?.['status']).toBe('active');
  });

  test('have a workflow that runs, also when one of the same Idempotency-Key has come to nothing', async () => {
    const ada = await plantedWithToken(cloud);
    const headers = { 'idempotency-key': `again-${ada.sub}` };
    const ask = (sub: string) =>
      operator.call('POST /v1/admin/privacy/requests', {
        body: { kind: 'export', sub, reason: 'asked by letter' },
        headers,
      });
    expect((await ask('nobody-at-all')).status).toBe(409);
    const begun = cloud.executions('domicile-export').map(({ name }) => name);
    // Longer than a workflow waits, twice, for its request to be written: its name is spent.
    for (let waits = 0; waits < 3; waits += 1) await cloud.advance(600);
    expect(begun.map((name) => executionOf(cloud, name).status)).not.toContain('RUNNING');
    const asked = await ask(ada.sub);
    expect(asked.status).toBe(202);
    const { requestId } = asked.json;
    expect(begun).not.toContain(requestId);
    expect(executionOf(cloud, String(requestId)).status).toBe('RUNNING');
    expect((await ask(ada.sub)).json['requestId']).toBe(requestId);
  });

  test('about nobody are refused, and cannot be told from those about the erased', async () => {
    expect((await eraseOnBehalf('nobody-at-all')).status).toBe(409);
    const missing = await operator.call('GET /v1/admin/privacy/requests/AAAAAAAAAAAAAAAAAAAAAA');
    expect(missing.status).toBe(404);
  });

  test('tell by evidence every state with its time, and are undone by operators, too', async () => {
    const ada = await plantedWithToken(cloud);
    const { requestId } = await askForErasure(cloud, ada);
    const undone = await operator.call(`DELETE /v1/admin/privacy/requests/${requestId}`, BECAUSE);
    expect(undone.json['state']).toBe('undone');
    expect(cloud.requireMail(ada.person.email).subject).toContain('stays');
    const { json } = await operator.call(`GET /v1/admin/privacy/requests/${requestId}`);
    expect(json).toMatchObject({
      state: 'undone',
      history: [
        { state: 'grace', at: expect.any(String) },
        { state: 'undone', at: expect.any(String) },
      ],
      processors: [],
      holds: 0,
    });
  });
});

describe('people', () => {
  test('are found by their address, in the body, which the audit trail is told', async () => {
    const ada = await plantedWithToken(cloud);
    const found = await operator.call('POST /v1/admin/privacy/people', {
      body: { email: ada.person.email.toUpperCase(), reason: 'a letter' },
    });
    expect(found.json).toEqual({ sub: ada.sub, cell: 'eu' });
    const acts = (await cloud.items('data')).map((item) => JSON.stringify(item['act'] ?? ''));
    const told = acts.filter((act) => act.includes('person.looked-up') && act.includes(ada.sub));
    expect(told).toHaveLength(1);
    const nobody = await operator.call('POST /v1/admin/privacy/people', {
      body: { email: 'nobody@example.com', reason: 'a letter' },
    });
    expect(nobody.status).toBe(404);
    const lines = JSON.stringify(cloud.logs());
    expect(lines).not.toContain(ada.person.email);
  });
});
