/** Processors are told of an erasure, waited for, reminded and reported. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerLocally } from '../../examples/processor/local-events.ts';
import { answer, type Store } from '../../examples/processor/processor.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askForErasure,
  createOperator,
  DAY,
  type OperatorClient,
  requestOf,
  runOf,
  runTo,
} from './erasure-asking.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { rest } from './rest.ts';
import {
  type Asked,
  acknowledge,
  ask,
  type Told,
  toldOf,
  untilCertified,
  untilTold,
} from './told-processors.ts';

let cloud: TestCloud;
let operator: OperatorClient;
/** Processors have been told of both, and no test answers in their name. */
let asked: Asked;
let other: Asked;

beforeAll(async () => {
  cloud = await startTestCloud();
  operator = await createOperator(cloud);
  // Tests that read these come first, before others move the clock past reminders.
  [asked, other] = [await ask(cloud), await ask(cloud)];
  for (const { requestId } of [asked, other]) await runTo(cloud, requestId, 'TellProcessors');
  await cloud.advance(1);
});
afterAll(() => cloud?.close());

async function evidenceOf(requestId: string) {
  return operator.call(`GET /v1/admin/privacy/requests/${requestId}`);
}

interface Published {
  readonly claims: { readonly erasure: Readonly<Record<string, unknown>> };
}

describe('processors', () => {
  test('are told who, by ids alone, and with a word that is theirs', async () => {
    const { requestId, sub, person } = asked;
    const told = toldOf(cloud, requestId);
    expect(told.map(({ processorId }) => processorId).toSorted()).toEqual([
      'analytics-house',
      'mail-house',
    ]);
    for (const event of told) {
      expect(Object.keys(event).toSorted()).toEqual([
        'acknowledgement',
        'processorId',
        'requestId',
        'sub',
      ]);
      expect(event.sub).toBe(sub);
      expect(JSON.stringify(event)).not.toContain(person.email);
    }
    expect(new Set(told.map(({ acknowledgement }) => acknowledgement)).size).toBe(2);
  });

  test('that forge a word, or use one of another request or processor, are told nothing', async () => {
    const [mine] = toldOf(cloud, asked.requestId, 'mail-house');
    const word = mine?.acknowledgement ?? '';
    const [cell, , , secret] = word.split('.');
    const forged = [
      `${cell}.${asked.requestId}.analytics-house.${secret}`,
      `${cell}.${other.requestId}.mail-house.${secret}`,
      `${cell}.${asked.requestId}.mail-house.${'A'.repeat(22)}`,
      `us.${word.slice(3)}`,
      `${word}x`,
      word.slice(3),
      'x',
      `${cell}.REQUEST#1.mail-house.${secret}`,
    ];
    for (const acknowledgement of forged) {
      const { status, json } = await acknowledge(cloud, acknowledgement);
      expect([status, json['detail']]).toEqual([404, 'there is no such acknowledgement']);
    }
    for (const body of [
      undefined,
      {},
      { acknowledgement: 7 },
      { acknowledgement: word, more: 1 },
    ]) {
      expect((await rest(cloud, 'POST /v1/privacy/acknowledgements', { body })).status).toBe(400);
    }
    const data = 'x'.repeat(49 * 1024);
    expect((await acknowledge(cloud, word, { data })).status).toBe(413);
    const { json } = await evidenceOf(asked.requestId);
    expect(JSON.stringify(json['processors'])).not.toContain('acknowledgedAt');
  });

  test('never see the task that waits, and neither does anybody who reads the table', async () => {
    const { requestId } = asked;
    const [told] = toldOf(cloud, requestId, 'mail-house');
    const items = await cloud.items('records');
    const stored = JSON.stringify(items.filter(({ pk }) => pk === `REQUEST#${requestId}`));
    const secret = told?.acknowledgement.split('.').at(-1) ?? '';
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from('arn:aws:states').toString('base64url').slice(0, 12));
  });

  test('are waited for: each acknowledges for itself, once or more often', async () => {
    const { requestId } = await untilTold(cloud);
    const [mail, analytics] = ['mail-house', 'analytics-house'].map(
      (id) => toldOf(cloud, requestId, id)[0]?.acknowledgement ?? '',
    );
    expect((await acknowledge(cloud, mail ?? '')).json).toEqual({
      requestId,
      processorId: 'mail-house',
    });
    await cloud.advance(1);
    expect((await requestOf(cloud, requestId))?.['certificateId']).toBeUndefined();
    const { json: before } = await evidenceOf(requestId);
    expect(before['state']).toBe('awaiting-processors');
    expect((await acknowledge(cloud, mail ?? '')).status).toBe(200);
    expect((await acknowledge(cloud, analytics ?? '')).status).toBe(200);
    await cloud.advance(1);
    expect((await requestOf(cloud, requestId))?.['certificateId']).toMatch(/^eu\.[\w-]{22}$/);
    // Still 200, long after.
    expect((await acknowledge(cloud, analytics ?? '')).status).toBe(200);
  });

  test('are told again each day by the same word, and are overdue in the end, which all can see', async () => {
    const { requestId } = await untilTold(cloud);
    await acknowledge(cloud, toldOf(cloud, requestId, 'mail-house')[0]?.acknowledgement ?? '');
    await cloud.advance(DAY);
    await cloud.advance(DAY);
    const reminded = toldOf(cloud, requestId, 'analytics-house');
    expect(reminded.length).toBeGreaterThanOrEqual(3);
    expect(new Set(reminded.map(({ acknowledgement }) => acknowledgement)).size).toBe(1);
    // The one that has acknowledged is left alone.
    expect(toldOf(cloud, requestId, 'mail-house')).toHaveLength(1);
    await runTo(cloud, requestId, 'WaitQuarantine');
    const { json } = await evidenceOf(requestId);
    expect(json['processors']).toEqual([
      expect.objectContaining({ processorId: 'analytics-house', overdueAt: expect.any(String) }),
      expect.objectContaining({ processorId: 'mail-house', acknowledgedAt: expect.any(String) }),
    ]);
    const counted = cloud.logs().map(({ message }) => JSON.stringify(message));
    const overdue = (await cloud.items('records')).filter((item) => 'overdueAt' in item);
    expect(counted.filter((line) => line.includes('"ProcessorOverdue":1'))).toHaveLength(
      overdue.length,
    );
    // Late, and noted all the same.
    const late = await acknowledge(cloud, reminded[0]?.acknowledgement ?? '');
    expect(late.status).toBe(200);
    const { json: after } = await evidenceOf(requestId);
    expect(JSON.stringify(after['processors'])).toMatch(/analytics-house.*acknowledgedAt.*mail/);
    const certificate = await rest<Published>(
      cloud,
      `GET /v1/privacy/certificates/${String(json['certificateId'])}`,
    );
    expect(certificate.json.claims.erasure['processors']).toContainEqual(
      expect.objectContaining({ id: 'analytics-house', overdueSince: expect.any(String) }),
    );
  });

  test.each(['crash-before', 'crash-after'] as const)(
    'are told, and their answer counts, although every call on the way ends in a %s once',
    async (kind) => {
      const person = await plantedWithToken(cloud);
      const { requestId } = await askForErasure(cloud, person);
      await runTo(cloud, requestId, 'Quarantine');
      for (const [service, operation] of [
        ['events', 'PutEvents'],
        ['dynamodb', 'Query'],
      ] as const) {
        cloud.fault({ service, operation, kind });
      }
      await runTo(cloud, requestId, 'TellProcessors');
      await cloud.advance(600);
      const words = new Set(toldOf(cloud, requestId).map(({ acknowledgement }) => acknowledgement));
      expect(words.size).toBe(2);
      for (const acknowledgement of words) {
        for (const [service, operation] of [
          ['dynamodb', 'UpdateItem'],
          ['dynamodb', 'PutItem'],
          ['states', 'SendTaskSuccess'],
        ] as const) {
          cloud.fault({ service, operation, kind });
          await acknowledge(cloud, acknowledgement);
          cloud.clearFaults();
        }
        expect((await acknowledge(cloud, acknowledgement)).status).toBe(200);
      }
      await runTo(cloud, requestId, 'WaitQuarantine');
      const { json } = await evidenceOf(requestId);
      expect(JSON.stringify(json['processors']).match(/acknowledgedAt/g)).toHaveLength(2);
    },
  );
});

