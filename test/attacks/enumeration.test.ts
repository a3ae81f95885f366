/** Nobody learns from our answers, their cost or their time whether an address has an account. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callsBetween, pathOf, withoutSecrets } from '../flows/answers.ts';
import { createErasures, type Erasures } from '../flows/erasures.ts';
import { type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, type Person } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

/** Of each kind, in turns, so that a busy machine slows both alike. */
const SAMPLES = 9;
/** The quickest of both kinds may differ by this factor: far less than one Argon2id hash. */
const TIME_BAND = 1.5;
const MAX_SAMPLES = 45;
/** Fewer of those whose accounts go: making them takes a while. */
const SAMPLES_OF_ERASED = 4;
/** After which limits of mails and guesses begin anew. */
const HOUR_SECONDS = 3601;

const PROBES: ReadonlyArray<{
  readonly page: string;
  readonly fields: (person: Person) => Readonly<Record<string, string>>;
}> = [
  { page: '/sign-in', fields: ({ email }) => ({ email, password: 'a wrong password' }) },
  {
    page: '/sign-up',
    fields: ({ email }) => ({ email, password: 'a quiet lake 42', terms: 'accepted' }),
  },
  { page: '/recover', fields: ({ email }) => ({ email }) },
];

/** Whose address it is that a stranger types. */
const STANDINGS = ['an account', 'an account to be erased', 'a resting address'] as const;

type People = Readonly<Record<(typeof STANDINGS)[number], ReadonlyArray<Person>>>;

let cloud: TestCloud;
let erasures: Erasures;
let people: People;

beforeAll(async () => {
  cloud = await startTestCloud({
    mailLimits: 'template',
    parameters: { OneTimeCodeMailsPerHourAndSource: '10000' },
    // Time is what may tell.
    pauses: 'real',
  });
  erasures = createErasures(cloud);
  const resting = await create(SAMPLES_OF_ERASED, async (sub) => {
    const requestId = await erasures.ask(sub, 0);
    await erasures.finish(requestId, 'WaitQuarantine');
  });
  const erasing = await create(SAMPLES_OF_ERASED, async (sub) => {
    await erasures.ask(sub, 30);
  });
  people = {
    'an account': await create(SAMPLES),
    'an account to be erased': erasing,
    'a resting address': resting,
  };
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

async function create(count: number, then?: (sub: string) => Promise<void>) {
  const created: Array<Person> = [];
  while (created.length < count) {
    const { person, sub } = await plantSignedIn(cloud);
    await then?.(sub);
    created.push(person);
  }
  return created;
}

interface Probe {
  readonly answer: Answer;
  readonly calls: ReadonlyArray<string>;
  readonly milliseconds: number;
}

async function probe({ page, fields }: (typeof PROBES)[number], person: Person): Promise<Probe> {
  const agent = createAgent(cloud.issuer);
  const form = await agent.get(page);
  const mark = cloud.mark();
  const start = performance.now();
  const answer = await agent.submit(form, page, fields(person));
  const milliseconds = performance.now() - start;
  return { answer, calls: callsBetween(cloud, mark), milliseconds };
}

/** Whatever else the machine does only ever adds time. */
function quickest(probes: ReadonlyArray<Probe>): number {
  return Math.min(...probes.map(({ milliseconds }) => milliseconds));
}

const CASES = PROBES.flatMap((target) =>
  STANDINGS.map((standing) => ({ page: target.page, target, standing })),
);

describe.each(CASES)('$page of $standing', ({ target, standing }) => {
  const probes: Array<{ readonly ofKnown: Probe; readonly ofUnknown: Probe }> = [];

  const takeSamples = async () => {
    for (const [index, person] of people[standing].entries()) {
      const pair = [person, newPerson()] as const;
      // Which comes first takes turns: neither may profit from what the other left behind.
      const [first, second] = index % 2 === 0 ? pair : ([pair[1], pair[0]] as const);
      const results = [await probe(target, first), await probe(target, second)] as const;
      const [ofKnown, ofUnknown] = first === person ? results : [results[1], results[0]];
      probes.push({ ofKnown, ofUnknown });
    }
  };
  const ratio = () =>
    quickest(probes.map(({ ofKnown }) => ofKnown)) /
    quickest(probes.map(({ ofUnknown }) => ofUnknown));
  const isAlike = () => ratio() > 1 / TIME_BAND && ratio() < TIME_BAND;

  beforeAll(async () => {
    // Warm: the first of each kind would pay for what is loaded lazily.
    for (const person of [newPerson(), newPerson()]) await probe(target, person);
    await takeSamples();
  });

  test('answers alike: status, address and every character that is not sealed', () => {
    for (const [index, { ofKnown, ofUnknown }] of probes.entries()) {
      expect(ofKnown.answer.status).toBe(ofUnknown.answer.status);
      expect(pathOf(ofKnown.answer)).toBe(pathOf(ofUnknown.answer));
      const emailOfUnknown = /[\w.]+@example\.com/.exec(ofUnknown.answer.body)?.[0] ?? '-';
      expect(withoutSecrets(ofKnown.answer, people[standing][index]?.email ?? '')).toBe(
        withoutSecrets(ofUnknown.answer, emailOfUnknown),
      );
      expect(ofKnown.answer.body.length).toBe(ofUnknown.answer.body.length);
    }
  });

  test('makes the same AWS calls at the same depths', () => {
    for (const { ofKnown, ofUnknown } of probes) expect(ofKnown.calls).toEqual(ofUnknown.calls);
  });

  test('sets the same cookies, of the same length', () => {
    const shapeOf = ({ answer }: Probe) =>
      answer.headers
        .getSetCookie()
        .map((cookie) => cookie.replace(/[\w.-]{22,}/g, ({ length }) => `${length}`));
    for (const { ofKnown, ofUnknown } of probes)
      expect(shapeOf(ofKnown)).toEqual(shapeOf(ofUnknown));
  });

  test(`takes as long, by a factor of ${TIME_BAND} at most`, async () => {
    // A busy machine needs more samples until both show their quickest; a difference of ours stays.
    while (probes.length < MAX_SAMPLES && !isAlike()) {
      await cloud.advance(HOUR_SECONDS);
      await takeSamples();
    }
    expect(ratio()).toBeGreaterThan(1 / TIME_BAND);
    expect(ratio()).toBeLessThan(TIME_BAND);
  });
});
