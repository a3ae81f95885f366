/** Whoever is planted, for tests of what comes later, stands where a sign-up leads. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { registerApp, requireCode } from '../harness/apps.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, createSignedIn, signIn } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

const TABLES = ['data', 'keys', 'directory', 'records'] as const;

/** The counter of mails alone: nothing is sent to who is planted. */
const OF_MAILS = 'MAILS';

/** Every value without what must differ between two people: random text of 16 bytes and more. */
async function storedShapes(): Promise<ReadonlyArray<string>> {
  const all = await Promise.all(
    TABLES.map(async (table) => (await cloud.items(table)).map((item) => shapeOf(table, item))),
  );
  return all.flat().filter((shape) => !shape.includes(OF_MAILS));
}

function shapeOf(table: string, item: StoredItem): string {
  const sorted = Object.entries(item).toSorted(([a], [b]) => a.localeCompare(b));
  const text = JSON.stringify([table, ...sorted]);
  return text.replace(/[\w+/=-]{21,}/g, 'RANDOM').replace(/\b1[789]\d{8}\b/g, 'TIME');
}

test('a planted person has the items and the cookies of one who has signed up', async () => {
  const before = await storedShapes();
  const walked = await createSignedIn(cloud);
  const between = await storedShapes();
  const planted = await plantSignedIn(cloud);
  const after = await storedShapes();

  expect(newOf(between, after)).toEqual(newOf(before, between));
  expect(newOf(before, between).length).toBeGreaterThan(5);
  expect([...planted.agent.cookies.keys()].sort()).toEqual([...walked.agent.cookies.keys()].sort());
});

test('a planted person is signed in, and can sign in elsewhere by the password', async () => {
  const app = await registerApp(cloud);
  const { agent, person } = await plantSignedIn(cloud);
  expect(requireCode((await authorize(cloud, agent, app)).answer)).toMatch(/^eu\./);
  const elsewhere = createAgent(cloud.issuer);
  const { answer } = await authorize(cloud, elsewhere, app);
  expect(requireCode(await signIn(elsewhere, answer, person))).toMatch(/^eu\./);
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
