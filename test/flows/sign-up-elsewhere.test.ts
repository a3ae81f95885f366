/** Signing up with the address of somebody who is at home in another cell. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, type Person, readCode, signUp } from '../harness/journeys.ts';
import { alertOf, pathOf, withoutSecrets } from './answers.ts';
import { createResident, openSignUpAt, requireUrl } from './residents.ts';

let cloud: TestCloud;
let resident: Person;

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us'],
    // How long an answer takes is part of what is promised.
    pauses: 'real',
  });
  resident = (await createResident(cloud, 'eu', newPerson('marked'))).person;
}, 120_000);
afterAll(() => cloud?.close());

/** Posts the form of a cell; how long the answer took, in milliseconds. */
async function post(cell: string, email: string) {
  const agent = createAgent(cloud);
  const form = await openSignUpAt(cloud, agent, cell);
  const startedAt = performance.now();
  const page = await signUp(agent, form, { ...newPerson(), email });
  return { agent, page, tookMs: performance.now() - startedAt };
}

/** What is compared is asked for at the same instant, of a machine that is as busy for each. */
function sideBySide<Item, Result>(
  items: ReadonlyArray<Item>,
  act: (item: Item) => Promise<Result>,
): Promise<ReadonlyArray<Result>> {
  return Promise.all(items.map(act));
}

function shapeOf(page: Answer, email: string): string {
  return withoutSecrets(page, email).replace(/"us\.SEALED"|value="us\.[\w.-]+"/g, 'value="STATE"');
}

describe('an address that is at home elsewhere', () => {
  it('answers like one that nobody has; its mailbox is told by its home', async () => {
    const stranger = newPerson('marked');
    const [known, unknown] = await Promise.all([
      post('us', resident.email),
      post('us', stranger.email),
    ]);
    expect([known.page.status, pathOf(known.page)]).toEqual([200, '/verify']);
    expect(shapeOf(known.page, resident.email)).toBe(shapeOf(unknown.page, stranger.email));
    const mail = cloud.requireMail(resident.email);
    expect([mail.region, mail.subject]).toEqual([
      cloud.regions['eu'],
      'You already have an account with Domicile',
    ]);
    expect(mail.links.every((link) => link.startsWith(requireUrl(cloud, 'eu')))).toBe(true);
    expect(cloud.requireMail(stranger.email).region).toBe(cloud.regions['us']);
  });

  it('takes as long as one that nobody has, and one that is at home here', async () => {
    const here = (await createResident(cloud, 'us')).person;
    const times: Record<string, Array<number>> = { elsewhere: [], here: [], nobody: [] };
    for (let round = 0; round < 5; round += 1) {
      const emails = { elsewhere: resident.email, here: here.email, nobody: newPerson().email };
      await sideBySide(Object.entries(emails), async ([kind, email]) => {
        times[kind]?.push((await post('us', email)).tookMs);
      });
    }
    const medians = Object.values(times).map((list) => list.toSorted((a, b) => a - b)[2] ?? 0);
    expect(Math.min(...medians)).toBeGreaterThan(700);
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.35);
  });

  it('rests nowhere but at home', async () => {
    const before = await snapshot();
    await post('us', resident.email);
    const stored = (await snapshot()).filter((item) => !before.includes(item));
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.join()).not.toMatch(/marked/);
    const challenge = stored.map((item) => JSON.parse(item)).find(({ sk }) => sk === 'CHALLENGE');
    // Sealed, which takes two rounds of base64, it would be no shorter than what it holds.
    expect(challenge.sealed.length).toBeLessThan(400);
    expect(JSON.stringify(cloud.logs())).not.toContain(resident.email);
  });

  it('has no code that fits, and a new one is asked for as ever', async () => {
    const { agent, page } = await post('us', resident.email);
    const wrong = await agent.submit(page, '/verify', { code: '000000' });
    expect(alertOf(wrong)).toBe('This code is not right. You have 4 tries left.');
    await cloud.advance(120);
    const count = cloud.inbox(resident.email).length;
    const resent = await agent.submit(wrong, '/verify/resend');
    expect([resent.status, pathOf(resent)]).toEqual([200, '/verify']);
    expect(resent.document.querySelector('[role=status]')?.text).toContain(
      'We sent you a new code',
    );
    expect(cloud.inbox(resident.email)).toHaveLength(count + 1);
  });

  it('answers like any other while no mail can leave here, and the log says so', async () => {
    const here = (await createResident(cloud, 'us')).person;
    const stranger = newPerson();
    const region = cloud.regions['us'] ?? '';
    const fault = { service: 'ses', operation: 'SendEmail', region, times: 10_000 } as const;
    cloud.fault({ ...fault, kind: 'throttle' });
    const emails = [resident.email, here.email, stranger.email];
    const posted = await sideBySide(emails, async (email) => [
      await post('us', email),
      await post('us', email),
      await post('us', email),
    ]);
    for (const { agent, page } of posted.flat()) {
      expect([page.status, pathOf(page)]).toEqual([200, '/verify']);
      // Not at once: what is given back for one would have to be given back for all.
      expect(alertOf(await agent.submit(page, '/verify/resend'))).toMatch(/\d+ seconds/);
    }
    cloud.clearFaults();
    const quickest = posted.map((of) => Math.min(...of.map(({ tookMs }) => tookMs)));
    expect(Math.max(...quickest) / Math.min(...quickest)).toBeLessThan(1.35);
    expect(JSON.stringify(cloud.logs())).toContain('"isMailUnconfirmed":true');
    await cloud.advance(31);
    const unknown = posted.at(-1)?.at(-1);
    await unknown?.agent.submit(unknown.page, '/verify/resend');
    expect(await readCode(cloud, stranger.email)).toMatch(/^\d{6}$/);
  });

  it('of a cell that is away answers like any other, and the log says who was not told', async () => {
    const far = (await createResident(cloud, 'us')).person;
    await cloud.setCell('us', 'down');
    const stranger = newPerson();
    const known = await post('eu', far.email);
    const unknown = await post('eu', stranger.email);
    await cloud.setCell('us', 'up');
    expect([known.page.status, pathOf(known.page)]).toEqual([200, '/verify']);
    expect(known.tookMs / unknown.tookMs).toBeLessThan(1.5);
    expect(await readCode(cloud, stranger.email)).toMatch(/^\d{6}$/);
    expect(JSON.stringify(cloud.logs())).toContain('"untold":"us"');
  });
});

async function snapshot(): Promise<ReadonlyArray<string>> {
  const tables = (['data', 'keys', 'directory'] as const).map((table) => cloud.items(table, 'us'));
  return (await Promise.all(tables)).flat().map((item) => JSON.stringify(item));
}
