/** A right code outlasts an outage, however often it is given while that lasts. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, type Person, readCode, signUp } from '../harness/journeys.ts';
import { alertOf, pathOf } from './answers.ts';
import { openSignUpAt, plantResident, requireUrl } from './residents.ts';

/** More than a code may be tried, and more than an address's codes may be in a day. */
const TRIES = 32;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us'] });
});
afterEach(() => cloud.clearFaults());
afterAll(() => cloud?.close());

function refuseWrites(cell: string): void {
  const region = cloud.regions[cell] ?? '';
  const operation = 'TransactWriteItems';
  cloud.fault({ service: 'dynamodb', operation, region, kind: 'error', times: 10_000 });
}

async function insist(submit: () => Promise<Answer>): Promise<void> {
  for (let count = 0; count < TRIES; count += 1) expect((await submit()).status).toBe(503);
}

async function beginSignUp(person: Person): Promise<{ agent: Agent; page: Answer; code: string }> {
  const agent = createAgent(cloud);
  const page = await signUp(agent, await openSignUpAt(cloud, agent, 'us'), person);
  return { agent, page, code: await readCode(cloud, person.email) };
}

it('of a sign-up, while addresses cannot be claimed in the primary region', async () => {
  const { agent, page, code } = await beginSignUp(newPerson());
  refuseWrites('eu');
  await insist(() => agent.submit(page, '/verify', { code }));
  cloud.clearFaults();
  expect(pathOf(await agent.submit(page, '/verify', { code }))).toBe('/account');
});

it('of a recovery, while its home cannot write', async () => {
  const { person } = await plantResident(cloud, 'us');
  const agent = createAgent(cloud);
  const ask = await agent.get(`${requireUrl(cloud, 'us')}/recover?at=us`);
  const page = await agent.submit(ask, '/recover', { email: person.email });
  const fields = { code: await readCode(cloud, person.email), password: 'another lake, at dusk' };
  refuseWrites('us');
  await insist(() => agent.submit(page, '/recover/reset', fields));
  cloud.clearFaults();
  expect(pathOf(await agent.submit(page, '/recover/reset', fields))).toBe('/account');
});

it('no wrong code is given back', async () => {
  const { agent, page, code } = await beginSignUp(newPerson());
  const wrong = code === '000000' ? '000001' : '000000';
  refuseWrites('eu');
  expect((await agent.submit(page, '/verify', { code: wrong })).status).toBe(400);
  await agent.submit(page, '/verify', { code });
  const again = await agent.submit(page, '/verify', { code: wrong });
  expect(again.document.querySelector('main')?.text).toContain('3 tries left');
  expect(alertOf(again)).not.toBe('');
});
