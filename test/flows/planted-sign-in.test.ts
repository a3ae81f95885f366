/** Whoever is planted, for tests of what comes later, stands where a sign-up leads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { registerApp, requireCode, requireText, userinfo } from '../harness/apps.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, obtainTokens, signIn } from '../harness/journeys.ts';
import { createResident, plantResident } from './residents.ts';

const TABLES = ['data', 'keys', 'directory', 'records'] as const;

/** The counter of mails alone: nothing is sent to who is planted. */
const OF_MAILS = 'MAILS';

/** What a cell holds, and the directory where claims are made. */
async function storedShapes(cloud: TestCloud, cell: string): Promise<ReadonlyArray<string>> {
  const all = await Promise.all(
    TABLES.map(async (table) => {
      const items = await cloud.items(table, table === 'directory' ? undefined : cell);
      return items
        .filter(({ sk }) => !String(sk).startsWith(OF_MAILS))
        .map((item) => shapeOf(table, item));
    }),
  );
  return all.flat();
}

/** Every value without what must differ between two people: random text of 16 bytes and more. */
function shapeOf(table: string, item: StoredItem): string {
  const sorted = Object.entries(item).toSorted(([a], [b]) => a.localeCompare(b));
  const text = JSON.stringify([table, ...sorted]);
  return text.replace(/[\w+/=-]{21,}/g, 'RANDOM').replace(/\b1[789]\d{8}\b/g, 'TIME');
}

describe.each([
  ['eu', ['eu']],
  ['us', ['eu', 'us', 'ap']],
])('in %s of %o, a planted person', (cell, cells) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud({ cells });
  });
  afterAll(() => cloud?.close());

  test('has the items and the cookies of one who has signed up', async () => {
    const before = await storedShapes(cloud, cell);
    const walked = await createResident(cloud, cell);
    const between = await storedShapes(cloud, cell);
    const planted = await plantResident(cloud, cell);
    const after = await storedShapes(cloud, cell);

    expect(newOf(between, after)).toEqual(newOf(before, between));
    expect(newOf(before, between).length).toBeGreaterThan(5);
    expect([...planted.agent.cookies.keys()].sort()).toEqual(
      [...walked.agent.cookies.keys()].sort(),
    );
  });

  test('is known to apps as one who has signed up', async () => {
    const app = await registerApp(cloud, { scope: 'openid email profile' });
    await cloud.flushReplication();
    const told = [];
    for (const resident of [await createResident(cloud, cell), await plantResident(cloud, cell)]) {
      const tokens = await obtainTokens(cloud, resident.agent, app);
      const { json } = await userinfo(cloud, requireText(tokens, 'access_token'));
      expect(json).toMatchObject({ email: resident.person.email, email_verified: true });
      const { sub: _, email: __, updated_at: updatedAt, ...others } = json;
      // Each has a second of its own.
      expect(Math.abs(Number(updatedAt) * 1000 - cloud.cloud.clock.nowMs())).toBeLessThan(60_000);
      told.push(others);
    }
    expect(told[1]).toEqual(told[0]);
  });

  test('is signed in, and can sign in elsewhere by the password', async () => {
    const app = await registerApp(cloud);
    await cloud.flushReplication();
    const { agent, person } = await plantResident(cloud, cell);
    const ofCell = new RegExp(`^${cell}\\.`);
    expect(requireCode((await authorize(cloud, agent, app)).answer)).toMatch(ofCell);
    const elsewhere = createAgent(cloud);
    const { answer } = await authorize(cloud, elsewhere, app);
    expect(requireCode(await signIn(elsewhere, answer, person))).toMatch(ofCell);
  });
});

/** Those that `after` has more often. */
function newOf(before: ReadonlyArray<string>, after: ReadonlyArray<string>): ReadonlyArray<string> {
  const left = [...before];
  return after
    .filter((shape) => {
      const at = left.indexOf(shape);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    })
    .sort();
}
