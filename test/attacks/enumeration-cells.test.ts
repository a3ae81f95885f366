/** With several cells, nobody learns by asking around who has an account (ADR 0012). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callsBetween } from '../flows/answers.ts';
import { cellOf, identify, plantResident, requireUrl } from '../flows/residents.ts';
import { type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, signIn } from '../harness/journeys.ts';

const SAMPLES = 5;
/** The quickest of both kinds may differ by this factor. */
const TIME_BAND = 1.5;
const MAX_ROUNDS = 5;
const MAX_TRIES = 3;

let cloud: TestCloud;
/** At home in eu and us; and addresses that nobody has and that seem to be. */
const known = new Map<string, ReadonlyArray<string>>();
const unknown = new Map<string, ReadonlyArray<string>>();

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us'],
    // Those that hide how long a mail takes are what is measured.
    pauses: 'real',
    parameters: { SignInFailureLimit: '100' },
  });
  for (const cell of ['eu', 'us']) {
    const emails: Array<string> = [];
    for (let count = 0; count < SAMPLES; count += 1) {
      const { person } = await plantResident(cloud, cell);
      emails.push(person.email);
    }
    known.set(cell, emails);
    unknown.set(cell, await strangersOf(cell));
  }
}, 180_000);
afterAll(() => cloud?.close());

async function strangersOf(cell: string): Promise<ReadonlyArray<string>> {
  const emails: Array<string> = [];
  while (emails.length < SAMPLES) {
    const { email } = newPerson();
    const agent = createAgent(cloud);
    const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
    if (cellOf(cloud, await identify(agent, page, email)) === cell) emails.push(email);
  }
  return emails;
}

interface Probe {
  readonly answer: Answer;
  readonly calls: ReadonlyArray<string>;
  readonly milliseconds: number;
}

/** A cell that has not answered in time on a busy machine is asked again, as the page says. */
async function probe(page: string, action: string, email: string): Promise<Probe> {
  for (let tries = 1; tries < MAX_TRIES; tries += 1) {
    const found = await probeOnce(page, action, email);
    if (found.answer.status !== 503) return found;
  }
  return await probeOnce(page, action, email);
}

/** The first answer alone, of the cell us: where it leads to is another request. */
async function probeOnce(page: string, action: string, email: string): Promise<Probe> {
  const agent = createAgent(cloud);
  // Who signs up there does so from there.
  const headers = { 'cloudfront-viewer-country': 'US' };
  const form = await agent.get(`${requireUrl(cloud, 'us')}${page}`, { headers });
  const typed = { password: 'a quiet lake at noon', terms: 'accepted' };
  const asksMore = action === '/sign-in' || action === '/sign-up';
  const fields = asksMore ? { ...typed, email } : { email };
  const mark = cloud.mark();
  const start = performance.now();
  const answer = await agent.submit(form, action, fields, { follow: false });
  const milliseconds = performance.now() - start;
  // Whether the other cell is up is asked every so often, whoever it is about.
  const calls = callsBetween(cloud, mark).filter((call) => !call.includes('Invoke'));
  return { answer, calls, milliseconds };
}

const PROBES = [
  { page: '/sign-in', action: '/sign-in/identifier', home: 'eu' },
  { page: '/sign-in', action: '/sign-in/identifier', home: 'us' },
  { page: '/sign-in?at=us', action: '/sign-in', home: 'eu' },
  { page: '/recover', action: '/recover', home: 'eu' },
  { page: '/recover', action: '/recover', home: 'us' },
  // The mail to somebody who is known elsewhere leaves from there: what that costs shows to nobody.
  { page: '/sign-up', action: '/sign-up', home: 'eu', leavesElsewhere: true },
] as const;

describe.each(PROBES)('$action of somebody who is, or seems, at home in $home', (target) => {
  const probes: Array<{ readonly ofKnown: Probe; readonly ofUnknown: Probe }> = [];

  async function takeSamples(): Promise<void> {
    const pairs = (known.get(target.home) ?? []).map(
      (email, index) => [email, unknown.get(target.home)?.[index] ?? ''] as const,
    );
    await cloud.advance(901);
    for (const [one, other] of pairs) {
      const ofKnown = await probe(target.page, target.action, one);
      const ofUnknown = await probe(target.page, target.action, other);
      probes.push({ ofKnown, ofUnknown });
    }
  }
  const quickest = (of: 'ofKnown' | 'ofUnknown') =>
    Math.min(...probes.map((pair) => pair[of].milliseconds));
  const ratio = () => quickest('ofKnown') / quickest('ofUnknown');
  const isAlike = () => ratio() > 1 / TIME_BAND && ratio() < TIME_BAND;

  beforeAll(async () => {
    for (const { email } of [newPerson(), newPerson()]) {
      await probe(target.page, target.action, email);
    }
    await takeSamples();
  });

  test('is answered alike: status, place, and everything that is not sealed', () => {
    const shapeOf = ({ answer }: Probe) => ({
      status: answer.status,
      leadsTo: answer.leadsTo?.href.replace(/[\w.-]{60,}/g, ({ length }) => `${length}`),
      cookies: answer.headers
        .getSetCookie()
        .map((cookie) => cookie.replace(/[\w-]{22,}/g, ({ length }) => `${length}`)),
      body: answer.body.length,
    });
    for (const { ofKnown, ofUnknown } of probes) {
      expect(shapeOf(ofKnown)).toEqual(shapeOf(ofUnknown));
      expect(ofKnown.answer.status).toBe(303);
    }
  });

  const comparable = (calls: ReadonlyArray<string>) =>
    'leavesElsewhere' in target ? calls.filter((call) => call === 'ses:SendEmail') : calls;

  test('costs the same AWS calls, or one mail wherever it leaves from', () => {
    for (const { ofKnown, ofUnknown } of probes) {
      expect(comparable(ofKnown.calls)).toEqual(comparable(ofUnknown.calls));
    }
  });

  test(`takes as long, by a factor of ${TIME_BAND} at most`, async () => {
    for (let rounds = 1; rounds < MAX_ROUNDS && !isAlike(); rounds += 1) await takeSamples();
    expect(ratio()).toBeGreaterThan(1 / TIME_BAND);
    expect(ratio()).toBeLessThan(TIME_BAND);
  });
});

describe('a wrong password in the cell that is, or seems, home', () => {
  test('is told in the same words', async () => {
    const said = async (email = '') => {
      const agent = createAgent(cloud);
      const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in?at=us`);
      const answer = await signIn(agent, page, { email, password: 'a wrong password' });
      return [answer.status, answer.document.querySelector('main')?.text];
    };
    expect(await said(known.get('us')?.[0])).toEqual(await said(unknown.get('us')?.[0]));
  });
});
