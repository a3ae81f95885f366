/** Exports in the wrong hands, and exports of people who are erased meanwhile. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createErasures, type Erasures } from '../flows/erasures.ts';
import { createExportRuns, type ExportRuns, newExportId } from '../flows/export-runs.ts';
import { ANSWER, acknowledgementsOf, answer, executionOf, keysOf } from '../flows/exports.ts';
import { createPlanting } from '../flows/planted-people.ts';
import { plantedWithToken } from '../flows/planted-with-token.ts';
import { machineToken, rest } from '../flows/rest.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

const HOUR = 3600;

let cloud: TestCloud;
let exports: ExportRuns;
let erasures: Erasures;
let plant: ReturnType<typeof createPlanting>['plant'];

beforeAll(async () => {
  cloud = await startTestCloud();
  exports = createExportRuns(cloud);
  erasures = createErasures(cloud);
  ({ plant } = createPlanting(cloud, exports.dynamo, 'eu'));
});
afterAll(async () => {
  exports?.close();
  erasures?.close();
  await cloud?.close();
});

const recordOf = async (requestId: string) =>
  (await cloud.items('records')).find(
    ({ pk, sk }) => pk === `REQUEST#${requestId}` && sk === 'REQUEST',
  );

/** Up to the processors, who are slow. */
async function beginWaiting() {
  const person = await plant();
  const requestId = newExportId();
  await exports.begin(person.sub, requestId);
  await cloud.advance(3);
  expect(await keysOf(cloud, requestId)).toContain('parts/000001.jsonl');
  return { person, requestId };
}

describe('erasure', () => {
  test('ends an export that waits for processors: nothing of it is left, and nothing is handed out', async () => {
    const { person, requestId } = await beginWaiting();
    await erasures.begin(person.sub, undefined, 0);
    // Past the grace, and past every code under way.
    for (let hours = 0; hours < 5; hours += 1) await cloud.advance(HOUR);
    expect(await keysOf(cloud, requestId)).toEqual([]);
    expect(await recordOf(requestId)).toMatchObject({ state: 'expired' });
    await exports.untilReady([requestId]);
    expect(executionOf(cloud, requestId).status).toBe('SUCCEEDED');
    expect(await keysOf(cloud, requestId)).toEqual([]);
    const record = await recordOf(requestId);
    expect(record).toMatchObject({ state: 'expired' });
    expect(record).not.toHaveProperty('progress');
    expect(cloud.inbox(person.email).filter(({ subject }) => /is ready/.test(subject))).toEqual([]);
    const left = (await cloud.items('data')).filter(({ pk }) => pk === `USER#${person.sub}`);
    expect(left).toEqual([]);
  });

  test('deletes the files of an export that lies ready', async () => {
    const { person, requestId } = await beginWaiting();
    await exports.untilReady([requestId]);
    expect(await keysOf(cloud, requestId)).toHaveLength(2);
    const erasureId = await erasures.begin(person.sub, undefined, 0);
    await erasures.finish(erasureId, 'WaitQuarantine');
    expect(await keysOf(cloud, requestId)).toEqual([]);
    await exports.untilExpired([requestId]);
    expect(executionOf(cloud, requestId).status).toBe('SUCCEEDED');
  });
});

