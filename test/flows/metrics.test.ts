/** What functions count is what the alarm and the dashboard of the template read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTED_EVENTS } from '../../functions/environment.ts';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  changePassword,
  createSignedIn,
  type Person,
  resetPassword,
  signIn,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { singleCell } from '../infra/synthesized.ts';
import { countedIn, metricsOfAlarm, metricsOfDashboard } from './counted-events.ts';

const LIMIT = 3;

// Read from the template before any connection is open: synthesis holds up the process.
const OPERATIONS = { app: singleCell, stack: 'Operations-eu' };
const READ_BY_ALARM = metricsOfAlarm(OPERATIONS, 'domicile-sign-in-failures');
const SHOWN = metricsOfDashboard(OPERATIONS).filter((metric) =>
  COUNTED_EVENTS.some((name) => metric.includes(`/${name}/`)),
);

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ parameters: { SignInFailureLimit: String(LIMIT) } });
});
afterAll(() => cloud?.close());

describe('failed sign-ins', () => {
  it('are counted under the names that the alarm adds up, those refused unread included', async () => {
    const { person } = await plantSignedIn(cloud);
    const since = counted().length;
    for (let guess = 0; guess < LIMIT + 2; guess += 1) {
      await tryPassword({ ...person, password: 'a guess of somebody' });
    }
    const failures = () => counted().slice(since);
    await expect.poll(failures).toHaveLength(LIMIT + 2);
    expect([...new Set(failures())].sort()).toEqual(READ_BY_ALARM);
  });

  it('are not those of people who know their password', async () => {
    const { person } = await plantSignedIn(cloud);
    const since = counted().length;
    await tryPassword(person);
    await expect
      .poll(() => counted().slice(since))
      .toEqual(['Domicile/SignInSucceeded/service=interaction']);
  });
});

describe('the dashboard', () => {
  it('shows every event that functions count, and reads none that they do not', async () => {
    const { person, agent } = await createSignedIn(cloud);
    for (let guess = 0; guess <= LIMIT; guess += 1) {
      await tryPassword({ ...person, password: 'a guess of somebody' });
    }
    const recovering = createAgent(cloud.issuer);
    const page = await askRecovery(recovering, person.email);
    const renewed = { ...person, password: 'a wholly new password' };
    failNextMail();
    await resetPassword(cloud, recovering, page, renewed);
    await signIn(agent, await agent.get('/sign-in'), renewed);
    failNextMail();
    await changePassword(agent, renewed.password, 'and yet another one');

    await expect.poll(() => [...new Set(counted())].sort()).toEqual(SHOWN);
    const names = new Set(SHOWN.map((metric) => metric.split('/')[1]));
    expect([...names].sort()).toEqual([...COUNTED_EVENTS].sort());
  });
});

const counted = () => countedIn(cloud);

/** From a browser that has never been here. */
async function tryPassword(person: Person): Promise<void> {
  const agent = createAgent(cloud.issuer);
  await signIn(agent, await agent.get('/sign-in'), person);
}

function failNextMail(): void {
  cloud.clearFaults();
  cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'error', times: 3 });
}
