/** What a network may look up says nothing of anybody: neither used up, nor by who uses it up. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callsBetween } from '../flows/answers.ts';
import { cellOf, identify, plantResident, requireUrl } from '../flows/residents.ts';
import { type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson } from '../harness/journeys.ts';

/** After which a network's look-ups are forgotten. */
const WINDOW_SECONDS = 901;
/** Per network and 15 minutes. */
const LOOKUPS = 10;

const KINDS = ['resident here', 'nobody, here', 'resident elsewhere', 'nobody, elsewhere'] as const;
type Kind = (typeof KINDS)[number];

let cloud: TestCloud;
let emails: Readonly<Record<Kind, string>>;

beforeAll(async () => {
  const parameters = { LookUpsPerQuarterHourAndSource: String(LOOKUPS) };
  cloud = await startTestCloud({ cells: ['eu', 'us'], parameters });
  emails = {
    'resident here': (await plantResident(cloud, 'us')).person.email,
    'nobody, here': await strangerOf('us'),
    'resident elsewhere': (await plantResident(cloud, 'eu')).person.email,
    'nobody, elsewhere': await strangerOf('eu'),
  };
}, 120_000);
afterAll(() => cloud?.close());
// Beyond every window: each test begins with no look-up counted.
beforeEach(() => cloud.advance(WINDOW_SECONDS));

async function strangerOf(cell: string): Promise<string> {
  for (;;) {
    const { email } = newPerson('nobody');
    if (cellOf(cloud, await lookUp(email, true)) === cell) return email;
    await cloud.advance(WINDOW_SECONDS);
  }
}

/** Where the address alone is asked for, at `us`. */
async function lookUp(email = newPerson().email, follow = false): Promise<Answer> {
  const agent = createAgent(cloud);
  const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
  if (follow) return identify(agent, page, email);
  return agent.submit(page, '/sign-in/identifier', { email }, { follow });
}

/** A wrong password at `us`. */
async function guess(kind: Kind): Promise<Answer> {
  const agent = createAgent(cloud);
  const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in?at=us`);
  const fields = { email: emails[kind], password: 'a wrong password' };
  return agent.submit(page, '/sign-in', fields, { follow: false });
}

async function useUp(lookups: number): Promise<void> {
  for (let count = 0; count < lookups; count += 1) expect((await lookUp()).status).toBe(303);
}

test('a wrong password costs the same calls, whoever it is about', async () => {
  const calls = [];
  for (const kind of KINDS) {
    const mark = cloud.mark();
    await guess(kind);
    // Whether the other cell is up is asked every so often, whoever it is about.
    calls.push(callsBetween(cloud, mark).filter((call) => !call.includes('Invoke')));
  }
  for (const made of calls) expect(made).toEqual(calls[0]);
});

describe('once a network may look up nobody any more', () => {
  test('a password is not right, in the same words, whoever it is about', async () => {
    await useUp(LOOKUPS);
    const said = [];
    for (const kind of KINDS) {
      const { status, document } = await guess(kind);
      said.push([status, document.querySelector('main')?.text]);
    }
    expect(said[0]?.[0]).toBe(400);
    for (const each of said) expect(each).toEqual(said[0]);
  });
});

test.each(KINDS)('a wrong password is one look-up: %s', async (kind) => {
  await useUp(LOOKUPS - 1);
  await guess(kind);
  expect((await lookUp()).status).toBe(429);
});