describe('what a processor returned', () => {
  test('waits encrypted under the key of its person, and not for long', async () => {
    const { requestId } = await beginWaiting();
    const [word = ''] = acknowledgementsOf(cloud, requestId);
    await answer(cloud, word);
    const text = JSON.stringify(await cloud.items('records'));
    expect(text).not.toContain(ANSWER.campaigns[0]);
    await exports.untilReady([requestId]);
    const kept = (await cloud.items('records')).filter(({ sk }) => /^PROCESSOR#/.test(String(sk)));
    expect(kept.filter((item) => 'data' in item)).toEqual([]);
  });

  test('is the first answer alone, by the word that was sent and no other', async () => {
    const { requestId } = await beginWaiting();
    const [word = ''] = acknowledgementsOf(cloud, requestId);
    const forged = `${word.slice(0, -4)}AAAA`;
    const post = (acknowledgement: string) =>
      rest(cloud, 'POST /v1/privacy/acknowledgements', { body: { acknowledgement, data: {} } });
    expect((await post(forged)).status).toBe(404);
    await answer(cloud, word);
    expect((await post(word)).status).toBe(200);
    await exports.untilReady([requestId]);
  });
});

test('an item that no entity is entered for fails the export: nobody is told half of it', async () => {
  const person = await plant();
  const item = { pk: { S: `USER#${person.sub}` }, sk: { S: 'DEVICE#unheard-of' } };
  await exports.dynamo.send(new PutItemCommand({ TableName: 'domicile-data-eu', Item: item }));
  const requestId = newExportId();
  await exports.begin(person.sub, requestId);
  await cloud.advance(60);
  const { status, states } = executionOf(cloud, requestId);
  expect([status, states.at(-1)?.name]).toEqual(['FAILED', 'Collect']);
  expect(await keysOf(cloud, requestId)).toEqual([]);
});

describe('administrators', () => {
  test('ask on somebody’s behalf and fetch the files with a reason, which is on record', async () => {
    const person = await plant();
    const token = await machineToken(cloud, 'admin');
    const body = { kind: 'export', sub: person.sub, reason: 'letter of 12 November' };
    const asked = await rest(cloud, 'POST /v1/admin/privacy/requests', { token, body });
    expect(asked).toMatchObject({ status: 202, json: { kind: 'export', state: 'collecting' } });
    const requestId = String(asked.json['requestId']);
    const path = `POST /v1/admin/privacy/requests/${requestId}/files` as const;
    const wanted = { token, body: { reason: 'sent by post' } };
    expect((await rest(cloud, path, wanted)).status).toBe(409);
    await exports.untilReady([requestId]);
    const { status, json } = await rest<{ files: ReadonlyArray<{ name: string; url: string }> }>(
      cloud,
      path,
      wanted,
    );
    expect([status, json.files.map(({ name }) => name)]).toEqual([
      200,
      ['export.json', 'export.html'],
    ]);
    expect(await (await fetch(json.files[0]?.url ?? '')).json()).toMatchObject({ sub: person.sub });
    const acts = (await cloud.items('data')).map(({ act }) => JSON.stringify(act) ?? '');
    const own = acts.filter((act) => act.includes('export.downloaded') && act.includes(requestId));
    expect(own).toHaveLength(1);
    expect(own[0]).toContain('sent by post');
    expect(cloud.requireMail(person.email).subject).toContain('is ready');
  });

  test('neither ask for nor fetch an export with a password hash: that is the person’s alone', async () => {
    const token = await machineToken(cloud, 'admin');
    const { sub } = await plant();
    const asking = { kind: 'export', sub, reason: 'a letter', withCredentials: true };
    const asked = await rest(cloud, 'POST /v1/admin/privacy/requests', { token, body: asking });
    expect(asked.status).toBe(400);

    const person = await plantedWithToken(cloud);
    const own = await rest(cloud, 'POST /v1/me/export', {
      token: person.token,
      body: { withCredentials: true },
    });
    const requestId = String(own.json['requestId']);
    await exports.untilReady([requestId]);
    const mark = cloud.mark();
    const fetched = await rest(cloud, `POST /v1/admin/privacy/requests/${requestId}/files`, {
      token,
      body: { reason: 'curiosity' },
    });
    expect(fetched).toMatchObject({
      status: 403,
      json: { detail: 'credentials are handed to the person alone' },
    });
    expect(cloud.calls(mark).filter(({ operation }) => /Put|Transact/.test(operation))).toEqual([]);
  });

  test('fetch nothing without a reason, and nobody else fetches anything', async () => {
    const { requestId } = await beginWaiting();
    await exports.untilReady([requestId]);
    const path = `POST /v1/admin/privacy/requests/${requestId}/files` as const;
    const token = await machineToken(cloud, 'admin');
    const body = { reason: 'curiosity' };
    expect((await rest(cloud, path, { token, body: {} })).status).toBe(400);
    expect((await rest(cloud, path, { body })).status).toBe(401);
    const person = await plantedWithToken(cloud);
    expect((await rest(cloud, path, { token: person.token, body })).status).toBe(401);
    const consents = await machineToken(cloud, 'consents');
    expect((await rest(cloud, path, { token: consents, body })).status).toBe(403);
    const unknown = 'POST /v1/admin/privacy/requests/AAAAAAAAAAAAAAAAAAAAAA/files';
    expect((await rest(cloud, unknown, { token, body })).status).toBe(404);
  });
});
