import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../local/types.ts';
import { createAgent } from '../harness/agent.ts';
import { redeem } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, obtainCode, signUp } from '../harness/journeys.ts';
import {
  INTERRUPTIBLE_FLOWS,
  INTERRUPTIONS,
  type InterruptibleFlow,
  type Stage,
  setStage,
} from './interruptible-flows.ts';

/** More than any request's retries. */
const FOR_AS_LONG_AS_IT_LASTS = 1000;

/** After these the deed is done: a mail that does not leave is no failure. */
const TELLS_OWNER_AFTERWARDS = new Set(['recovery → new password', 'password change']);

describe('a request that AWS interrupts', () => {
  let cloud: TestCloud;
  let stage: Stage;

  beforeAll(async () => {
    cloud = await startTestCloud({ parameters: { TermsUrl: 'https://shop.example/terms' } });
    stage = await setStage(cloud);
  });
  afterEach(() => cloud.clearFaults());
  afterAll(() => cloud.close());

  function inject(call: string, kind: Fault['kind'], times = 1): void {
    const [service = '', operation = ''] = call.split(':');
    cloud.fault({ service, operation, kind, times });
  }

  /** What is there of everything, and what the counters of mails hold. */
  async function takeStock(): Promise<Readonly<Record<string, number>>> {
    const stock: Record<string, number> = {};
    for (const table of ['data', 'keys', 'directory'] as const) {
      for (const { sk, count } of await cloud.items(table)) {
        const kind = String(sk).split('#')[0] ?? '';
        stock[kind] = (stock[kind] ?? 0) + 1;
        if (kind === 'MAILS')
          stock['mails counted'] = (stock['mails counted'] ?? 0) + Number(count);
      }
    }
    stock['mails sent'] = cloud.inbox().length;
    return stock;
  }

  async function growthDuring(act: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = await takeStock();
    await act();
    const growth = Object.entries(await takeStock()).map(
      ([kind, count]) => [kind, count - (before[kind] ?? 0)] as const,
    );
    return Object.fromEntries(growth.filter(([, difference]) => difference !== 0));
  }

  /** The same for every call of a flow: measured once. */
  const undisturbed = new Map<string, Record<string, number>>();
  async function undisturbedGrowth(flow: InterruptibleFlow): Promise<Record<string, number>> {
    const known = undisturbed.get(flow.name);
    if (known !== undefined) return known;
    const growth = await growthDuring(await flow.prepare(stage));
    undisturbed.set(flow.name, growth);
    return growth;
  }

  test.each(INTERRUPTIBLE_FLOWS)(
    '$name makes the calls that are interrupted here',
    async (flow) => {
      await (await flow.prepare(stage))();
      const act = await flow.prepare(stage);
      const mark = cloud.mark();

      expect((await act()).isDone).toBe(true);

      const made = cloud.calls(mark).map(({ service, operation }) => `${service}:${operation}`);
      expect([...new Set(made)].sort()).toEqual([...flow.calls].sort());
    },
  );

  test.each(INTERRUPTIONS)('$name outlives one throttled $call', async ({ flow, call }) => {
    const act = await flow.prepare(stage);
    inject(call, 'throttle');

    expect((await act()).isDone).toBe(true);
    expect(cloud.cloud.faults.list()).toEqual([]);
  });

  test.each(INTERRUPTIONS)(
    '$name refuses with 503 and Retry-After while $call fails, and leaves nothing half done',
    async ({ flow, call, name }) => {
      const usual = await undisturbedGrowth(flow);
      const act = await flow.prepare(stage);
      let refused: Awaited<ReturnType<typeof act>> | undefined;
      const disturbed = await growthDuring(async () => {
        inject(call, 'error', FOR_AS_LONG_AS_IT_LASTS);
        refused = await act();
        cloud.clearFaults();
        if (!refused.isDone) expect((await act()).isDone).toBe(true);
      });

      if (call === 'ses:SendEmail' && TELLS_OWNER_AFTERWARDS.has(name)) {
        expect(refused?.isDone).toBe(true);
        return;
      }
      expect(refused?.status).toBe(503);
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      // A mail that did not leave had a challenge, which nobody can answer and which expires.
      const { CHALLENGE: usualChallenges = 0, ...expected } = usual;
      const { CHALLENGE: challenges = 0, ...left } = disturbed;
      expect(left).toEqual(expected);
      expect(challenges - usualChallenges).toBe(call === 'ses:SendEmail' ? 1 : 0);
    },
  );

  test.each(['dynamodb:UpdateItem', 'kms:Sign'])(
    'a code whose redemption is refused while %s is throttled works afterwards',
    async (call) => {
      const { app, agent } = stage;
      const { attempt, code } = await obtainCode(cloud, agent, app);
      inject(call, 'throttle', FOR_AS_LONG_AS_IT_LASTS);
      const refused = await redeem(cloud, attempt, code);
      expect(refused.status).toBe(503);
      expect(refused.json['error']).toBe('temporarily_unavailable');

      cloud.clearFaults();
      expect((await redeem(cloud, attempt, code)).status).toBe(200);
    },
  );

  // How long that takes, next to the function's own limit: time-limits.test.ts.
  test('a call that is never answered is given up and made again', async () => {
    const { app, agent } = stage;
    const { attempt, code } = await obtainCode(cloud, agent, app);
    inject('kms:Sign', 'timeout');

    expect((await redeem(cloud, attempt, code)).status).toBe(200);
  });

  test('sign-up whose mail failed keeps what was typed, but for the password', async () => {
    const agent = createAgent(cloud.issuer);
    const person = newPerson();
    inject('ses:SendEmail', 'throttle', FOR_AS_LONG_AS_IT_LASTS);

    const page = await signUp(agent, await agent.get('/sign-up'), person);

    expect(page.status).toBe(503);
    expect(page.document.querySelector('[role=alert]')?.text.trim()).not.toBe('');
    expect(page.document.querySelector('[name=email]')?.getAttribute('value')).toBe(person.email);
    expect(page.document.querySelector('[name=terms]')?.hasAttribute('checked')).toBe(true);
    expect(page.document.querySelector('[name=password]')?.hasAttribute('value')).toBe(false);

    cloud.clearFaults();
    const resumed = await signUp(agent, page, person);
    expect(new URL(resumed.url).pathname).toBe('/verify');
    expect(cloud.inbox(person.email)).toHaveLength(1);
  });
});
