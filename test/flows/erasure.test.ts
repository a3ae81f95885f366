/** What an erasure does, and what it leaves (ADR 0022). */
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseLanguage, formatTime } from '../../functions/pages/locale.ts';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { type App, refresh, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  createSignedIn,
  newPerson,
  obtainTokens,
  openSignUp,
  readCode,
  signUp,
} from '../harness/journeys.ts';
import { newestSub } from '../harness/newest-person.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { collectionOf, createErasures, DAY, type Erasures, newRequestId } from './erasures.ts';
import { createPlanting } from './planted-people.ts';

let cloud: TestCloud;
let erasures: Erasures;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  erasures = createErasures(cloud);
  app = await registerApp(cloud);
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

const factsOf = async (requestId: Parameters<Erasures['requests']['load']>[0]) =>
  (await erasures.requests.load(requestId)).facts ?? {};

const textOf = async (table: Parameters<TestCloud['items']>[0]) =>
  JSON.stringify((await cloud.items(table)).filter(({ sk }) => sk !== 'ACT'));

/** A page's form for the address, from the app's request on. */
async function askToSignUp(agent: Agent, email: string) {
  const { answer } = await authorize(cloud, agent, app);
  return signUp(agent, await openSignUp(agent, answer), { ...newPerson(), email });
}

