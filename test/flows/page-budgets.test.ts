import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { type App, registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, type Person, signIn } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { depthsSince, pathOf } from './answers.ts';

let cloud: TestCloud;
let app: App;
let person: Person;

beforeAll(async () => {
  // Calls that take as long as in AWS show which of them wait for one another.
  cloud = await startTestCloud({ latency: 'aws' });
  app = await registerApp(cloud);
  const warm = await plantSignedIn(cloud);
  await authorize(cloud, warm.agent, app);
  await warm.agent.get('/account');
  await warm.agent.get('/account/privacy');
  person = warm.person;
});
afterAll(() => cloud?.close());

const PAGES_FOR_STRANGERS = [
  ...['/sign-in', '/sign-up', '/recover', '/account', '/oauth2/logout'],
  ...['/account/privacy', '/account/privacy/history', '/account/privacy/delete'],
];

describe('AWS calls and their depth', () => {
  it('authorize without a session: none', async () => {
    const since = cloud.mark();
    const { answer } = await authorize(cloud, createAgent(cloud.issuer), app);
    expect(pathOf(answer)).toBe('/sign-in');
    expect(depthsSince(cloud, since)).toEqual([]);
  });

  it('pages for strangers: none', async () => {
    const since = cloud.mark();
    for (const path of PAGES_FOR_STRANGERS) {
      await createAgent(cloud.issuer).get(path);
    }
    expect(depthsSince(cloud, since)).toEqual([]);
  });

  it('sign-in to a code: four, three deep', async () => {
    const agent = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, agent, app);
    const since = cloud.mark();
    requireCode(await signIn(agent, answer, person));
    const expected = ['1 BatchGetItem', '1 UpdateItem', '2 Query', '3 TransactWriteItems'];
    expect(depthsSince(cloud, since)).toEqual(expected);
  });

  it('authorize with a session: two, two deep', async () => {
    const agent = createAgent(cloud.issuer);
    await signIn(agent, await agent.get('/sign-in'), person);
    const since = cloud.mark();
    requireCode((await authorize(cloud, agent, app)).answer);
    expect(depthsSince(cloud, since)).toEqual(['1 GetItem', '2 PutItem']);
  });

  it('the account page: two, one deep', async () => {
    const agent = createAgent(cloud.issuer);
    await signIn(agent, await agent.get('/sign-in'), person);
    const since = cloud.mark();
    await agent.get('/account');
    expect(depthsSince(cloud, since)).toEqual(['1 BatchGetItem', '1 Query']);
  });

  it('the privacy page: two, then those that tell how things stand', async () => {
    const agent = createAgent(cloud.issuer);
    await signIn(agent, await agent.get('/sign-in'), person);
    const since = cloud.mark();
    await agent.get('/account/privacy');
    expect(depthsSince(cloud, since)).toEqual([
      '1 BatchGetItem',
      '1 GetItem',
      '2 GetItem',
      '2 Query',
      '2 Query',
      '2 Query',
    ]);
  });

  it('the history: two, then those that it is put together from', async () => {
    const agent = createAgent(cloud.issuer);
    await signIn(agent, await agent.get('/sign-in'), person);
    await cloud.deliverStreams();
    await agent.get('/account/privacy/history');
    const since = cloud.mark();
    await agent.get('/account/privacy/history');
    const own = ['1 BatchGetItem', '1 GetItem', '2 Query', '2 Query'];
    const acts = ['2 Query', '3 BatchGetItem'];
    expect(depthsSince(cloud, since)).toEqual([...own, ...acts]);
    const sinceChoices = cloud.mark();
    await agent.get('/account/privacy/history?show=choices');
    expect(depthsSince(cloud, sinceChoices)).toEqual(own);
  });

  it('forged cookies and codes: none', async () => {
    const agent = createAgent(cloud.issuer);
    agent.cookies.set('session', 'a.b.c.d.e');
    const since = cloud.mark();
    await authorize(cloud, agent, app);
    await agent.get('/account');
    await agent.get('/verify?token=a.b.c.d.e');
    await agent.get('/recover/reset?state=a.b.c.d.e');
    expect(depthsSince(cloud, since)).toEqual([]);
  });
});
