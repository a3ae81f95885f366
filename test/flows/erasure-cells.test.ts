/** Erasures of people who are at home outside the primary region. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IdentifierHash } from '../../functions/core/ids.ts';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { confirmByCode, newPerson, type Person, signUp } from '../harness/journeys.ts';
import { newestSub } from '../harness/newest-person.ts';
import { pathOf, withoutSecrets } from './answers.ts';
import { withFewCountries } from './cell-countries.ts';
import { createErasures, DAY, type Erasures } from './erasures.ts';
import { movePerson } from './moving-by-hand.ts';
import { createResident, openSignUpAt } from './residents.ts';

let cloud: TestCloud;
let erasures: Erasures;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us'], transformTemplate: withFewCountries });
  erasures = createErasures(cloud, 'us');
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

/** The form of a cell, filled in. */
async function askToSignUp(cell: string, email: string) {
  const agent = createAgent(cloud);
  const form = await openSignUpAt(cloud, agent, cell);
  const page = await signUp(agent, form, { ...newPerson(), email });
  return { agent, page };
}

async function tracesOf(traces: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
  const tables = ['data', 'keys', 'directory'] as const;
  const all = await Promise.all(
    ['eu', 'us'].flatMap((cell) =>
      tables.map(async (table) => {
        const items = (await cloud.items(table, cell)).filter(({ sk }) => sk !== 'ACT');
        const text = JSON.stringify(items);
        return traces.filter((trace) => text.includes(trace)).map(() => `${table} of ${cell}`);
      }),
    ),
  );
  return all.flat();
}

async function resident(cell: string) {
  const { person } = await createResident(cloud, cell);
  const sub = await newestSub(cloud, cell);
  const items = await cloud.items('data', cell);
  const account = items.find(({ pk, sk }) => pk === `USER#${sub}` && sk === 'ACCOUNT');
  return { person, sub, identifier: String(account?.['identifier']) };
}

test('an erasure in another region leaves nothing in any, and nobody can take the address in either meanwhile', async () => {
  const { person, sub, identifier } = await resident('us');
  const bystander = await resident('us');
  const requestId = await erasures.ask(sub, 0);
  await erasures.finish(requestId, 'WaitQuarantine');
  await cloud.flushReplication();
  expect(await tracesOf([sub, person.email])).toEqual([]);
  for (const cell of ['eu', 'us']) {
    const entries = await cloud.items('directory', cell);
    const entry = entries.find(({ pk }) => pk === `IDENTIFIER#${identifier}`);
    expect(entry).toMatchObject({ cell: 'us', quarantinedUntil: expect.any(Number) });
    await expectResting(cell, person);
  }

  await cloud.advance(31 * DAY);
  expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
  await cloud.flushReplication();
  expect(await tracesOf([sub, identifier])).toEqual([]);
  expect((await tracesOf([bystander.sub])).toSorted()).toEqual([
    ...['data of us', 'directory of eu', 'directory of us', 'keys of us'],
  ]);
  // Whoever has the mailbox now, in whichever cell.
  const { agent, page } = await askToSignUp('eu', person.email);
  expect(pathOf(await confirmByCode(cloud, agent, page, person))).toBe('/account');
});

/** To the mailbox alone; strangers see what they see of an address that nobody has. */
async function expectResting(cell: string, { email }: Person): Promise<void> {
  const stranger = newPerson().email;
  const [resting, unknown] = [await askToSignUp(cell, email), await askToSignUp(cell, stranger)];
  const shapeOf = (page: typeof resting.page, address: string) =>
    withoutSecrets(page, address).replace(/"\w\w\.SEALED"|value="\w\w\.[\w.-]+"/g, 'value="STATE"');
  expect(shapeOf(resting.page, email)).toBe(shapeOf(unknown.page, stranger));
  const mail = cloud.requireMail(email);
  expect([mail.subject, mail.region]).toEqual(['Your address and Domicile', cloud.regions[cell]]);
}

test('without the primary region an erasure waits for it, and goes on when it is back', async () => {
  const { sub, identifier } = await resident('us');
  const requestId = await erasures.ask(sub, 0);
  await erasures.finish(requestId, 'WaitCodes');
  await cloud.setCell('eu', 'down');
  await cloud.advance(3 * 3600);
  expect(erasures.view(requestId).states.at(-1)?.name).toBe('Quarantine');
  expect(await cloud.items('keys', 'us')).not.toContainEqual(
    expect.objectContaining({ pk: `USER#${sub}` }),
  );
  await cloud.setCell('eu', 'up');
  if (erasures.view(requestId).status === 'FAILED') {
    await cloud.redrive(erasures.view(requestId).arn);
  }
  await cloud.advance(1);
  await cloud.advance(31 * DAY);
  expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
  await cloud.flushReplication();
  expect(await tracesOf([sub, identifier])).toEqual([]);
});

test('a directory that lags behind gives an address to nobody before its time, and keeps it from nobody after', async () => {
  const { person, sub, identifier } = await resident('us');
  const requestId = await erasures.ask(sub, 0);
  cloud.setReplication({ delayMs: 60_000 });
  try {
    await erasures.finish(requestId, 'WaitQuarantine');
    // What a replica still says: that there is an account.
    const replica = await cloud.items('directory', 'us');
    const entry = replica.find(({ pk }) => pk === `IDENTIFIER#${identifier}`);
    expect(entry).toMatchObject({ sub });
    const { page } = await askToSignUp('us', person.email);
    expect(pathOf(page)).toBe('/verify');
    expect(cloud.requireMail(person.email).codes).toEqual([]);

    await cloud.advance(31 * DAY);
    expect(await erasures.finish(requestId)).toMatchObject({ status: 'SUCCEEDED' });
  } finally {
    cloud.setReplication({ delayMs: 0 });
    await cloud.flushReplication();
  }
  const { agent, page } = await askToSignUp('us', person.email);
  expect(pathOf(await confirmByCode(cloud, agent, page, person))).toBe('/account');
});

/** What of it came about; undefined when it was refused. */
function outcomeOf<Made>(make: () => Promise<Made>): Promise<Made | undefined> {
  return make().catch(() => undefined);
}

test.each(['the move', 'the erasure', 'neither'])(
  'with %s first, an erasure and a move by hand have one outcome, and nothing is left in the end',
  async (first) => {
    const { sub, identifier } = await resident('us');
    const to = { sub, identifier: identifier as IdentifierHash, from: 'us', to: 'eu' };
    const move = () => outcomeOf(async () => movePerson(cloud, to).then(() => 'moved' as const));
    const ask = () => outcomeOf(() => erasures.ask(sub, 0));
    const early = first === 'the erasure' ? await ask() : undefined;
    const moving = move();
    if (first === 'the move') await moving;
    const late = first === 'the erasure' ? undefined : await ask();
    const [moved, requestId] = [await moving, early ?? late];
    expect([moved, requestId].filter((done) => done !== undefined)).toHaveLength(1);
    if (first === 'the move') expect(moved).toBe('moved');
    if (first === 'the erasure') expect(moved).toBeUndefined();

    // Whoever has moved is erased where they are.
    const home = moved === undefined ? erasures : createErasures(cloud, 'eu');
    expect(await home.finish(requestId ?? (await home.ask(sub, 0)))).toMatchObject({
      status: 'SUCCEEDED',
    });
    if (home !== erasures) home.close();
    await cloud.flushReplication();
    expect(await tracesOf([sub, identifier])).toEqual([]);
  },
);