describe('the example of a processor', () => {
  test('deletes what it holds and acknowledges, again for each reminder, and leaves others’ events alone', async () => {
    const { requestId, sub } = await untilTold(cloud);
    const store: Store = new Map([[sub, [{ mail: 'newsletter' }]]]);
    const settings = { processorId: 'mail-house', issuer: cloud.issuer, store };
    for (const { detailType, detail } of cloud.events()) {
      const told = detail as Told;
      if (told.requestId === requestId)
        await answer({ 'detail-type': detailType, detail: told }, settings);
    }
    expect(store.size).toBe(0);
    const { json } = await evidenceOf(requestId);
    expect(json['processors']).toEqual([
      expect.not.objectContaining({ acknowledgedAt: expect.any(String) }),
      expect.objectContaining({ processorId: 'mail-house', acknowledgedAt: expect.any(String) }),
    ]);
  });
});

test('npm run processors answers in the name of each, once, so that nothing waits here', async () => {
  const { requestId } = await untilTold(cloud);
  const last = await answerLocally(cloud.issuer, new Map());
  expect(last).toBe(cloud.events().at(-1)?.seq);
  expect(await answerLocally(cloud.issuer, new Map(), last)).toBe(last);
  const { json } = await evidenceOf(requestId);
  expect(JSON.stringify(json['processors']).match(/acknowledgedAt/g)).toHaveLength(2);
});

test('a run waits for nobody where processors are none of its business any more', async () => {
  const { requestId } = await untilCertified(cloud);
  await runTo(cloud, requestId);
  expect(runOf(cloud, requestId).status).toBe('SUCCEEDED');
  expect((await requestOf(cloud, requestId))?.['state']).toBe('completed');
});
