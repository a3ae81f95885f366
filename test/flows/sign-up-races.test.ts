/** Whoever signs up more often than once, or at the same moment, gets one account and few mails. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { beginSignUp, newPerson, readCode } from '../harness/journeys.ts';
import { pathOf } from './answers.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ mailLimits: 'template' });
});
afterAll(() => cloud?.close());

describe('one-time codes', () => {
  it('are mailed five times an hour to one address, whoever asks', async () => {
    const person = newPerson();
    for (let count = 0; count < 5; count += 1) await beginSignUp(cloud, person);
    const { page } = await beginSignUp(cloud, person);
    expect(page.status).toBe(429);
    expect(page.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(page.body).toContain('several e-mails already');
    await cloud.advance(3601);
    expect((await beginSignUp(cloud, person)).page.status).toBe(200);
  });
});

describe('races', () => {
  it('lets one of two browsers create the account when both confirm at once', async () => {
    const person = newPerson();
    const first = await beginSignUp(cloud, person);
    const firstCode = await readCode(cloud, person.email);
    const second = await beginSignUp(cloud, person);
    const secondCode = await readCode(cloud, person.email);
    const answers = await Promise.all([
      first.agent.submit(first.page, '/verify', { code: firstCode }),
      second.agent.submit(second.page, '/verify', { code: secondCode }),
    ]);
    expect(answers.map(pathOf).sort()).toEqual(['/account', '/verify']);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('creates one account when one form is confirmed five times at once', async () => {
    const { person, agent, page } = await beginSignUp(cloud);
    const code = await readCode(cloud, person.email);
    const before = (await accounts()).length;
    const fields = { code };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => agent.submit(page, '/verify', fields, { follow: false })),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(await accounts()).toHaveLength(before + 1);
  });
});

async function accounts() {
  return (await cloud.items('data')).filter((item) => item['sk'] === 'ACCOUNT');
}

/** By kind, over all tables. */
async function countItems(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of ['data', 'keys', 'directory'] as const) {
    for (const { sk } of await cloud.items(table)) {
      const kind = String(sk).split('#')[0] ?? '';
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}

describe('a stampede', () => {
  it('creates one account of an address that signs up fifty times at once', async () => {
    const person = newPerson();
    const pages = await Promise.all(Array.from({ length: 50 }, () => beginSignUp(cloud, person)));
    const mailed = pages.filter(({ page }) => pathOf(page) === '/verify');
    const mails = cloud.inbox(person.email);
    expect(mails).toHaveLength(mailed.length);
    expect(mails.length).toBeLessThanOrEqual(5);
    expect(mails.length).toBeGreaterThan(1);
    const refused = pages.filter(({ page }) => pathOf(page) !== '/verify');
    for (const { status, headers } of refused.map(({ page }) => page)) {
      expect([429, 503]).toContain(status);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }

    const before = await countItems();
    // By every code in every browser, and by every link in other ones.
    const answers = await Promise.all([
      ...mailed.flatMap(({ agent, page }) =>
        mails.map(({ codes: [code = ''] }) =>
          agent.submit(page, '/verify', { code }, { follow: false }),
        ),
      ),
      ...mails.map(async ({ links }) => {
        const agent = createAgent(cloud.issuer);
        const page = await agent.get(links.find((link) => link.includes('/verify')) ?? '');
        const { password } = person;
        return agent.submit(page, '/verify', { password }, { follow: false });
      }),
    ]);

    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    const after = await countItems();
    const [account, identifier, key, session] = ['ACCOUNT', 'IDENTIFIER', 'KEY', 'SESSION'].map(
      (kind) => (after.get(kind) ?? 0) - (before.get(kind) ?? 0),
    );
    // An account is two items, profile and password; its address two: the claim and the pointer.
    const once = { account: 2, identifier: 2, key: 1, session: 1 };
    expect({ account, identifier, key, session }).toEqual(once);
  });
});