describe('an erasure', () => {
  test('leaves nothing of a person but ids that prove it', async () => {
    const { agent, person } = await createSignedIn(cloud);
    const sub = await newestSub(cloud);
    await obtainTokens(cloud, agent, app);
    const account = (await cloud.items('data')).find(
      ({ pk, sk }) => pk === `USER#${sub}` && sk === 'ACCOUNT',
    );
    const identifier = String(account?.['identifier']);
    const requestId = await erasures.ask(sub);
    expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });

    for (const table of ['data', 'keys', 'directory'] as const) {
      const text = await textOf(table);
      for (const trace of [sub, person.email, identifier]) expect(text).not.toContain(trace);
    }
    const records = await textOf('records');
    for (const trace of [person.email, identifier]) expect(records).not.toContain(trace);
    expect(await factsOf(requestId)).toMatchObject({
      deletedItems: { ACCOUNT: 1, PASSWORD: 1, 'PRIVACY-REQUEST': 1, GRANT: 1 },
    });
  });

  test('ends sessions, codes and tokens before its grace begins', async () => {
    const { agent } = await plantSignedIn(cloud);
    const tokens = await obtainTokens(cloud, agent, app);
    const requestId = await erasures.ask(await newestSub(cloud));
    const { answer } = await authorize(cloud, agent, app);
    expect(new URL(answer.url).pathname).toBe('/sign-in');
    expect(await refresh(cloud, app, requireText(tokens, 'refresh_token'))).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
    await erasures.undo(requestId);
  });

  test('destroys the key before any item goes, and says from when backups are unreadable', async () => {
    const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
    const { sub } = await plant();
    const requestId = await erasures.ask(sub);
    await erasures.finish(requestId, 'WaitCodes');
    const seq = cloud.mark();
    await erasures.finish(requestId, 'WaitQuarantine');
    const deletions = cloud
      .calls(seq)
      .filter(({ operation }) => operation === 'DeleteItem' || operation === 'BatchWriteItem')
      .map(({ resource }) => resource.split('/').at(-1));
    expect(deletions[0]).toBe('domicile-keys-eu');
    expect(deletions).toContain('domicile-data-eu');
    const { keyDestroyedAt = 0, unreadableFrom } = await factsOf(requestId);
    expect(unreadableFrom).toBe(keyDestroyedAt + DAY);
  });

  test('undone in its grace has changed nothing but that everybody is signed out', async () => {
    const { sub } = await createPlanting(cloud, erasures.dynamo, 'eu').plant();
    const requestId = await erasures.ask(sub);
    expect(await erasures.undo(requestId)).toMatchObject({ outcome: 'undone' });
    const { status, states } = await erasures.finish(requestId);
    expect({ status, last: states.at(-1)?.name }).toEqual({ status: 'SUCCEEDED', last: 'Undone' });
    const left = collectionOf(await cloud.items('data'), sub).map(({ sk }) => String(sk));
    expect(left).toEqual(expect.arrayContaining(['ACCOUNT', 'ACCOUNT#PASSWORD']));
    expect(left.filter((sk) => sk.startsWith('SESSION#'))).toEqual([]);
  });

  test('that is committed cannot be undone', async () => {
    const { sub } = await createPlanting(cloud, erasures.dynamo, 'eu').plant();
    const requestId = await erasures.ask(sub);
    await erasures.finish(requestId, 'WaitCodes');
    expect(await erasures.undo(requestId)).toEqual({ outcome: 'too-late' });
    expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('of which nobody wrote the request ends by itself', async () => {
    const requestId = newRequestId();
    await erasures.start('domicile-erasure', { requestId }, requestId);
    await cloud.advance(1);
    const { status, states } = await erasures.finish(requestId);
    expect({ status, last: states.at(-1)?.name }).toEqual({
      ...{ status: 'SUCCEEDED', last: 'NothingAsked' },
    });
  });

  test('waits while a hold stands, also for longer than an execution may last', async () => {
    const { sub } = await createPlanting(cloud, erasures.dynamo, 'eu').plant();
    const requestId = await erasures.ask(sub);
    await erasures.setHolds(sub, 1);
    expect((await erasures.finish(requestId, 'WaitHold')).states.at(-1)?.name).toBe('WaitHold');
    expect(await erasures.requests.load(requestId)).toMatchObject({ state: 'held' });
    await cloud.advance(361 * DAY);
    expect(erasures.view(requestId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(erasures.view(requestId).states.at(-1)?.name).toBe('Continued');
    await erasures.setHolds(sub, 0);
    expect(await erasures.finish(`${requestId}.2`)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await erasures.requests.load(requestId)).toMatchObject({ state: 'completed' });
    expect(collectionOf(await cloud.items('data'), sub)).toEqual([]);
  });
});

describe('an erasure whose account was restored', () => {
  const restoreAccount = (sub: string, UpdateExpression: string, status: string) =>
    erasures.dynamo.send(
      new UpdateItemCommand({
        TableName: 'domicile-data-eu',
        Key: { pk: { S: `USER#${sub}` }, sk: { S: 'ACCOUNT' } },
        UpdateExpression,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': { S: status } },
      }),
    );

  test('to before it was asked for ends undone, on record, and may be asked for again', async () => {
    const { sub } = await createPlanting(cloud, erasures.dynamo, 'eu').plant();
    const requestId = await erasures.ask(sub);
    await restoreAccount(sub, 'SET #status = :status REMOVE erasure', 'active');
    const { status, states } = await erasures.finish(requestId);
    expect({ status, last: states.at(-1)?.name }).toEqual({ status: 'SUCCEEDED', last: 'Undone' });
    expect(await erasures.requests.load(requestId)).toMatchObject({ state: 'undone' });
    const account = collectionOf(await cloud.items('data'), sub).find(({ sk }) => sk === 'ACCOUNT');
    expect(account).toMatchObject({
      status: 'active',
      act: { kind: 'erasure.undone', object: requestId, actor: { name: 'erasure' } },
    });
    const another = await erasures.ask(sub);
    expect(await erasures.finish(another)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await erasures.requests.load(another)).toMatchObject({ state: 'completed' });
  });

  test.each([
    ['closed', (sub: string) => restoreAccount(sub, 'SET #status = :status', 'closed')],
    [
      'gone',
      (sub: string) =>
        erasures.dynamo.send(
          new DeleteItemCommand({
            TableName: 'domicile-data-eu',
            Key: { pk: { S: `USER#${sub}` }, sk: { S: 'ACCOUNT' } },
          }),
        ),
    ],
  ])('and is %s by it already is carried out to its end', async (_what, restore) => {
    const { sub } = await createPlanting(cloud, erasures.dynamo, 'eu').plant();
    const requestId = await erasures.ask(sub);
    await restore(sub);
    expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await erasures.requests.load(requestId)).toMatchObject({ state: 'completed' });
    expect(collectionOf(await cloud.items('data'), sub)).toEqual([]);
  });
});

describe('the address of somebody who was erased', () => {
  test('cannot be used for a while, which its mailbox alone is told, until when', async () => {
    const { person } = await plantSignedIn(cloud);
    const requestId = await erasures.ask(await newestSub(cloud));
    await erasures.finish(requestId, 'WaitQuarantine');

    const unknown = await askToSignUp(createAgent(cloud), newPerson().email);
    const resting = await askToSignUp(createAgent(cloud), person.email);
    expect(pageOf(resting)).toEqual(pageOf(unknown));
    const mail = cloud.requireMail(person.email);
    expect(mail.subject).toBe('Your address and Domicile');
    const { quarantinedUntil = 0 } = await factsOf(requestId);
    expect(mail.text).toContain(formatTime(quarantinedUntil, chooseLanguage(['en']), 'long'));
    expect(mail.codes).toEqual([]);

    // Of the person nothing is left there.
    const entry = (await cloud.items('directory')).find(
      (item) => item['quarantinedUntil'] === quarantinedUntil,
    );
    expect(Object.keys(entry ?? {}).sort()).toEqual([
      'cell',
      'expiresAt',
      'pk',
      'quarantinedUntil',
      'sk',
      'v',
    ]);
  });

  test('is free for everybody once that time is over, even before the workflow has come back to it', async () => {
    const { person } = await plantSignedIn(cloud);
    const requestId = await erasures.ask(await newestSub(cloud));
    await erasures.finish(requestId, 'WaitQuarantine');
    cloud.fault({
      service: 'lambda',
      operation: 'Invoke',
      resource: 'domicile-erasure',
      kind: 'error',
      times: 99,
    });
    const { quarantinedUntil = 0 } = await factsOf(requestId);
    await cloud.advance(quarantinedUntil - Math.floor(cloud.cloud.clock.nowMs() / 1000) + 1);
    const agent = createAgent(cloud);
    const page = await askToSignUp(agent, person.email);
    await agent.submit(page, '/verify', { code: await readCode(cloud, person.email) });
    const newcomer = await newestSub(cloud);
    cloud.clearFaults();
    await cloud.redrive(erasures.view(requestId).arn);
    await cloud.advance(1);
    expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
    const claims = (await cloud.items('directory')).filter(({ sub }) => sub === newcomer);
    expect(claims.map(({ sk }) => sk).sort()).toEqual(['IDENTIFIER', 'SUB']);
  });
});

/** Everything that a stranger sees, but for what is new on each page. */
function pageOf({ status, document }: Answer) {
  const text = document
    .querySelector('main')
    ?.text.replace(/[\w.]+@example\.com/g, '')
    .trim();
  return { status, text };
}
